import { expect, test } from "vitest";
import { raidTexts } from "#test/support/raid-texts.ts";
import { parseLvs } from "./lvm.ts";
import { judgeMdArray, parseMdstat } from "./mdraid.ts";
import { parseMultipath } from "./multipath.ts";
import { parseMegacliDisks } from "./raid-megacli.ts";
import { parseSasIrcu } from "./raid-sas-ircu.ts";
import { parseSsacli } from "./raid-ssacli.ts";
import { parseStorcli } from "./raid-storcli.ts";

const readMdstat = (text: string) =>
  parseMdstat(text).map((array) => ({ array, health: judgeMdArray(array) }));

test("storcli: a degraded array, its missing member, a rebuilding and a bad drive", () => {
  const first = parseStorcli(raidTexts.storcli);
  const second = parseStorcli(raidTexts.storcliDrives);
  expect(first).toMatchObject({
    value: {
      controllers: [
        {
          isOptimal: false,
          battery: "ok",
          pciAddress: "0000:65:00.0",
          temperatureCelsius: 61,
          correctableMemoryErrors: 2,
          arrays: [
            {
              name: "data",
              isDegraded: true,
              members: { active: 1, rebuilding: 1, failed: 0, spare: 0, missing: 1 },
            },
          ],
          disks: [{ condition: "active" }, { condition: "rebuilding" }, { condition: "failed" }],
        },
      ],
    },
  });
  expect(second).toMatchObject({
    value: {
      controllers: [
        {
          disks: [
            {
              serial: "PDTEST01",
              mediaErrors: 3,
              predictiveFailures: 1,
              isSmartAlert: true,
              temperatureCelsius: 33,
              wwn: "5000cca04e13ad17",
            },
          ],
        },
      ],
    },
  });
});

test("sas2ircu: a member whose slot is gone is missing; an enclosure is no drive", () => {
  expect(parseSasIrcu(raidTexts.ircu)).toMatchObject({
    value: {
      controllers: [
        {
          pciAddress: "0000:05:00.0",
          arrays: [{ isDegraded: true, members: { active: 1, missing: 1 } }],
          disks: [{ slot: "1:0", serial: "PDTEST02", vendor: null }],
        },
      ],
    },
  });
});

test("MegaCli: the inquiry is cut by width", () => {
  expect(parseMegacliDisks(raidTexts.megacli)).toMatchObject({
    value: {
      controllers: [
        {
          disks: [
            {
              slot: "32:0",
              vendor: "TEST",
              model: "TESTMODEL1200",
              firmware: "U5E0",
              serial: "PDTEST03",
              condition: "failed",
              isSmartAlert: true,
            },
          ],
        },
      ],
    },
  });
});

test("ssacli: the state of each drive and volume stands below its own heading", () => {
  expect(parseSsacli(raidTexts.ssacli)).toMatchObject({
    value: {
      controllers: [
        {
          model: "Smart Array P440ar",
          serial: "PDTEST0000",
          battery: "failed",
          pciAddress: "0000:03:00.0",
          temperatureCelsius: 52,
          arrays: [
            {
              level: "RAID1",
              isDegraded: true,
              syncDone: 0.45,
              members: { active: 1, rebuilding: 1 },
            },
          ],
          disks: [
            { slot: "1I:1:1", vendor: "HP", model: "EG0300TEST", condition: "active" },
            { slot: "1I:1:2", condition: "rebuilding" },
            { slot: "1I:1:3", condition: "unconfigured", isSmartAlert: true, isRotational: false },
          ],
        },
      ],
    },
  });
});

test("mdstat: a member being rebuilt does not work yet, and raid0 has nothing to lose", () => {
  expect(readMdstat(raidTexts.mdstat)).toMatchObject([
    {
      array: { name: "md0", level: "raid1", sync: { kind: "recovery", done: 0.126 } },
      health: { isDegraded: true, active: 1, rebuilding: 1, missing: 0 },
    },
    {
      array: { name: "md1", sync: { kind: "resync", done: null } },
      health: { isDegraded: true, active: 3, failed: 1, spare: 1, missing: 0 },
    },
    { array: { name: "md127", isActive: false }, health: { isDegraded: true } },
    { array: { name: "md2", slots: null }, health: { isDegraded: null, active: 2 } },
  ]);
});

test("lvs: a partial mirror is degraded, one that is in sync is not, a plain volume is left out", () => {
  expect(parseLvs(raidTexts.lvs)).toMatchObject({
    value: [
      { name: "vg0/root", isDegraded: true, syncDone: 1 },
      { name: "vg0/var", isDegraded: false, syncDone: expect.closeTo(0.432) },
    ],
  });
});

test("multipath: paths by what the device mapper thinks of them", () => {
  expect(parseMultipath(raidTexts.multipath)).toEqual([
    { id: "3600508b1001c1234", name: "mpatha", active: 1, failed: 2 },
    { id: "3600508b1001c9999", name: "3600508b1001c9999", active: 1, failed: 0 },
  ]);
});

test.each(["", "\0\0\0", "{", "[]", "null", '{"Controllers":[[],null,7]}'])(
  "a text of nothing gives nothing: %j",
  (text) => {
    const parsers: readonly ((input: string) => unknown)[] = [
      parseStorcli,
      parseSasIrcu,
      parseMegacliDisks,
      parseSsacli,
      readMdstat,
      parseLvs,
      parseMultipath,
    ];
    for (const parse of parsers) expect(() => parse(text), parse.name).not.toThrow();
  },
);
