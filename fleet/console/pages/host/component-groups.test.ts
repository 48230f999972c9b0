import { expect, test } from "vitest";
import { unknownComponent } from "#proto/messages/state.ts";
import { groupComponents } from "./component-groups.ts";

const part = (kind: string, slot: string) => ({ ...unknownComponent, kind, slot });

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
