import type { IpmiAsk } from "../ipmi-session.ts";
import { byteAt } from "../lan-message.ts";
import { le16 } from "./read-repository.ts";
import { sensorTypeName } from "./sensor-words.ts";

export const entriesShownMax = 20;
const missesMax = 20;

export interface EventLog {
  readonly entries: number;
  readonly freeBytes: number;
  /** Events were lost because it was full. */
  readonly hasOverflowed: boolean;
  readonly lastAddMs: number | null;
  readonly lastEraseMs: number | null;
  /** Its own clock when it was asked; null where it does not say. */
  readonly clockMs: number | null;
  /** Newest first. */
  readonly last: readonly LogEntry[];
}

export interface LogEntry {
  readonly id: number;
  /** null: before the clock was set, or no event of the standard form. */
  readonly atMs: number | null;
  readonly sensorType: string;
  readonly sensor: number;
  readonly isAsserted: boolean;
  readonly data: string;
}

/** SEL info, the log's clock and its last entries (IPMI 2.0, 31). null: there is no log. */
export async function readEventLog(ask: IpmiAsk): Promise<EventLog | null> {
  const info = await ask.ask({ netFn: 0x0a, command: 0x40 });
  if (info.code !== 0 || info.data.length < 14) return null;
  const time = await ask.ask({ netFn: 0x0a, command: 0x48 });
  const entries = info.data.readUInt16LE(1);
  return {
    entries,
    freeBytes: info.data.readUInt16LE(3),
    hasOverflowed: (byteAt(info.data, 13) & 0x80) !== 0,
    lastAddMs: timeAt(info.data, 5),
    lastEraseMs: timeAt(info.data, 9),
    clockMs: time.code === 0 && time.data.length >= 4 ? timeAt(time.data, 0) : null,
    last: entries === 0 ? [] : await readLast(ask, Math.min(entries, entriesShownMax)),
  };
}

/** Only forward links are kept: from the last id downwards, over the gaps that erasing leaves. */
async function readLast(ask: IpmiAsk, wanted: number): Promise<readonly LogEntry[]> {
  const found: LogEntry[] = [];
  let id = 0xffff;
  for (let misses = 0; found.length < wanted && misses < missesMax && id > 0; ) {
    const { code, data } = await ask.ask({
      netFn: 0x0a,
      command: 0x43,
      data: [0, 0, ...le16(id), 0, 0xff],
    });
    const entry = code === 0 ? parseLogEntry(data.subarray(2)) : null;
    if (entry === null) {
      misses += 1;
      if (id === 0xffff) break;
      id -= 1;
      continue;
    }
    if (found.some((known) => known.id === entry.id)) misses += 1;
    else found.push(entry);
    id = (id === 0xffff ? entry.id : Math.min(id, entry.id)) - 1;
  }
  return found;
}

export function parseLogEntry(bytes: Buffer): LogEntry | null {
  if (bytes.length < 16) return null;
  const type = byteAt(bytes, 2);
  const isEvent = type === 2;
  return {
    id: bytes.readUInt16LE(0),
    // OEM entries from C0 to DF have a time too, those from E0 on have none.
    atMs: type < 0xe0 ? timeAt(bytes, 3) : null,
    sensorType: isEvent ? sensorTypeName(byteAt(bytes, 10)) : "oem",
    sensor: isEvent ? byteAt(bytes, 11) : 0,
    isAsserted: isEvent && (byteAt(bytes, 12) & 0x80) === 0,
    data: bytes.subarray(isEvent ? 12 : 7, 16).toString("hex"),
  };
}

/** Seconds since 1970; below 0x20000000 they count from the controller's start. */
function timeAt(bytes: Buffer, at: number): number | null {
  if (bytes.length < at + 4) return null;
  const seconds = bytes.readUInt32LE(at);
  return seconds === 0xffff_ffff || seconds <= 0x2000_0000 ? null : seconds * 1_000;
}
