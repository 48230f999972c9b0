import { type Static, Type } from "typebox";
import { listOf, nullable, unixMs } from "./schema-parts.ts";

const sha256 = Type.String({ description: "SHA-256, hex" });

export const auditRecordSchema = Type.Object({
  seq: Type.Integer({ description: "from 1, without holes" }),
  atMs: unixMs,
  actor: Type.String({ description: "who: a person's name, `health`, `agent of HOST`" }),
  actorKind: Type.String({ description: "person, automation or agent" }),
  action: Type.String({ description: "as in `host.phase`, `plan.apply`, `session.signin`" }),
  outcome: Type.String({ description: "done, denied or failed" }),
  subject: Type.Object({
    kind: Type.String(),
    id: Type.String(),
    name: Type.String(),
    serial: nullable(Type.String()),
    rack: nullable(Type.String()),
  }),
  reason: nullable(Type.String()),
  planHash: nullable(Type.String()),
  facts: Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  ),
  changeSha256: Type.Optional(sha256),
  previousSha256: sha256,
  sha256,
});
export type AuditRecordView = Static<typeof auditRecordSchema>;

export const auditListSchema = Type.Object({
  items: listOf(auditRecordSchema),
  nextCursor: nullable(Type.String()),
});
export type AuditList = Static<typeof auditListSchema>;

export const auditVerdictSchema = Type.Object({
  records: Type.Integer({ description: "how many follow each other without a fault" }),
  head: Type.Object({ seq: Type.Integer(), sha256 }),
  fault: nullable(
    Type.Object({
      kind: Type.String({ description: "edited, deleted, reordered, cut or rewritten" }),
      seq: Type.Integer({ description: "the first bad record" }),
      words: Type.String(),
    }),
  ),
  headsConfirmed: Type.Integer({ description: "exported heads that the chain agrees with" }),
  exported: nullable(
    Type.Object(
      { seq: Type.Integer(), sha256, atMs: unixMs },
      { description: "the last head that was exported; null: none yet" },
    ),
  ),
});
export type AuditVerdictView = Static<typeof auditVerdictSchema>;
