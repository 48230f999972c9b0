import { expect, test } from "vitest";
import type { Rack } from "#fleet/api/place-schemas.ts";
import { groupRows } from "./row-groups.ts";

function rack(site: string, row: string, name: string): Rack {
  const none = { hosts: 0, simulated: 0, byLink: {}, byLifecycle: {}, byHealth: {} };
  return {
    id: `${site}~${row}~${name}`,
    region: "eu",
    site,
    row,
    rack: name,
    heightUnits: 42,
    supply: { ...none, watts: null, wattsCoverage: 0, cpuUtilization: null },
  };
}

test("racks stand by site and row, rack-9 before rack-10", () => {
  const racks = [
    rack("iad1", "row-a", "rack-10"),
    rack("fra2", "row-b", "rack-01"),
    rack("iad1", "row-a", "rack-9"),
    rack("fra2", "row-a", "rack-02"),
  ];
  const found = groupRows(racks).map(({ site, rows }) => [
    site,
    rows.map(({ row, racks: inRow }) => `${row}: ${inRow.map((one) => one.rack).join(" ")}`),
  ]);
  expect(found).toEqual([
    ["fra2", ["row-a: rack-02", "row-b: rack-01"]],
    ["iad1", ["row-a: rack-9 rack-10"]],
  ]);
});
