import { reportFormats, reportKinds } from "#fleet/reports/report.ts";
import { type Static, Type } from "typebox";
import { listOf, nullable, unixMs } from "./schema-parts.ts";

const cellSchema = Type.Union([Type.String(), Type.Number(), Type.Null()]);
const rowSchema = Type.Immutable(Type.Record(Type.String(), cellSchema));

export const reportSchema = Type.Object({
  schema: Type.String({ description: "name and version: wws.report.capacity.v1" }),
  kind: Type.Enum([...reportKinds]),
  cell: Type.String(),
  madeMs: unixMs,
  atMs: Type.Integer({ description: "the moment of which it speaks, unix milliseconds" }),
  window: nullable(
    Type.Object({
      fromMs: unixMs,
      toMs: unixMs,
      statistic: Type.String({ description: "what was done with what was seen, in words" }),
    }),
  ),
  selector: nullable(Type.String()),
  group: listOf(Type.String()),
  columns: listOf(
    Type.Object({
      key: Type.String({ description: "in rows, CSV and Parquet; names its unit" }),
      title: Type.String(),
      unit: nullable(Type.String({ description: "UCUM; null: text" })),
      isWideOnly: Type.Boolean({ description: "left out where room is short" }),
      meaning: Type.String(),
    }),
  ),
  rows: listOf(rowSchema),
  total: nullable(rowSchema),
  coverage: Type.Object({ share: Type.Number(), words: Type.String() }),
  notes: listOf(Type.String()),
});
export type ReportView = Static<typeof reportSchema>;

export const reportQuery = Type.Object(
  {
    selector: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4_096,
        description: "host names or ids, or region=eu,site=fra2,class=…; all hosts where not said",
      }),
    ),
    group: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "what rows are split by, with commas between: site,class; see docs/reports.md",
      }),
    ),
    format: Type.Optional(
      Type.Enum(reportFormats, { description: "json where not said; the same rows in all" }),
    ),
    at: Type.Optional(
      Type.String({
        maxLength: 32,
        description:
          "a moment of the past: unix milliseconds, or relative as in -7d; now where not said",
      }),
    ),
    window: Type.Optional(
      Type.String({
        maxLength: 16,
        description: "over how long: 15m, 24h, 30d; power: 1h, failures: 30d where not said",
      }),
    ),
  },
  { additionalProperties: false },
);

const runSchema = Type.Object({
  dueMs: unixMs,
  outcome: Type.String({ description: "none (never ran), done or failed" }),
  attempts: Type.Integer(),
  endedMs: unixMs,
  detail: Type.String({ description: "the file's path, or what went wrong" }),
  doneMs: nullable(unixMs),
});

export const reportScheduleSchema = Type.Object({
  name: Type.String(),
  report: Type.String(),
  format: Type.String(),
  selector: nullable(Type.String()),
  group: nullable(Type.String()),
  cron: Type.String(),
  timeZone: Type.String(),
  folder: nullable(Type.String({ description: "null: `reports` in the data folder" })),
  keep: Type.Integer(),
  nextMs: nullable(unixMs),
  last: nullable(runSchema),
});
export type ReportScheduleView = Static<typeof reportScheduleSchema>;

export const reportScheduleListSchema = Type.Object({
  items: listOf(reportScheduleSchema),
  nextCursor: Type.Null(),
});
export type ReportScheduleList = Static<typeof reportScheduleListSchema>;
