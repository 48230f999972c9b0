import { expect, test } from "vitest";
import { driveTexts } from "#test/support/drive-texts.ts";
import { fc } from "#test/support/properties.ts";
import { parseNvmeSmartLog } from "./nvme-smart-log.ts";
import { parseSmartctl } from "./smartctl.ts";
import { parseSmartctlScan } from "./smartctl-scan.ts";
import { parseSmartctlText } from "./smartctl-text.ts";

const { sata, nvme, sas, asleep } = driveTexts.smartctl;

test("packed raw values are read as smartctl renders them", () => {
  expect(read(sata)).toMatchObject({
    reallocated: 8,
    pending: 16,
    commandTimeout: 4,
    temperatureCelsius: 31,
    powerOnHours: 34013,
    percentageUsed: 3,
    wearSource: "device statistics",
    selfTest: { passed: false, status: "Completed: read failure" },
  });
});

test("without smartctl's own hours the attribute's rendering is read, and a bare packed number is not", () => {
  const without = JSON.parse(sata);
  delete without.power_on_time;
  expect(read(JSON.stringify(without)).powerOnHours).toBe(34013);
  without.ata_smart_attributes.table[1].raw = { value: 115594749838557, string: "115594749838557" };
  const facts = read(JSON.stringify(without));
  expect(facts.powerOnHours).toBeNull();
  expect(facts.implausible).toEqual([{ what: "attribute 9", text: "115594749838557" }]);
});

test("a count that no double holds is told as text and is no number", () => {
  const facts = read(nvme);
  expect(facts).toMatchObject({ mediaErrors: null, percentageUsed: 101, criticalWarning: 4 });
  expect(facts.implausible).toEqual([{ what: "media_errors", text: "18446744073709551615" }]);
});

test("a SAS drive that says 0 °C with 0 °C as its limit has no temperature there", () => {
  expect(read(sas)).toMatchObject({
    temperatureCelsius: 33,
    passed: false,
    grownDefects: 12,
    uncorrectedErrors: 1,
    wwn: "5000c500a1b2c3d4",
    selfTest: { passed: true },
  });
  const without = JSON.parse(sas);
  delete without.scsi_environmental_reports;
  expect(read(JSON.stringify(without)).temperatureCelsius).toBeNull();
});

test("a drive in standby is asleep, not failed", () => {
  expect(read(asleep)).toMatchObject({
    standby: true,
    passed: null,
    exit: { status: 2, noData: true },
  });
});

test.each(["STANDBY_Y", "SLEEP", "STANDBY BY COMMAND"])("%s is sleep too", (mode) => {
  expect(read(asleep.replace("STANDBY", mode)).standby).toBe(true);
});

test("a drive that sleeps may be told in words alone", () => {
  const words = "smartctl 7.2 2020-12-30 r5155\n\nDevice is in STANDBY mode, exit(2)\n";
  expect(parseSmartctl(words, 2)).toMatchObject({
    ok: true,
    value: { standby: true, tool: { version: "7.2" }, exit: { status: 2 } },
  });
});

test("a SAS self-test is judged by its words where it has no code", () => {
  const test = (string: string) =>
    read(JSON.stringify({ scsi_self_test_0: { result: { string } } }));
  expect(test("Completed").selfTest?.passed).toBe(true);
  expect(test("Completed, segment failed").selfTest?.passed).toBe(false);
  expect(test("Self test in progress ...").selfTest).toBeNull();
});

test("the broken JSON of an old smartctl is told with its version", () => {
  const broken = sas.replace('"scsi_grown_defect_list"', 'Pending defect count:0 "scsi_grown"');
  expect(parseSmartctl(broken)).toEqual({
    ok: false,
    problem: { version: "7.1", detail: "no valid JSON from smartctl 7.1" },
  });
});

test("lines of noise before the JSON are left out", () => {
  expect(read(`Permission warning\n/dev/sda: note\n${sata}`).serial).toBe("TEST0001");
});

test("wrong types, wrapped numbers and foreign names give nothing rather than something wrong", () => {
  const odd = JSON.stringify({
    smartctl: { version: "7", exit_status: -1, messages: "none" },
    device: [],
    temperature: { current: "infinite" },
    power_on_time: { hours: -3 },
    smart_status: { passed: "yes" },
    ata_smart_attributes: {
      table: [
        { id: 197, name: "Not_In_Use", value: 100, thresh: 0, raw: { value: 5, string: "5" } },
        { id: 5, name: "Reallocated_Sector_Ct", raw: { value: 4294967295, string: "4294967295" } },
        { id: "5", name: null },
        null,
      ],
    },
  });
  expect(read(odd)).toMatchObject({
    exit: { status: null, failing: false },
    device: { name: null },
    temperatureCelsius: null,
    powerOnHours: null,
    passed: null,
    pending: null,
    reallocated: null,
  });
});

test.each([
  ["Phison Driven SSDs", 231, "SSD_Life_Left", 100, "74", 26],
  ["Samsung based SSDs", 177, "Wear_Leveling_Count", 81, "278", 19],
  ["Silicon Motion based SSDs", 177, "Wear_Leveling_Count", 100, "401", null],
  ["Micron 5100 Pro / 52x0 / 5300 SSDs", 202, "Percent_Lifetime_Remain", 97, "3", 3],
  ["Samsung based SSDs", 202, "Exception_Mode_Status", 100, "0", null],
  ["Intel S4510/S4610/S4500/S4600 Series SSDs", 233, "Media_Wearout_Indicator", 55, "0", 45],
  ["Phison Driven SSDs", 233, "Flash_Writes_GiB", 100, "979", null],
  [null, 202, "Unknown_SSD_Attribute", 100, "432", null],
])("wear of %s by attribute %i %s", (family, id, name, value, string, used) => {
  const table = [{ id, name, value, thresh: 0, raw: { value: 0, string } }];
  const text = JSON.stringify({ model_family: family, ata_smart_attributes: { table } });
  expect(read(text).percentageUsed).toBe(used);
});

test("a raw value in hexadecimal, or below nought, is no count", () => {
  const table = ["0x0000000012", "-1"].map((string) => ({
    id: 5,
    name: "Reallocated_Sector_Ct",
    raw: { value: 0, string },
  }));
  for (const row of table)
    expect(read(JSON.stringify({ ata_smart_attributes: { table: [row] } })).reallocated).toBeNull();
});

test("whatever stands in the fields, numbers lie within physics and nothing throws", () => {
  const odd = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string(),
    fc.constant(null),
    fc.object(),
  );
  const write = (value: unknown): string =>
    JSON.stringify(value, (_key, held) => (typeof held === "bigint" ? `n${held}n` : held)).replace(
      /"n(-?\d+)n"/g,
      "$1",
    );
  fc.assert(
    fc.property(odd, odd, odd, odd, (a, b, c, d) => {
      const facts = parseSmartctl(
        write({
          smartctl: { exit_status: a, version: b, messages: c },
          temperature: { current: a, drive_trip: d },
          power_on_time: { hours: b },
          nvme_smart_health_information_log: {
            percentage_used: c,
            available_spare: d,
            media_errors: a,
          },
          user_capacity: { bytes: b },
          rotation_rate: c,
          scsi_grown_defect_list: d,
        }),
      );
      if (!facts.ok) return;
      const { temperatureCelsius, powerOnHours, percentageUsed, spare, mediaErrors } = facts.value;
      for (const [value, max] of [
        [temperatureCelsius === null ? null : Math.abs(temperatureCelsius), 120],
        [powerOnHours, 500_000],
        [percentageUsed, 255],
        [spare, 100],
        [mediaErrors, Number.MAX_SAFE_INTEGER],
      ] as const)
        expect(value === null || (value >= 0 && value <= max)).toBe(true);
    }),
  );
});

test("an aborted self-test does not hide the failed one before it", () => {
  const facts = JSON.parse(sata);
  facts.ata_smart_self_test_log.standard.table.unshift({
    type: { string: "Short offline" },
    status: { value: 16, string: "Aborted by host" },
  });
  expect(read(JSON.stringify(facts)).selfTest).toMatchObject({ passed: false });
});

test("a scan tells ways apart by type, and takes no name that could be an option", () => {
  const scanned = parseSmartctlScan(
    JSON.stringify({
      devices: [
        { name: "/dev/bus/0", type: "megaraid,0" },
        { name: "/dev/bus/0", type: "megaraid,1" },
        { name: "/dev/bus/0", type: "megaraid,1" },
        { name: "--log=x", type: "sat" },
        { name: "/dev/../etc/shadow", type: "sat" },
        { name: "/dev/sda", type: "-T permissive" },
        7,
      ],
    }),
  );
  expect(scanned.ok && scanned.value.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "/dev/bus/0 megaraid,0",
    "/dev/bus/0 megaraid,1",
  ]);
});

test("the text output is read with the separators of its locale", () => {
  const [first, second] = parseSmartctlText(driveTexts.text);
  expect(first).toMatchObject({
    device: { name: "/dev/sda", type: "megaraid,2" },
    capacityBytes: 4_000_787_030_016,
    passed: false,
    attributesFailingNow: ["5 Reallocated_Sector_Ct"],
    powerOnHours: 65592,
    temperatureCelsius: 40,
    selfTest: { passed: false },
  });
  expect(second).toMatchObject({
    serial: "TESTS002",
    passed: false,
    temperatureCelsius: 31,
    powerOnHours: 22364,
    grownDefects: 3,
    uncorrectedErrors: 1,
  });
});

test("nvme's JSON has kelvin", () => {
  const [plain = "", grouped = ""] = driveTexts.nvmeLogs;
  expect(parseNvmeSmartLog(plain)).toMatchObject({ ok: true, value: { temperatureCelsius: 37 } });
  expect(parseNvmeSmartLog(grouped)).toMatchObject({
    ok: true,
    value: { criticalWarning: 2, temperatureCelsius: 60, mediaErrors: null },
  });
});

function read(text: string) {
  const facts = parseSmartctl(text);
  if (!facts.ok) throw new Error(facts.problem.detail);
  return facts.value;
}
