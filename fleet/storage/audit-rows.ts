import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { AuditEntry, AuditRecord } from "#fleet/audit/audit-entry.ts";
import { entryText } from "#fleet/audit/chain.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { AuditRow } from "./life-columns.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";

const text = Type.Union([Type.String(), Type.Null()]);

const entrySchema = Type.Object({
  atMs: Type.Unsafe<UnixMs>(Type.Number()),
  actor: Type.String(),
  actorKind: Type.Enum(["person", "automation", "agent"]),
  action: Type.String(),
  outcome: Type.Enum(["done", "denied", "failed"]),
  subject: Type.Object({
    // A later release has more kinds.
    kind: Type.Unsafe<AuditEntry["subject"]["kind"]>(Type.String()),
    id: Type.String(),
    name: Type.String(),
    serial: text,
    rack: text,
  }),
  reason: text,
  planHash: text,
  facts: Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  ),
  changeSha256: Type.Optional(Type.String()),
});

/** A page of records is checked in a tenth of the time. */
const isEntry = Compile(entrySchema);

/** Throws StoreError `STORE_DAMAGED`: a record that cannot be read is no record that is not there. */
export function auditFromRow(row: AuditRow): AuditRecord {
  const value = parseJson(row.entry_json);
  if (!isEntry.Check(value)) throw damagedRow(`audit record ${row.seq} is no record`);
  if (value.atMs !== row.at_ms || value.actor !== row.actor || value.subject.id !== row.subject_id)
    throw damagedRow(`audit record ${row.seq} says two things`);
  return { ...value, seq: row.seq, previousSha256: row.previous_sha256, sha256: row.sha256 };
}

export function auditToRow(record: AuditRecord): AuditRow {
  return {
    seq: record.seq,
    at_ms: record.atMs,
    actor: record.actor,
    subject_id: record.subject.id,
    previous_sha256: record.previousSha256,
    sha256: record.sha256,
    entry_json: entryText(record),
  };
}
