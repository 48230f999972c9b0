import type { ByteCursor } from "#proto/codec/varints.ts";
import type { HostId, SpoolId } from "#proto/vocabulary/ids.ts";
import { takeVarint, takeZigZag } from "./byte-reader.ts";
import { type ByteWriter, putVarint, putZigZag } from "./byte-writer.ts";
import type { HostTable, KnownHost, Spool } from "./host-table.ts";
import { putId, takeId } from "./id-bytes.ts";

/**
 * High-water marks of all spools, so that a segment can be removed without its reports being taken
 * a second time. Written at the head of each segment in parts; each part stands for itself, and
 * reading one again changes nothing. Spools that were silent for `keepMs` are left out.
 */
export function* checkpointParts(
  hosts: Iterable<KnownHost>,
  keptSinceMs: number,
): Generator<(writer: ByteWriter) => void> {
  let part: (readonly [KnownHost, Spool])[] = [];
  let spans = 0;
  for (const host of hosts) {
    for (const spool of host.spools.values()) {
      if (spool.spans.length === 0 || spool.lastReceivedMs < keptSinceMs) continue;
      part.push([host, spool]);
      spans += 1 + spool.spans.length;
      if (spans < spansPerPart) continue;
      yield partOf(part);
      part = [];
      spans = 0;
    }
  }
  if (part.length > 0) yield partOf(part);
}

/** Reads one part, behind its kind byte. Throws CorruptBytes. */
export function takeCheckpoint(cursor: ByteCursor, hosts: HostTable): void {
  const spools = takeVarint(cursor);
  for (let index = 0; index < spools; index += 1) {
    const host = hosts.require(takeId<HostId>(cursor));
    const spool = hosts.requireSpool(host, takeId<SpoolId>(cursor));
    const receivedMs = takeVarint(cursor);
    const spans = takeVarint(cursor);
    for (let at = 0; at < spans; at += 1) {
      const first = takeVarint(cursor);
      const last = first + takeVarint(cursor);
      const fromMs = takeZigZag(cursor);
      const toMs = takeZigZag(cursor);
      hosts.addDurable(host, spool, { first, last, fromMs, toMs }, receivedMs);
    }
  }
}

/** A spool takes some 60 bytes and a span some 20: a part stays far below what a frame may hold. */
const spansPerPart = 4_000;

function partOf(entries: readonly (readonly [KnownHost, Spool])[]): (writer: ByteWriter) => void {
  return (writer) => {
    putVarint(writer, entries.length);
    for (const [host, spool] of entries) {
      putId(writer, host.id);
      putId(writer, spool.id);
      putVarint(writer, Math.max(0, Math.floor(spool.lastReceivedMs)));
      putVarint(writer, spool.spans.length);
      for (const { first, last, fromMs, toMs } of spool.spans) {
        putVarint(writer, first);
        putVarint(writer, last - first);
        putZigZag(writer, fromMs);
        putZigZag(writer, toMs);
      }
    }
  };
}
