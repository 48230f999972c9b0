import type { LinkTransport } from "#agent/link/transport.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import { readVarint } from "#proto/codec/varints.ts";

/** What went over the links of all hosts of a process. */
export interface LinkCounters {
  sentBytes: number;
  sentReports: number;
  acknowledgedReports: number;
  /** From sending a report to its acknowledgement. */
  ackMs: number[];
  /** Reports that were sent and are not acknowledged, and when. */
  readonly waiting: Map<string, number>;
  welcomes: number;
}

export function createLinkCounters(): LinkCounters {
  return {
    sentBytes: 0,
    sentReports: 0,
    acknowledgedReports: 0,
    ackMs: [],
    waiting: new Map(),
    welcomes: 0,
  };
}

/** Counts what one host sends and is told; costs next to nothing beside the sending itself. */
export function countLink(
  inner: LinkTransport,
  host: string,
  counters: LinkCounters,
  now: () => number,
): LinkTransport {
  return {
    connect(target, handlers) {
      const connection = inner.connect(target, {
        ...handlers,
        onMessage(bytes) {
          if (bytes[0] === tags.ack) noteAck(host, counters, bytes, now());
          else if (bytes[0] === tags.welcome) counters.welcomes += 1;
          handlers.onMessage(bytes);
        },
      });
      return {
        send(bytes) {
          counters.sentBytes += bytes.length;
          if (bytes[0] === tags.report) {
            counters.sentReports += 1;
            counters.waiting.set(`${host} ${reportSeq(bytes)}`, now());
          }
          connection.send(bytes);
        },
        bufferedBytes: () => connection.bufferedBytes(),
        close: (code, detail) => connection.close(code, detail),
      };
    },
  };
}

/** First bytes of a frame: field number and wire type of what it holds (proto/schema/agent.proto). */
const tags = { welcome: (1 << 3) | 2, ack: (2 << 3) | 2, report: (3 << 3) | 2 } as const;

function reportSeq(frame: Uint8Array): number {
  const cursor = { bytes: frame, at: 1 };
  readVarint(cursor);
  const isSeq = frame[cursor.at] === 1 << 3;
  cursor.at += 1;
  return isSeq ? readVarint(cursor) : Number.NaN;
}

function noteAck(host: string, counters: LinkCounters, bytes: Uint8Array, nowMs: number): void {
  const decoded = decodeManagerFrame(bytes);
  if (!decoded.ok || decoded.value.kind !== "ack") return;
  for (const { first, last } of decoded.value.ack.ranges) {
    for (let seq = first; seq <= last; seq += 1) {
      const key = `${host} ${seq}`;
      const sentMs = counters.waiting.get(key);
      if (sentMs === undefined) continue;
      counters.waiting.delete(key);
      counters.acknowledgedReports += 1;
      counters.ackMs.push(nowMs - sentMs);
    }
  }
}
