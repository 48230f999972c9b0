import { describe, expect, test } from "vitest";
import {
  currentEstate,
  plainReading,
  rackRecord,
  siteRecord,
} from "#test/support/estate-builders.ts";
import { hostIdOf, hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import { type CurrentEstate, compareEstate } from "./compare-estate.ts";
import { changesText, countChanges } from "./estate-changes.ts";
import { readEstate } from "./read-estate.ts";

const compare = (text: string, current: Partial<CurrentEstate> = {}) =>
  compareEstate("plan.csv", readEstate(text, plainReading), currentEstate(current));
const lines = (...rows: readonly string[]): string => rows.join("\n");
const u = (unit: number): string => `eu/fra2/row-b/rack-07/u${unit}`;
const known: Partial<CurrentEstate> = {
  sites: [siteRecord("fra2")],
  racks: [rackRecord("fra2/row-b/rack-07")],
  hosts: [
    hostRecord(1, { name: "web-1", serial: "SN1", position: positionOf(u(1)), heightUnits: 2 }),
    hostRecord(2, { name: "web-2", serial: "SN2", phase: "planned" }),
    hostRecord(3, { name: "old-3", serial: "SN3", phase: "retired" }),
  ],
};

test("a first file makes sites, racks as high as needed, and planned hosts", () => {
  const { changes, problems, unchanged } = compare(
    lines("name,serial,position,height_units", `web-1,SN1,${u(43)},2`, "web-2,SN2,,"),
  );
  expect(problems).toEqual([]);
  expect(unchanged).toBe(0);
  expect(changes.sites.map(({ record }) => record)).toMatchObject([
    { code: "fra2", region: "eu", timeZone: "Europe/Berlin", cell: "test" },
  ]);
  expect(changes.racks.map(({ record }) => record.heightUnits)).toEqual([45]);
  expect(changes.hosts).toMatchObject([
    { at: "line 2", id: null, expectedRevision: null, facts: { name: "web-1", serial: "SN1" } },
    { at: "line 3", facts: { position: null } },
  ]);
});

test("what a file does not say stays, and what it does not name is not touched", () => {
  const { changes, problems } = compare(lines("name,tags", "web-1,canary"), known);
  expect(problems).toEqual([]);
  expect(changes.hosts).toMatchObject([
    {
      id: hostIdOf(1),
      expectedRevision: 1,
      facts: { serial: "SN1", position: positionOf(u(1)), heightUnits: 2 },
      fields: [{ field: "tags", from: null, to: "canary" }],
    },
  ]);
  expect(countChanges(changes)).toBe(1);
});

test("one line changes the windows of a site or the feeds of a rack", () => {
  const site = compare("site,time_zone,windows_local\nfra2,,sun 02:00-06:00", known);
  expect(site.changes.sites[0]?.fields).toEqual([
    { field: "windows_local", from: null, to: "sun 02:00-06:00" },
  ]);
  const rack = compare("site,row,rack,feeds_watts\nfra2,b,07,A=7200", known);
  expect(rack.changes.racks[0]?.fields).toEqual([
    { field: "feeds_watts", from: null, to: "A=7200" },
  ]);
  expect([...site.problems, ...rack.problems]).toEqual([]);
});

describe("a mistake is refused:", () => {
  test.each([
    ["units that another host fills", `a,SA,${u(2)},,`, "unit-overlap"],
    ["a serial that another host has", "a,sn1,,,", "serial-taken"],
    ["another serial for a host that runs", "web-1,SN9,,,", "serial-differs"],
    ["a phase that no file gives", "a,SA,,,active", "phase-not-importable"],
    ["a phase that the host is not in", "web-1,,,,drained", "phase-not-importable"],
    ["a retired host that would change", `old-3,,${u(9)},,`, "host-retired"],
    ["a site that lies elsewhere", "a,SA,na/fra2/row-b/rack-07/u9,,", "site-elsewhere"],
    ["a host above its rack", `a,SA,${u(42)},2,`, "rack-too-low"],
  ])("%s", (_, row, code) => {
    const text = lines("name,serial,position,height_units,phase", row);
    expect(compare(text, known).problems.map((problem) => problem.code)).toEqual([code]);
  });

  test("two rows of the file that want the same", () => {
    const { problems } = compare(
      lines(
        "name,serial,position,bmc_mac",
        `a,SA,${u(10)},00:25:90:00:00:01`,
        `b,sa,${u(11)},00:25:90:00:00:02`,
        `c,SC,${u(10)},00:25:90:00:00:03`,
        `d,SD,${u(12)},00:25:90:00:00:01`,
        `a,SE,${u(13)},`,
      ),
    );
    expect(problems.map(({ at, code }) => [at, code])).toEqual([
      ["line 3", "serial-twice"],
      ["line 4", "unit-overlap"],
      ["line 5", "mac-twice"],
      ["line 6", "name-twice"],
    ]);
    expect(problems[1]?.words).toBe(
      "c at u10 of fra2/row-b/rack-07 stands where a (line 2) is, u10",
    );
  });

  test("an id that nobody has, and the name of another host", () => {
    const text = lines("id,name", `${hostIdOf(99)},x`, `${hostIdOf(2)},web-1`);
    expect(compare(text, known).problems.map(({ code }) => code)).toEqual([
      "id-unknown",
      "name-taken",
    ]);
  });

  test("a feed that must carry more than it may, when the other one fails", () => {
    const current = {
      ...known,
      racks: [
        rackRecord("fra2/row-b/rack-07", {
          feeds: [
            { name: "A", budgetWatts: 1_000, upstream: null },
            { name: "B", budgetWatts: 2_000, upstream: null },
          ],
        }),
      ],
      wattsOf: (id: string) => (id === hostIdOf(1) ? 400 : null),
    };
    const { problems } = compare(
      lines("name,position,nameplate_watts", `web-2,${u(5)},750`),
      current,
    );
    expect(problems).toMatchObject([
      {
        code: "feed-over-budget",
        at: "line 2",
        words:
          "the 2 of 2 hosts of fra2/row-b/rack-07 that say draw 1150 W, and feed A carries 1000 W alone",
      },
    ]);
    expect(compare(lines("name,tags", "web-2,x"), current).problems).toEqual([]);
  });

  test("a rack that would be lower than its hosts", () => {
    expect(compare("site,row,rack,height_units\nfra2,b,07,1", known).problems).toMatchObject([
      { code: "rack-too-low", at: "line 2", column: "height_units" },
    ]);
  });

  test("a unit shared by front and back", () => {
    const text = lines(
      "Name,Status,Site,Location,Rack,Position (U),Rack face,Serial number",
      "a,Active,fra2,b,07,9.0,Front,SA",
      "b,Active,fra2,b,07,9.0,Rear,SB",
    );
    expect(compare(text, known).problems.map(({ code, at }) => [code, at])).toEqual([
      ["half-depth", "line 3"],
    ]);
  });

  test("a site whose airport nobody knows, without its region", () => {
    const text = lines(
      "Name,Status,Site,Location,Rack,Position (U),Serial number",
      "a,Active,xqz1,b,07,9.0,SA",
    );
    expect(compare(text).problems).toMatchObject([{ code: "region-unknown", at: "line 2" }]);
  });
});

test("a planned host may get its serial, another class and another name", () => {
  const text = lines("id,name,serial,class", `${hostIdOf(2)},db-2,SN22,w1`);
  const { changes, problems } = compare(text, known);
  expect(problems).toEqual([]);
  expect(changes.hosts[0]?.fields.map(({ field }) => field)).toEqual(["name", "serial", "class"]);
});

test("two hosts may change places in one file", () => {
  const current = {
    ...known,
    hosts: [
      hostRecord(1, { name: "a", position: positionOf(u(1)) }),
      hostRecord(2, { name: "b", position: positionOf(u(2)) }),
    ],
  };
  const text = lines("name,position", `a,${u(2)}`, `b,${u(1)}`);
  expect(compare(text, current).problems).toEqual([]);
});

test("the same changes read the same whatever was counted meanwhile", () => {
  const text = lines("name,tags", "web-1,canary");
  const later = known.hosts?.map((host) => ({ ...host, revision: host.revision + 7 })) ?? [];
  expect(changesText(compare(text, known).changes)).toBe(
    changesText(compare(text, { ...known, hosts: later }).changes),
  );
});

test("5,000 hosts against 5,000 are compared well under a second of CPU", () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => {
    const rack = `eu/fra2/row-${Math.floor(index / 400)}/rack-${Math.floor(index / 40)}`;
    return `host-${index + 1},SN-${index},${rack}/u${(index % 40) + 1},canary,750`;
  });
  const text = lines("name,serial,position,tags,nameplate_watts", ...rows);
  const hosts = Array.from({ length: 5_000 }, (_, index) => hostRecord(index + 1));
  const begin = process.threadCpuUsage();
  const { changes, problems } = compare(text, { ...known, hosts });
  const used = process.threadCpuUsage(begin);
  expect(problems).toEqual([]);
  expect(changes.hosts).toHaveLength(5_000);
  expect((used.user + used.system) / 1_000).toBeLessThan(900);
});
