import { expect, test } from "vitest";
import { groupComponents } from "./component-groups.ts";

const part = (kind: string, slot: string) => ({
  kind,
  slot,
  vendor: null,
  model: null,
  serial: null,
  firmware: null,
  sizeBytes: null,
  speedBitsPerSecond: null,
  address: null,
  interface: null,
  rotational: null,
  partNumber: null,
  parent: null,
  neighbor: null,
});

test("kinds keep the host's order, slots are counted within", () => {
  const groups = groupComponents([
    part("disk", "nvme10"),
    part("memory", "P1"),
    part("disk", "nvme2"),
  ]);
  expect(
    groups.map(({ kind, parts }) => `${kind}: ${parts.map(({ slot }) => slot).join(" ")}`),
  ).toEqual(["disk: nvme2 nvme10", "memory: P1"]);
});

test("a kind that this page does not know keeps its own word", () => {
  const words = groupComponents([part("dimm", "A1"), part("toString", "x")]).map(
    (group) => group.words,
  );
  expect(words).toEqual(["Memory modules", "toString"]);
});
