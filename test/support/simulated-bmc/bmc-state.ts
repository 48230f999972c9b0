import { createHash } from "node:crypto";

/** One virtual server, as both protocols tell it. */
export interface BmcState {
  readonly name: string;
  readonly serial: string;
  readonly boardSerial: string;
  readonly uuid: string;
  readonly guid: Buffer;
  readonly firmware: string;
  readonly isOn: boolean;
  readonly watts: number;
  readonly sensors: readonly SimulatedSensor[];
  readonly log: readonly Buffer[];
  readonly users: Readonly<Record<string, string>>;
  /** By the controller's own clock. */
  readonly clockMs: number;
}

export interface SimulatedSensor {
  readonly number: number;
  readonly name: string;
  readonly type: number;
  /** IPMI's unit number. */
  readonly unit: number;
  readonly entity: readonly [id: number, instance: number];
  readonly m: number;
  readonly exponent: number;
  readonly raw: number;
  /** Raw upper limits: unr uc unc; lower: lnr lc lnc. */
  readonly upper?: readonly [number, number, number];
  readonly lower?: readonly [number, number, number];
}

/** What the simulated controller does wrong; all off is an honest one. */
export interface BmcLies {
  /** Answers nothing at all on UDP. */
  readonly silent?: boolean;
  /** Milliseconds before each IPMI answer. */
  readonly slowMs?: number;
  /** Drops this many packets out of a hundred, by count, not by chance. */
  readonly dropPercent?: number;
  /** Answers with another request's number. */
  readonly wrongSequence?: boolean;
  /** Repeats the same session sequence number for ever. */
  readonly frozenSequence?: boolean;
  /** Cuts every answer in the session to half. */
  readonly truncated?: boolean;
  /** The integrity value behind each packet is another's. */
  readonly badSignature?: boolean;
  /** The checksum of each message is off by one. */
  readonly badChecksum?: boolean;
  readonly sessionTableFull?: boolean;
  /** Suites that it takes. */
  readonly suites?: readonly number[];
  /** Does not answer an opening with another suite. */
  readonly dropsUnknownSuites?: boolean;
  /** Lists cipher suite 0 and gives it administrator's rights. */
  readonly cipherZero?: boolean;
  readonly anonymousLogin?: boolean;
  readonly noDcmi?: boolean;
  readonly dcmiWatts?: number;
  readonly dcmiInactive?: boolean;
  /** The last sensor record leads back to the first. */
  readonly repositoryCircle?: boolean;
  /** Loses the reservation this often. */
  readonly lostReservations?: number;
  /** Gives at most so many bytes of a record at once. */
  readonly recordBytesMax?: number;
  readonly badFruChecksum?: boolean;
  readonly logFull?: boolean;
  readonly clockOffMs?: number;
  readonly noThresholds?: boolean;
  /** Each sensor has no reading at the first question. */
  readonly lateReadings?: boolean;
  /** IPMI says another power state than Redfish. */
  readonly powerStatesDiffer?: boolean;
  /** Every answer over HTTPS has this status. */
  readonly httpStatus?: number;
  /** The collection of sensors goes on for ever: each page links to another. */
  readonly endlessCollection?: boolean;
  /** Resources link to each other in a circle. */
  readonly linkCircle?: boolean;
  /** Bodies of this many bytes. */
  readonly hugeBodyBytes?: number;
  /** An error body with status 200. */
  readonly errorAsResource?: boolean;
  readonly httpSilent?: boolean;
  readonly redfishWatts?: number;
}

export const labUser = "fleet";

/** `seed` makes names, serials and GUIDs: two controllers differ, and one is always the same. */
export function simulatedState(seed: string, password: string, clockMs: number): BmcState {
  const hash = createHash("sha256").update(seed).digest("hex");
  const guid = Buffer.from(hash.slice(0, 32), "hex");
  return {
    name: seed,
    serial: `SN${hash.slice(0, 10).toUpperCase()}`,
    boardSerial: `BRD${hash.slice(10, 20).toUpperCase()}`,
    uuid: `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`,
    guid,
    firmware: "2.61",
    isOn: true,
    watts: 248,
    sensors,
    log: [
      logEntry(1, clockMs - 7_200_000, 0x12, 0x81, 0x6f, 0xc1),
      logEntry(2, clockMs - 3_600_000, 0x08, 0x51, 0x6f, 0x03),
      logEntry(3, clockMs - 3_500_000, 0x08, 0x51, 0xef, 0x03),
    ],
    users: { [labUser]: password },
    clockMs,
  };
}

function logEntry(
  id: number,
  atMs: number,
  type: number,
  sensor: number,
  eventType: number,
  data: number,
): Buffer {
  const bytes = Buffer.alloc(16, 0xff);
  bytes.writeUInt16LE(id, 0);
  bytes[2] = 2;
  bytes.writeUInt32LE(Math.floor(atMs / 1_000), 3);
  bytes.set([0x20, 0, 4, type, sensor, eventType, data], 7);
  return bytes;
}

const sensors: readonly SimulatedSensor[] = [
  {
    number: 1,
    name: "Inlet Temp",
    type: 1,
    unit: 1,
    entity: [7, 1],
    m: 1,
    exponent: 0,
    raw: 24,
    upper: [47, 42, 38],
  },
  {
    number: 2,
    name: "CPU1 Temp",
    type: 1,
    unit: 1,
    entity: [3, 1],
    m: 1,
    exponent: 0,
    raw: 51,
    upper: [100, 95, 90],
  },
  {
    number: 4,
    name: "Fan 1",
    type: 4,
    unit: 18,
    entity: [29, 1],
    m: 100,
    exponent: 0,
    raw: 72,
    lower: [3, 5, 7],
  },
  {
    number: 6,
    name: "Pwr Consumption",
    type: 11,
    unit: 6,
    entity: [7, 1],
    m: 4,
    exponent: 0,
    raw: 62,
  },
  {
    number: 9,
    name: "P12V",
    type: 2,
    unit: 4,
    entity: [7, 1],
    m: 6,
    exponent: -2,
    raw: 201,
    upper: [220, 217, 214],
    lower: [183, 186, 189],
  },
];
