import { expect, test } from "vitest";
import { parsePosition } from "#proto/vocabulary/position.ts";
import { demoHostsMax, planDemo } from "./demo-plan.ts";

function racksOf(count: number): Map<string, number> {
  const racks = new Map<string, number>();
  for (const { position } of planDemo(count)) {
    const rack = position.slice(0, position.lastIndexOf("/"));
    racks.set(rack, (racks.get(rack) ?? 0) + 1);
  }
  return racks;
}

test("480 hosts fill 24 racks of six sites in three regions with 20 hosts each", () => {
  const racks = racksOf(480);
  expect(racks.size).toBe(24);
  expect([...racks.values()]).toEqual(Array.from({ length: 24 }, () => 20));
  const sites = new Set([...racks.keys()].map((rack) => rack.split("/").slice(0, 2).join("/")));
  expect([...sites].sort()).toEqual([
    "ea/icn1",
    "ea/nrt1",
    "eu/ams1",
    "eu/fra2",
    "na/iad1",
    "na/sea1",
  ]);
});

test.each([1, 7, 480, 961, demoHostsMax])(
  "%i hosts have names and positions that are valid and their own",
  (count) => {
    const hosts = planDemo(count);
    expect(new Set(hosts.map((host) => host.name)).size).toBe(count);
    expect(new Set(hosts.map((host) => host.position)).size).toBe(count);
    for (const { name, position } of hosts) {
      expect(parsePosition(position)).toMatchObject({ ok: true });
      expect(name).toMatch(/^[a-z0-9-]{1,63}$/);
    }
  },
);

test("a smaller estate is a part of a larger one, up to 960 hosts", () => {
  const larger = planDemo(960);
  expect(planDemo(480)).toEqual(larger.slice(0, 480));
});
