import { expect, test } from "vitest";
import { powerBySensors } from "./ipmi-power.ts";
import { fanTurns, judgeRow, marginOf } from "./ipmi-rows.ts";
import { parseSensorText } from "./ipmi-sensor-text.ts";
import { SensorIds } from "./ipmi-sensor.ts";
import { supplyRedundant, supplyWorks } from "./ipmi-states.ts";

function rowOf(text: string) {
  const [row] = parseSensorText(text).rows;
  if (row === undefined) throw new Error(`no row in ${text}`);
  return row;
}

test.each([
  ["Power Supply 1 | 0x03 | ok", "sdr", false],
  ["Power Supply 1 | 0x01 | ok", "sdr", true],
  // 0x00 is what some firmware shows for every state.
  ["Power Supply 1 | 0x00 | ok", "sdr", null],
  ["PS1 Status | 0x0 | discrete | 0x0180| na | na | na | na | na | na", "sensor", true],
  ["PS1 Status | 0x0 | discrete | 0x0980| na | na | na | na | na | na", "sensor", false],
  ["PS1 Status,C8h,ok,10.1,Presence detected, Failure detected", "csv", false],
  ["PS1 Status,C8h,ok,10.1,Presence detected, Power Supply Inactive", "csv", true],
  [
    "4 | PSU 1 | Power Supply | Critical | N/A | N/A | 'Presence detected' 'Power Supply input lost (AC/DC)'",
    "freeipmi",
    false,
  ],
])("whether the supply works: %s", (text, layout, works) => {
  expect(parseSensorText(text).layout).toBe(layout);
  expect(supplyWorks(rowOf(text))).toBe(works);
});

test.each([
  ["PS Redundancy | 77h | ok | 7.1 | Fully Redundant", true],
  ["PS Redundancy | 77h | ok | 7.1 | Redundancy Lost", false],
  ["PS Redundancy | 77h | ok | 7.1 | Redundancy Degraded", true],
  [
    "PS Redundancy | 77h | ok | 7.1 | Redundancy Lost, Non-Redundant: Sufficient from Redundant",
    false,
  ],
  ["Fan Redundancy | 78h | ok | 7.1 | Redundancy Lost", null],
  ["PS Redundancy | 77h | ns | 7.1 | Disabled", null],
])("whether one supply may fail: %s", (text, redundant) => {
  expect(supplyRedundant(rowOf(text))).toBe(redundant);
});

test.each([
  ["T | 37.000 | degrees C | ok | na | na | na | na | 70.000 | na", 33],
  ["T | 75.000 | degrees C | cr | na | na | na | na | 70.000 | na", -5],
  ["T | 37.000 | degrees C | ok | 0.000 | 0.000 | 0.000 | 0.000 | 255.000 | 0.000", null],
  ["Therm Margin | -31.000 | degrees C | ok | na | na | na | na | na | na", 31],
  // Above 0 one maker means room that is left and another one means too hot.
  ["Therm Margin | 12.000 | degrees C | ok | na | na | na | na | na | na", null],
])("the margin of %s", (text, margin) => {
  expect(marginOf(rowOf(text))).toBe(margin);
});

test.each([
  ["Fan1 | 3600.000 | RPM | ok | na | 600.000 | na | na | na | na", true],
  ["Fan1 | 400.000 | RPM | cr | na | 600.000 | na | na | na | na", false],
  ["Fan1 | 0.000 | RPM | ok | na | na | na | na | na | na", false],
  ["Fan1 | na | RPM | na | na | na | na | na | na | na", null],
  ["Fan 1 | 33.32 percent | ok", true],
  ["CPU Usage | 0 percent | ok", null],
])("whether the fan turns: %s", (text, turns) => {
  expect(fanTurns(rowOf(text))).toBe(turns);
});

test("a sensor that says 0 degrees is one that is not there", () => {
  expect(
    judgeRow(rowOf("Ambient | 0.000 | degrees C | ok | na | na | na | na | na | na"), 1),
  ).toMatchObject({
    reason: "implausible",
  });
});

test("a supply with two readings in watts counts once, by what it takes", () => {
  const { rows } = parseSensorText(
    [
      "PS1 Power,01h,ok,10.1,180 Watts",
      "PS1 Input Power,02h,ok,10.1,200 Watts",
      "PS2 Input Power,03h,ok,10.2,190 Watts",
    ].join("\n"),
  );
  expect(powerBySensors(rows)).toEqual({ source: "ipmi-psu-input", milliwatts: 390_000 });
});

test("words that are names of an object's prototype are words", () => {
  const row = rowOf("constructor | 9 | __proto__ | toString | na | na | na | na | na | na");
  expect(row).toMatchObject({ status: "tostring", unit: "other" });
  expect(rowOf("9 | x | constructor | __proto__ | 1 | valueOf | 'hasOwnProperty'")).toMatchObject({
    type: null,
    status: "__proto__",
  });
});

test("the third of a name is the third, whatever the second is called", () => {
  const ids = new SensorIds();
  expect(["a", "a#2", "a", "a", "a#2"].map((id) => ids.take(id))).toEqual([
    "a",
    "a#2",
    "a#3",
    "a#4",
    "a#2#2",
  ]);
});
