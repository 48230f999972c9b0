import { createHash } from "node:crypto";
import { canonicalJson } from "#proto/vocabulary/canonical-json.ts";
import type { AuditEntry, AuditRecord } from "./audit-entry.ts";

/** What the first record names as the one before it. */
export const chainStart = "0".repeat(64);

/** The end of a chain: `seq` 0 and `chainStart` where there is no record yet. */
export interface ChainHead {
  readonly seq: number;
  readonly sha256: string;
}

export const emptyChain: ChainHead = { seq: 0, sha256: chainStart };

/** Puts an entry behind the end of the chain. */
export function linkEntry(entry: AuditEntry, head: ChainHead): AuditRecord {
  const seq = head.seq + 1;
  const previousSha256 = head.sha256;
  return { ...entry, seq, previousSha256, sha256: hashEntry(entry, seq, previousSha256) };
}

/** SHA-256 over the canonical JSON of the entry with its number and the hash before it, hex. */
export function hashEntry(entry: AuditEntry, seq: number, previousSha256: string): string {
  const text = canonicalJson({ ...pickEntry(entry), seq, previousSha256 });
  return createHash("sha256").update(text).digest("hex");
}

/** The entry alone, without its place: what is stored, and compared when a write is repeated. */
export function entryText(entry: AuditEntry): string {
  return canonicalJson(pickEntry(entry));
}

/** Whatever else the object carries is no part of the record. */
function pickEntry(entry: AuditEntry): AuditEntry {
  const { atMs, actor, actorKind, action, outcome, subject, reason, planHash, facts } = entry;
  const { changeSha256 } = entry;
  const { kind, id, name, serial, rack } = subject;
  return {
    atMs,
    actor,
    actorKind,
    action,
    outcome,
    subject: { kind, id, name, serial, rack },
    reason,
    planHash,
    facts,
    ...(changeSha256 === undefined ? {} : { changeSha256 }),
  };
}
