import { expect, test } from "vitest";
import { isHostPowerRow, isMarginName, isSupplyInputRow, parseSdrElist } from "./ipmi-sdr.ts";
import type { IpmiSensor } from "./ipmi-sensor.ts";
import { supplyWorks } from "./ipmi-states.ts";

function rowOf(line: string): IpmiSensor {
  const [row] = parseSdrElist(line).rows;
  if (row === undefined) throw new Error(`no row in ${line}`);
  return row;
}

test("a row has five columns; names may repeat, ids do not", () => {
  const { rows, skipped } = parseSdrElist(
    [
      "Running Get PICMG Properties my_addr 0x20, transit 0, target 0",
      "Temp             | 01h | ok  |  3.1 | 34 degrees C",
      "Temp             | 02h | ok  |  3.2 | 45 degrees C",
      "ECC Corr Err     | 01h | ns  | 34.1 | No Reading",
      "Presence         | 48h | ok  | 10.1 | Present",
      "Presence         | 48h | ok  | 10.1 | Present",
      "Fan1             | 38h | ok",
      "OS Watchdog      | 71h | ok  |  7.1 | ",
      "",
    ].join("\n"),
  );
  expect(rows.map(({ id }) => id)).toEqual([
    "01h@3.1",
    "02h@3.2",
    "01h@34.1",
    "48h@10.1",
    "48h@10.1#2",
    "71h@7.1",
  ]);
  expect(skipped).toBe(2);
});

test.each([
  ["Inlet Temp | 05h | ok | 7.1 | 23 degrees C", 23, "degrees C"],
  ["Fan1 | 38h | ok | 7.1 | 3480 RPM", 3480, "RPM"],
  ["Voltage 1 | 6Dh | ok | 10.1 | 220 Volts", 220, "Volts"],
  ["Current 2 | 6Ch | ok | 10.2 | 0.20 Amps", 0.2, "Amps"],
  ["Margin | 10h | ok | 3.1 | -58 degrees C", -58, "degrees C"],
  ["Temp | 10h | ok | 3.1 | 38 % degrees C", 38, "degrees C"],
  ["Airflow | 11h | ok | 7.1 | 30 CFM", 30, "other"],
])("%s", (line, value, unit) => {
  expect(rowOf(line)).toMatchObject({ value, unit });
});

test.each([
  "DIMM 1 Temp | 20h | ok | 32.1 | 0x00",
  "SEL | 72h | ns | 0.1 | No Reading",
  "PG | 07h | ok | 7.1 | State Deasserted",
  "X | 08h | ok | 7.1 | Disabled",
  "Y | 09h | ok | 7.1 | ",
])("%s holds no number", (line) => {
  expect(rowOf(line)).toMatchObject({ value: null, unit: null });
});

test.each(["Therm Margin", "P1 Mrgn", "CPU1 DTS", "DIMM Rem", "P0 Therm Margin"])(
  "%s is a distance, no temperature",
  (name) => {
    expect(isMarginName(name)).toBe(true);
  },
);

test.each(["Remote Temp", "Inlet Temp", "DIMM Thrm Mrgn 1x"])("%s", (name) => {
  expect(isMarginName(name)).toBe(name.includes("Mrgn"));
});

test("the host's own meter is told from a supply's and a rail's", () => {
  expect(isHostPowerRow(rowOf("Pwr Consumption | 76h | ok | 7.1 | 208 Watts"))).toBe(true);
  expect(isHostPowerRow(rowOf("System Power | 76h | ok | 19.1 | 208 Watts"))).toBe(true);
  expect(isHostPowerRow(rowOf("Power Meter | 76h | ok | 7.1 | 170 Watts"))).toBe(true);
  expect(isHostPowerRow(rowOf("CPU Power | 70h | ok | 3.1 | 90 Watts"))).toBe(false);
  expect(isHostPowerRow(rowOf("PS1 Input Power | 70h | ok | 10.1 | 90 Watts"))).toBe(false);
});

test("what a supply takes is told from what it gives", () => {
  expect(isSupplyInputRow(rowOf("PS1 Input Power | 70h | ok | 10.1 | 90 Watts"))).toBe(true);
  expect(isSupplyInputRow(rowOf("PSU1 PIN | 70h | ok | 10.1 | 90 Watts"))).toBe(true);
  expect(isSupplyInputRow(rowOf("PS1 Out Power | 70h | ok | 10.1 | 81 Watts"))).toBe(false);
  expect(isSupplyInputRow(rowOf("Voltage 1 | 6Dh | ok | 10.1 | 220 Volts"))).toBe(false);
});

test.each([
  ["Status | 85h | ok | 10.1 | Presence detected", true],
  ["PS1 Status | 85h | ok | 10.1 | Presence detected", true],
  ["PS1 Status | 85h | ok | 10.1 | Presence detected, Failure detected", false],
  ["PS1 Status | 85h | ok | 10.1 | Presence detected, Power Supply AC lost", false],
  ["PS1 Status | 85h | ns | 10.1 | No Reading", null],
  ["Presence | 48h | ok | 10.1 | Present", null],
  ["Status | 81h | ok | 3.1 | Presence detected", null],
])("whether the supply works: %s", (line, works) => {
  expect(supplyWorks(rowOf(line))).toBe(works);
});
