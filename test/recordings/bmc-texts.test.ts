import { expect, test } from "vitest";
import { parseDcmiPower } from "#agent/collectors/ipmi-dcmi.ts";
import { powerBySensors } from "#agent/collectors/ipmi-power.ts";
import { judgeRow, seriesOfRow } from "#agent/collectors/ipmi-rows.ts";
import { parseSdrElist } from "#agent/collectors/ipmi-sdr.ts";
import { supplyWorks } from "#agent/collectors/ipmi-states.ts";
import { readRecording } from "./recordings-folder.ts";

test("a Dell R740's 199 sensors: names repeat, ids do not, and numbers are those with a unit", () => {
  const { rows, skipped } = parseSdrElist(readRecording("ipmi/dell-r740/ipmitool-sdr-elist.txt"));
  expect(rows).toHaveLength(199);
  expect(skipped).toBe(0);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(199);
  expect(rows.filter(({ name }) => name === "Presence")).toHaveLength(8);
  expect(rows.filter(({ status }) => status === "ns")).toHaveLength(98);
  const kept = rows.flatMap((row) => {
    const series = seriesOfRow(row, 10_000);
    return series === null || row.value === null || judgeRow(row, 10_000) !== null
      ? []
      : [`${series.request.metric} ${row.name} ${row.value}`];
  });
  expect(kept).toEqual([
    "hw.temperature Temp 34",
    "hw.temperature Temp 45",
    "hw.temperature Inlet Temp 23",
    "hw.fan.speed Fan1 3480",
    "hw.fan.speed Fan2 3360",
    "hw.fan.speed Fan3 3480",
    "hw.fan.speed Fan4 3240",
    "hw.fan.speed Fan5 3840",
    "hw.fan.speed Fan6 3360",
    "hw.voltage Voltage 1 220",
    "hw.voltage Voltage 2 222",
    "hw.temperature Exhaust Temp 31",
  ]);
  expect(powerBySensors(rows)).toEqual({ source: "ipmi-sensor", milliwatts: 208_000 });
  expect(
    rows.flatMap((row) => (supplyWorks(row) === null ? [] : [`${row.id} ${supplyWorks(row)}`])),
  ).toEqual(["85h@10.1 true", "86h@10.2 true"]);
});

test("an activated DCMI reading is 167 W", () => {
  expect(
    parseDcmiPower(readRecording("ipmi/unknown-167w/ipmitool-dcmi-power-reading.txt")),
  ).toEqual({ ok: true, value: 167_000 });
});

test("what no session could be opened for is no reading", () => {
  const text = readRecording("ipmi/errors/ipmitool-errors.txt");
  expect(parseSdrElist(text).rows).toEqual([]);
  expect(parseDcmiPower(text)).toMatchObject({ ok: false });
});

test.each([
  "ipmi/dell-r740/ipmitool-sdr.txt",
  "ipmi/hp-gen8-power-meter/ipmitool-sdr.txt",
  "ipmi/hp-dl380-g5/ipmitool-sensor.txt",
  "ipmi/quanta-d51/ipmitool-sdr-csv-verbose.txt",
  "ipmi/quanta-d51/ipmitool-sdr-v.txt",
  "ipmi/hpe-gen10/ipmimonitoring.freeipmi.txt",
])("%s has another layout: no row of it is taken for a sensor", (name) => {
  const { rows, skipped } = parseSdrElist(readRecording(name));
  expect(rows).toEqual([]);
  expect(skipped).toBeGreaterThan(0);
});

test("FreeIPMI's DCMI text, whose measurement is not available, gives no power", () => {
  const text = readRecording("ipmi/hpe-gen10/ipmi-dcmi.freeipmi_measurement-not-available.txt");
  expect(parseDcmiPower(text)).toMatchObject({ ok: false, problem: { reason: "switched-off" } });
});
