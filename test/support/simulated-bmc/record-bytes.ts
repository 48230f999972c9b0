import { checksum } from "#fleet/bmc/ipmi/lan-message.ts";
import type { BmcLies, BmcState, SimulatedSensor } from "./bmc-state.ts";

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
  const board = area(
    [0, 0x40, 0x33, 0xf1],
    ["WWS Lab", "Lab board", state.boardSerial, "PN-7781", ""],
  );
  const product = area(
    [0],
    ["WWS Lab", "Fleet R640v", "R640V-01", "1.0", state.serial, `ASSET-${state.name}`, ""],
  );
  if (lies.badFruChecksum === true) board[board.length - 1] = (board.at(-1) ?? 0) ^ 0x55;
  const supply = area(
    [0],
    ["", "PSU-750", "PN-750", "A1", `PSU${state.serial}`, "", ""],
    sixBit("LAB POWER"),
  );
  return [withHeader({ board, product }), withHeader({ product: supply })];
}

function withHeader(areas: {
  readonly board?: readonly number[];
  readonly product: readonly number[];
}): Buffer {
  const { board = [], product } = areas;
  const head = [1, 0, 0, board.length > 0 ? 1 : 0, 1 + board.length / 8, 0, 0];
  const bytes = Buffer.from([...head, checksum(Buffer.from(head)), ...board, ...product]);
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, 256 - bytes.length))]);
}

/** `first`, where given, is the encoded first field. */
function area(
  head: readonly number[],
  texts: readonly string[],
  first?: readonly number[],
): number[] {
  const fields = texts.map((text) => [0xc0 | text.length, ...Buffer.from(text, "latin1")]);
  if (first !== undefined) fields[0] = [...first];
  const body = [...head, ...fields.flat(), 0xc1];
  const length = Math.ceil((body.length + 3) / 8) * 8;
  const bytes = [1, length / 8, ...body, ...new Array<number>(length - 3 - body.length).fill(0)];
  return [...bytes, checksum(Buffer.from(bytes))];
}

function sixBit(text: string): readonly number[] {
  const bytes = new Array<number>(Math.ceil((text.length * 6) / 8)).fill(0);
  [...text].forEach((letter, index) => {
    const value = (letter.charCodeAt(0) - 0x20) & 0x3f;
    const bit = index * 6;
    const at = bit >> 3;
    bytes[at] = ((bytes[at] ?? 0) | (value << (bit & 7))) & 0xff;
    if ((bit & 7) > 2) bytes[at + 1] = (bytes[at + 1] ?? 0) | (value >> (8 - (bit & 7)));
  });
  return [0x80 | bytes.length, ...bytes];
}
