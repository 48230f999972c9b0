import { expect, test } from "vitest";
import { arbitraryEstate, currentEstate, plainReading } from "#test/support/estate-builders.ts";
import { hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import { fc } from "#test/support/properties.ts";
import { compareEstate } from "./compare-estate.ts";
import { countChanges } from "./estate-changes.ts";
import { readEstate } from "./read-estate.ts";
import { writeEstateCsv, writeEstateJson, writeNetboxCsv } from "./write-estate.ts";

const compare = (text: string, estate: Parameters<typeof writeEstateJson>[0]) =>
  compareEstate("export", readEstate(text, plainReading), currentEstate(estate));

test("what was written and is read again changes nothing", () => {
  fc.assert(
    fc.property(arbitraryEstate, (estate) => {
      const texts = [
        writeEstateJson(estate),
        writeEstateCsv("sites", estate),
        writeEstateCsv("racks", estate),
        writeEstateCsv("hosts", estate),
      ];
      for (const text of texts) {
        const { changes, problems, unchanged } = compare(text, estate);
        expect(problems).toEqual([]);
        expect(countChanges(changes)).toBe(0);
        expect(unchanged).toBeGreaterThanOrEqual(text.includes("\r\n1") ? 1 : 0);
      }
    }),
    { numRuns: 200 },
  );
});

test("an empty inventory filled from an export is written the same", () => {
  fc.assert(
    fc.property(arbitraryEstate, (estate) => {
      const planned = {
        ...estate,
        hosts: estate.hosts.map((host) => ({ ...host, phase: "planned" as const })),
      };
      const json = writeEstateJson(planned).replaceAll(/^ {3}"id": .*\n/gm, "");
      const { changes, problems } = compare(json, { sites: [], racks: [], hosts: [] });
      expect(problems).toEqual([]);
      const filled = {
        sites: changes.sites.map(({ record }) => record),
        racks: changes.racks.map(({ record }) => record),
        hosts: changes.hosts.map(({ facts }) =>
          hostRecord(Number(facts.name.slice(5)), { ...facts, phase: "planned" }),
        ),
      };
      expect(writeEstateJson(filled)).toBe(writeEstateJson(planned));
    }),
    { numRuns: 100 },
  );
});

test("the order of the records makes no difference", () => {
  fc.assert(
    fc.property(arbitraryEstate, ({ sites, racks, hosts }) => {
      const turned = { sites, racks: [...racks].reverse(), hosts: [...hosts].reverse() };
      expect(writeEstateCsv("hosts", turned)).toBe(
        writeEstateCsv("hosts", { sites, racks, hosts }),
      );
      expect(writeEstateJson(turned)).toBe(writeEstateJson({ sites, racks, hosts }));
    }),
    { numRuns: 50 },
  );
});

test("a cell that a spreadsheet would take for a formula is made text", () => {
  const hosts = [hostRecord(1, { switchPort: '=HYPERLINK("http://x")', serial: "-1+1" })];
  const text = writeEstateCsv("hosts", { sites: [], racks: [], hosts });
  expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(text).toContain(",'-1+1,");
});

test("what NetBox takes is read as the same place and name", () => {
  const hosts = [
    hostRecord(1, {
      position: positionOf("eu/fra2/row-b/rack-07/u12"),
      serial: "SN1",
      tags: ["canary", "gpu"],
    }),
  ];
  const racks = [
    {
      id: "fra2/row-b/rack-07",
      region: "eu" as const,
      site: "fra2",
      row: "row-b",
      rack: "rack-07",
      heightUnits: 48,
      feeds: [],
    },
  ];
  expect(writeNetboxCsv("hosts", { sites: [], racks, hosts })).toMatchInlineSnapshot(`
    "name,role,manufacturer,device_type,serial,status,site,location,rack,position,face,tags
    host-1,server,generic,unknown,SN1,active,fra2,row-b,rack-07,12,front,"canary,gpu"
    "
  `);
  const read = (which: "hosts" | "racks") =>
    readEstate(writeNetboxCsv(which, { sites: [], racks, hosts }), {
      ...plainReading,
      format: "netbox",
    });
  expect(read("hosts").estate.hosts).toMatchObject([
    {
      name: "host-1",
      serial: "SN1",
      place: { site: "fra2", row: "row-b", rack: "rack-07", unit: 12 },
      tags: ["canary", "gpu"],
    },
  ]);
  expect(read("racks").estate.racks).toMatchObject([{ rack: "rack-07", heightUnits: 48 }]);
});
