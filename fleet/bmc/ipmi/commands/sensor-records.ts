import { byteAt } from "../lan-message.ts";
import { decodePackedText } from "./packed-text.ts";
import type { ReadingFactors } from "./reading-factors.ts";

/** What the sensor data repository says of one sensor or part (IPMI 2.0, 43). */
export type SensorRecord =
  | FullRecord
  | CompactRecord
  | { readonly kind: "event-only"; readonly id: number; readonly sensor: SensorIdentity }
  | {
      readonly kind: "fru";
      readonly id: number;
      readonly name: string;
      readonly entity: string;
      readonly deviceAddress: number;
      readonly fruId: number;
      readonly isLogical: boolean;
    }
  | {
      readonly kind: "controller";
      readonly id: number;
      readonly name: string;
      readonly entity: string;
      readonly address: number;
    }
  | { readonly kind: "other"; readonly id: number; readonly type: number };

export interface SensorIdentity {
  readonly name: string;
  readonly number: number;
  readonly owner: number;
  readonly lun: number;
  /** `7.1`: entity id and instance. */
  readonly entity: string;
  readonly type: number;
  readonly eventType: number;
}

export interface FullRecord {
  readonly kind: "full";
  readonly id: number;
  readonly sensor: SensorIdentity;
  readonly unit: number;
  readonly isPercent: boolean;
  readonly factors: ReadingFactors;
  /** Which of the six limits can be read; bits as Get Sensor Thresholds has them. */
  readonly readableLimits: number;
}

export interface CompactRecord {
  readonly kind: "compact";
  readonly id: number;
  readonly sensor: SensorIdentity;
  readonly unit: number;
  /** How many sensors share the record, one at least. */
  readonly shared: number;
}

/** One whole record; null where it is too short for what it says it is. */
export function parseSensorRecord(bytes: Buffer): SensorRecord | null {
  if (bytes.length < 5) return null;
  const id = bytes.readUInt16LE(0);
  const type = byteAt(bytes, 3);
  switch (type) {
    case 1:
      return bytes.length < 48 ? null : parseFull(id, bytes);
    case 2:
      return bytes.length < 32 ? null : parseCompact(id, bytes);
    case 3:
      return bytes.length < 17
        ? null
        : { kind: "event-only", id, sensor: identityOf(bytes, 10, 16) };
    case 0x11:
      return bytes.length < 16 ? null : parseFruLocator(id, bytes);
    case 0x12:
      return bytes.length < 16
        ? null
        : {
            kind: "controller",
            id,
            name: nameAt(bytes, 15),
            entity: entityAt(bytes, 12),
            address: byteAt(bytes, 5),
          };
    default:
      return { kind: "other", id, type };
  }
}

function parseFull(id: number, bytes: Buffer): FullRecord {
  return {
    kind: "full",
    id,
    sensor: identityOf(bytes, 12, 47),
    unit: byteAt(bytes, 21),
    isPercent: (byteAt(bytes, 20) & 1) === 1,
    readableLimits: limitsReadable(bytes) ? byteAt(bytes, 18) & 0x3f : 0,
    factors: {
      format: byteAt(bytes, 20) >> 6,
      linearization: byteAt(bytes, 23) & 0x7f,
      m: tenBits(byteAt(bytes, 24), byteAt(bytes, 25) >> 6),
      b: tenBits(byteAt(bytes, 26), byteAt(bytes, 27) >> 6),
      resultExponent: nibble(byteAt(bytes, 29) >> 4),
      bExponent: nibble(byteAt(bytes, 29) & 0x0f),
    },
  };
}

function parseCompact(id: number, bytes: Buffer): CompactRecord {
  return {
    kind: "compact",
    id,
    sensor: identityOf(bytes, 12, 31),
    unit: byteAt(bytes, 21),
    shared: Math.max(1, byteAt(bytes, 23) & 0x0f),
  };
}

function parseFruLocator(id: number, bytes: Buffer): SensorRecord {
  return {
    kind: "fru",
    id,
    name: nameAt(bytes, 15),
    entity: entityAt(bytes, 12),
    deviceAddress: byteAt(bytes, 5),
    fruId: byteAt(bytes, 6),
    isLogical: (byteAt(bytes, 7) & 0x80) !== 0,
  };
}

function identityOf(bytes: Buffer, typeAt: number, nameAtByte: number): SensorIdentity {
  return {
    name: nameAt(bytes, nameAtByte),
    owner: byteAt(bytes, 5),
    lun: byteAt(bytes, 6) & 3,
    number: byteAt(bytes, 7),
    entity: entityAt(bytes, 8),
    type: byteAt(bytes, typeAt),
    eventType: byteAt(bytes, typeAt + 1) & 0x7f,
  };
}

/** Capabilities, bits 3:2: 0 is "no limits". */
function limitsReadable(bytes: Buffer): boolean {
  return ((byteAt(bytes, 11) >> 2) & 3) !== 0 && (byteAt(bytes, 13) & 0x7f) === 1;
}

/** The length may say more than there is: what is there counts. */
function nameAt(bytes: Buffer, at: number): string {
  const head = byteAt(bytes, at);
  return decodePackedText(head >> 6, bytes.subarray(at + 1, at + 1 + (head & 0x1f)));
}

function entityAt(bytes: Buffer, at: number): string {
  return `${byteAt(bytes, at)}.${byteAt(bytes, at + 1) & 0x7f}`;
}

/** Two's complement of ten bits. */
export function tenBits(low: number, high: number): number {
  const value = low | ((high & 3) << 8);
  return value >= 512 ? value - 1_024 : value;
}

/** Two's complement of four bits. */
export function nibble(value: number): number {
  return value >= 8 ? value - 16 : value;
}
