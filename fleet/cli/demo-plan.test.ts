import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePosition } from "#proto/vocabulary/position.ts";
import { readDemoEstate } from "./demo-estate.ts";
import { demoHostsMax, planDemo } from "./demo-plan.ts";

const fixtures = join(import.meta.dirname, "../../hardware-fixtures");
const file = join(fixtures, "sites/demo.json");
const estate = readDemoEstate(file);

function racksOf(count: number): Map<string, number> {
  const racks = new Map<string, number>();
  for (const { position } of planDemo(estate, count)) {
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

test("every rack holds its hosts: none above the top, none inside another", () => {
  for (const { site, racks } of estate.sites)
    for (const { rack, heightUnits, hosts } of racks) {
      const taken = hosts.flatMap((kind) =>
        Array.from(
          { length: kind.count },
          (_, index) => kind.firstUnit + index * kind.everyUnits,
        ).flatMap((unit) => Array.from({ length: kind.heightUnits }, (_, up) => unit + up)),
      );
      expect(new Set(taken).size, `${site} ${rack}`).toBe(taken.length);
      expect(Math.max(...taken), `${site} ${rack}`).toBeLessThanOrEqual(heightUnits);
    }
});

test("every host replays a recording that is there, and several kinds are among them", () => {
  const names = new Set(planDemo(estate, 480).map(({ fixture }) => fixture));
  for (const name of names) expect(existsSync(join(fixtures, "hosts", name)), name).toBe(true);
  expect(names.size).toBeGreaterThanOrEqual(4);
});

test.each([1, 7, 480, 961, demoHostsMax])(
  "%i hosts have names and positions that are valid and their own",
  (count) => {
    const hosts = planDemo(estate, count);
    expect(hosts).toHaveLength(count);
    expect(new Set(hosts.map((host) => host.name)).size).toBe(count);
    expect(new Set(hosts.map((host) => host.position)).size).toBe(count);
    for (const { name, position } of hosts) {
      expect(parsePosition(position)).toMatchObject({ ok: true });
      expect(name).toMatch(/^[a-z0-9-]{1,63}$/);
    }
  },
);

test("a smaller estate is a part of a larger one", () => {
  const larger = planDemo(estate, 2_000);
  for (const count of [12, 480, 700])
    expect(planDemo(estate, count)).toEqual(larger.slice(0, count));
});

test.each([
  ['"format": 1', '"format": 2', "format is not 1"],
  ['"row": "row-a"', '"row": 7', "row of racks[0] is no text"],
  ['"count": 20', '"count": 0', "count of hosts[0] is no whole number from 1"],
])("an estate with %s as %s is refused, naming what is wrong", (whole, cut, named) => {
  const folder = mkdtempSync(join(tmpdir(), "wws-demo-estate-"));
  try {
    const broken = join(folder, "demo.json");
    writeFileSync(broken, readFileSync(file, "utf8").replace(whole, cut));
    expect(() => readDemoEstate(broken)).toThrow(named);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
