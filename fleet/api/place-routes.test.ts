import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf, positionOf } from "#test/support/inventory-builders.ts";
import type { RackDetail, RegionList, SiteList } from "./place-schemas.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  const places = [
    "eu/fra2/row-b/rack-07/u12",
    "eu/fra2/row-b/rack-07/u40",
    "eu/ams1/row-a/rack-01/u01",
    "na/iad1/row-a/rack-02/u03",
  ];
  for (const [index, place] of places.entries()) {
    const id = await world.addHost(index + 1, {
      position: positionOf(place),
      simulated: index === 3,
    });
    if (index === 1) continue;
    await world.measure(id, [
      { metric: "hw.host.power", values: [100 * (index + 1)] },
      { metric: "system.cpu.utilization", values: [0.1 * (index + 1)] },
    ]);
  }
  await world.addHost(9);
  world.setLink(hostIdOf(3), { state: "lost" });
});
afterEach(() => world.close());

test("regions add up their sites, and hosts without a place stand apart", async () => {
  const { body } = await world.get("/api/v1/regions");
  const regions = body as RegionList;
  expect(
    regions.items.map(({ region, sites }) => [region, sites.map((site) => site.code)]),
  ).toEqual([
    ["na", ["iad1"]],
    ["eu", ["ams1", "fra2"]],
    ["ea", []],
  ]);
  expect(regions.items[1]?.supply).toEqual({
    hosts: 3,
    simulated: 0,
    byLink: { connected: 2, lost: 1 },
    byLifecycle: { active: 3 },
    byHealth: { ok: 1, unknown: 2 },
    watts: 100,
    wattsCoverage: 1 / 3,
    cpuUtilization: 0.1,
  });
  expect(regions.items[2]?.supply).toMatchObject({ hosts: 0, watts: null, cpuUtilization: null });
  expect(regions.unplaced.hosts).toBe(1);
});

test("sites know their zone and their racks", async () => {
  const { body } = await world.get("/api/v1/sites");
  expect(
    (body as SiteList).items.map(({ code, timeZone, racks }) => [code, timeZone, racks]),
  ).toEqual([
    ["ams1", "Europe/Amsterdam", 1],
    ["fra2", "Europe/Berlin", 1],
    ["iad1", "America/New_York", 1],
  ]);
});

test("racks can be asked for by site", async () => {
  const { body } = await world.get("/api/v1/racks?site=fra2");
  expect(body).toMatchObject({ items: [{ id: "fra2~row-b~rack-07", supply: { hosts: 2 } }] });
});

test("a rack holds its hosts from the top down", async () => {
  const { body } = await world.get("/api/v1/racks/fra2~row-b~rack-07");
  const rack = body as RackDetail;
  expect(rack.slots.map(({ unit, host }) => [unit, host.name])).toEqual([
    [40, "host-2"],
    [12, "host-1"],
  ]);
  expect(await world.get("/api/v1/racks/fra2~row-b~rack-08")).toMatchObject({
    status: 404,
    body: { code: "rack-unknown", hint: "did you mean fra2~row-b~rack-07?" },
  });
});

test("its picture is SVG that may do nothing but be looked at", async () => {
  const answer = await world.api.inject({
    url: "/api/v1/racks/fra2~row-b~rack-07/elevation.svg?value=watts",
    headers: asToken(world.token),
  });
  expect(answer.headers["content-type"]).toBe("image/svg+xml");
  expect(answer.headers["content-security-policy"]).toBe(
    "default-src 'none'; style-src 'unsafe-inline'",
  );
  expect(answer.body).toContain(">100 W</text>");
  expect(answer.body).toContain(">not seen</text>");
});
