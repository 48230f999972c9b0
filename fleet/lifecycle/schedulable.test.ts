import { expect, test } from "vitest";
import { drainOperation } from "#test/support/drain-builders.ts";
import { holdIdOf } from "#test/support/life-builders.ts";
import { someHost } from "#test/support/life-world.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { HostFacts } from "./decision.ts";
import { cordonFor } from "./drain-cordon.ts";
import { whyNotSchedulable } from "./schedulable.ts";

const drain = drainOperation({});
const cordon = cordonFor(drain, holdIdOf(1), unixMs(virtualStartMs));
const world = { link: "connected", data: "tainted", nowMs: virtualStartMs } as const;
const commandOf = (facts: Omit<HostFacts, "holds" | "leases">): string | null | undefined =>
  whyNotSchedulable({ ...facts, holds: [cordon], leases: [] }, world).find(
    ({ code }) => code === "hold",
  )?.command;

test("the cordon of a drain names what ends it as things are: cancel, return, and only then release", () => {
  expect(commandOf({ host: someHost(), operation: drain })).toBe(
    `wws-fleet op cancel ${drain.id} --reason REASON`,
  );
  expect(commandOf({ host: someHost({ phase: "drained" }), operation: null })).toBe(
    "wws-fleet host return host-1 --reason REASON",
  );
  expect(commandOf({ host: someHost(), operation: null })).toBe(
    `wws-fleet hold release ${cordon.id} --reason REASON`,
  );
});
