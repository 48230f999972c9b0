import type { IpmiAsk } from "../ipmi-session.ts";
import { byteAt } from "../lan-message.ts";
import { parseSensorRecord, type SensorRecord } from "./sensor-records.ts";

/** A server with more records than this has not been seen; the type of the count is 16 bits. */
export const recordsMax = 1_024;
const headerBytes = 5;
const chunkBytes = 16;
const chunkBytesMin = 4;
const reservationsMax = 5;
const lastRecord = 0xffff;

export interface Repository {
  readonly records: readonly SensorRecord[];
  /** What went wrong on the way, for people. */
  readonly troubles: readonly string[];
}

/** Walks the sensor data repository (IPMI 2.0, 33.12). Throws only what the session throws. */
export async function readRepository(ask: IpmiAsk): Promise<Repository> {
  const walk = new Walk(ask);
  const records: SensorRecord[] = [];
  const troubles: string[] = [];
  const seen = new Set<number>();
  let next = 0;
  while (next !== lastRecord) {
    if (seen.has(next)) {
      troubles.push(`record ${hex(next)} comes twice: the repository runs in a circle`);
      break;
    }
    if (records.length >= recordsMax) {
      troubles.push(`more than ${recordsMax} records`);
      break;
    }
    seen.add(next);
    const read = await walk.read(next);
    if (typeof read === "string") {
      troubles.push(`record ${hex(next)}: ${read}`);
      break;
    }
    const record = parseSensorRecord(read.bytes);
    if (record === null) troubles.push(`record ${hex(next)} is cut short`);
    else records.push(record);
    next = read.next;
  }
  return { records, troubles };
}

class Walk {
  readonly #ask: IpmiAsk;
  #reservation = 0;
  #reservations = 0;
  #chunkBytes = chunkBytes;

  constructor(ask: IpmiAsk) {
    this.#ask = ask;
  }

  /** Text: why not. */
  async read(id: number): Promise<{ readonly bytes: Buffer; readonly next: number } | string> {
    const head = await this.#part(id, 0, headerBytes);
    if (typeof head === "string") return head;
    if (head.bytes.length < headerBytes) return "its header is cut short";
    const length = headerBytes + byteAt(head.bytes, 4);
    const parts = [head.bytes.subarray(0, headerBytes)];
    let have = headerBytes;
    while (have < length) {
      const part = await this.#part(id, have, Math.min(this.#chunkBytes, length - have));
      if (typeof part === "string") return part;
      if (part.bytes.length === 0) return "nothing more comes";
      parts.push(part.bytes);
      have += part.bytes.length;
    }
    return { bytes: Buffer.concat(parts).subarray(0, length), next: head.next };
  }

  async #part(
    id: number,
    offset: number,
    count: number,
  ): Promise<{ readonly bytes: Buffer; readonly next: number } | string> {
    let wanted = count;
    for (;;) {
      // A part of a record needs a reservation; it is lost whenever the repository changes.
      if (this.#reservation === 0 && offset > 0) {
        const trouble = await this.#reserve();
        if (trouble !== null) return trouble;
      }
      const { code, data } = await this.#ask.ask({
        netFn: 0x0a,
        command: 0x23,
        data: [...le16(offset === 0 ? 0 : this.#reservation), ...le16(id), offset, wanted],
      });
      if (code === 0xc5) {
        this.#reservation = 0;
        if (offset > 0) continue;
        const trouble = await this.#reserve();
        if (trouble !== null) return trouble;
        return this.#part(id, offset, count);
      }
      // It cannot give that many bytes at once.
      if ((code === 0xca || code === 0xc7 || code === 0xc8) && wanted > chunkBytesMin) {
        wanted = Math.max(chunkBytesMin, wanted >> 1);
        this.#chunkBytes = Math.min(this.#chunkBytes, wanted);
        continue;
      }
      if (code !== 0) return `completion code 0x${code.toString(16)}`;
      if (data.length < 2) return "an empty answer";
      return { bytes: data.subarray(2), next: data.readUInt16LE(0) };
    }
  }

  async #reserve(): Promise<string | null> {
    this.#reservations += 1;
    if (this.#reservations > reservationsMax) return "the repository changes all the time";
    const { code, data } = await this.#ask.ask({ netFn: 0x0a, command: 0x22 });
    if (code !== 0 || data.length < 2) return `no reservation (0x${code.toString(16)})`;
    this.#reservation = data.readUInt16LE(0);
    return null;
  }
}

export function le16(value: number): readonly number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}
