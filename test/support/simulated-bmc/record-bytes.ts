import type { BmcLies, BmcState, SimulatedSensor } from "./bmc-state.ts";
import { fruArea, fruStore, sixBitField } from "./fru-bytes.ts";

/** The sensor data repository, one buffer a record: controller, FRU, sensors, an event-only one. */
export function sensorRecords(state: BmcState, lies: BmcLies): readonly Buffer[] {
  const sensors = state.sensors.map((sensor) => fullRecord(sensor, lies.noThresholds === true));
  const records = [controllerRecord(), fruRecord(), ...sensors, compactRecord(), eventRecord()];
  return records.map(([type, body], index) =>
    Buffer.from([index + 1, 0, 0x51, type, body.length, ...body]),
  );
}

type RecordBody = readonly [type: number, body: readonly number[]];

function fullRecord(sensor: SimulatedSensor, noThresholds: boolean): RecordBody {
  const upper = noThresholds ? undefined : sensor.upper;
  const lower = noThresholds ? undefined : sensor.lower;
  const limits = (upper === undefined ? 0 : 0x38) | (lower === undefined ? 0 : 7);
  return [
    1,
    [
      ...[0x20, 0, sensor.number, ...sensor.entity],
      ...[0x7f, limits === 0 ? 0x60 : 0x68, sensor.type, 1],
      ...[0, 0, 0, 0, limits, limits],
      ...[0, sensor.unit, 0, 0],
      ...[sensor.m & 0xff, ((sensor.m >> 8) & 3) << 6, 0, 0, 0],
      (sensor.exponent & 15) << 4,
      ...[0, 0, 0, 0, 255, 0],
      ...(upper ?? [0, 0, 0]),
      ...(lower ?? [0, 0, 0]),
      ...[0, 0, 0, 0, 0],
      ...idString(sensor.name),
    ],
  ];
}

function compactRecord(): RecordBody {
  const head = [0x20, 0, 0x51, 10, 1, 0x67, 0x40, 8, 0x6f, 0x0f, 0, 0x0f, 0, 0x0f, 0];
  return [2, [...head, 0xc0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, ...idString("PSU1 Status")]];
}

function eventRecord(): RecordBody {
  return [3, [0x20, 0, 0x81, 6, 1, 0x12, 0x6f, 1, 0, 0, 0, ...idString("Sys Event")]];
}

function controllerRecord(): RecordBody {
  return [0x12, [0x20, 0, 0, 0xbf, 0, 0, 0, 7, 1, 0, ...idString("BMC")]];
}

function fruRecord(): RecordBody {
  return [0x11, [0x20, 1, 0x80, 0, 0, 0x10, 0, 10, 1, 0, ...idString("PSU1 FRU")]];
}

function idString(text: string): readonly number[] {
  return [0xc0 | text.length, ...Buffer.from(text, "latin1")];
}

/** Store 0: board and product; store 1: a supply, its maker in six-bit text. */
export function fruStores(state: BmcState, lies: BmcLies): readonly Buffer[] {
  const board = fruArea(
    [0, 0x40, 0x33, 0xf1],
    ["WWS Lab", "Lab board", state.boardSerial, "PN-7781", ""],
  );
  const product = fruArea(
    [0],
    ["WWS Lab", "Fleet R640v", "R640V-01", "1.0", state.serial, `ASSET-${state.name}`, ""],
  );
  if (lies.badFruChecksum === true) board[board.length - 1] = (board.at(-1) ?? 0) ^ 0x55;
  const supply = fruArea(
    [0],
    ["", "PSU-750", "PN-750", "A1", `PSU${state.serial}`, "", ""],
    sixBitField("LAB POWER"),
  );
  return [fruStore({ board, product }), fruStore({ product: supply })];
}
