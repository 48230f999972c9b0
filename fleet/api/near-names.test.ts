import { expect, test } from "vitest";
import { nearestNames } from "./near-names.ts";

const names = ["web-1", "web-2", "web-10", "database-1", "system.cpu.utilization"];

test.each([
  ["wbe-1", ["web-1"]],
  ["web", ["web-1", "web-10", "web-2"]],
  ["WEB-2", ["web-2", "web-1", "web-10"]],
  ["datbase-1", ["database-1"]],
  ["system.cpu.utilisation", ["system.cpu.utilization"]],
  ["zebra", []],
  ["", []],
])("%j is near %j", (wanted, near) => {
  expect(nearestNames(wanted, names)).toEqual(near);
});

test("a very long name costs no more than 64 characters of it", () => {
  expect(nearestNames("x".repeat(1_000_000), names)).toEqual([]);
});
