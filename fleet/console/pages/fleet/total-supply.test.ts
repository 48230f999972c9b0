import { expect, test } from "vitest";
import type { RegionList, Supply } from "#fleet/api/place-schemas.ts";
import { totalSupply } from "./total-supply.ts";

const supply = (hosts: number, watts: number | null, wattsCoverage: number, lost = 0): Supply => ({
  hosts,
  simulated: 0,
  byLink: lost === 0 ? { connected: hosts } : { connected: hosts - lost, lost },
  byLifecycle: { active: hosts },
  byHealth: { ok: hosts },
  watts,
  wattsCoverage,
  cpuUtilization: null,
});

const fleet = (regions: Supply[], unplaced: Supply): RegionList => ({
  items: regions.map((one) => ({ region: "eu", name: "Europe", sites: [], supply: one })),
  unplaced,
  nextCursor: null,
});

test("hosts without a position count too", () => {
  const total = totalSupply(fleet([supply(3, 300, 1), supply(1, 100, 1, 1)], supply(4, null, 0)));
  expect(total).toMatchObject({ hosts: 8, watts: 400, wattsCoverage: 0.5 });
  expect(total.byLink).toEqual({ connected: 7, lost: 1 });
});

test("where no host says its watts there is no sum, not a zero", () => {
  expect(totalSupply(fleet([], supply(0, null, 0)))).toMatchObject({
    watts: null,
    wattsCoverage: 0,
  });
});
