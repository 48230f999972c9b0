import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { atomKeys, countKeys } from "#fleet/reports/capacity-figures.ts";
import type { KeptFigures, ScheduleRun } from "#fleet/reports/report-store.ts";
import { parseJson } from "./stored-json.ts";

// Figures that reports of the past are made of; a day of ten thousand hosts is some 10 KiB packed.

const number = Type.Union([Type.Number(), Type.Null()]);
const of = <Schema>(keys: readonly string[], schema: Schema): Record<string, Schema> =>
  Object.fromEntries(keys.map((key) => [key, schema]));
const place = {
  region: Type.String(),
  site: Type.String(),
  row: Type.String(),
  rack: Type.String(),
};

const figuresSchema = Type.Object({
  capacity: Type.Object({
    atMs: Type.Number(),
    cell: Type.String(),
    atoms: Type.Array(
      Type.Object({
        ...of(atomKeys, Type.String()),
        counts: Type.Object(of(countKeys, Type.Number())),
      }),
    ),
    racks: Type.Array(Type.Object({ ...place, units: Type.Number(), unitsFree: Type.Number() })),
  }),
  power: Type.Object({
    atMs: Type.Number(),
    cell: Type.String(),
    racks: Type.Array(
      Type.Object({
        ...place,
        id: Type.String(),
        feeds: Type.Array(
          Type.Object({ name: Type.String(), line: Type.String(), budgetWatts: number }),
        ),
        hosts: Type.Number(),
        measured: Type.Array(
          Type.Object({ source: Type.String(), hosts: Type.Number(), watts: Type.Number() }),
        ),
        unmeasured: Type.Array(Type.String()),
        window: Type.Object({
          fromMs: Type.Number(),
          toMs: Type.Number(),
          seenMinutes: Type.Number(),
          minutes: Type.Number(),
          coverage: Type.Number(),
          meanWatts: number,
          p95Watts: number,
          maxWatts: number,
          sources: Type.Array(Type.String()),
        }),
      }),
    ),
  }),
});

const runSchema = Type.Object({
  name: Type.String(),
  dueMs: Type.Number(),
  outcome: Type.Enum(["none", "done", "failed"]),
  attempts: Type.Number(),
  endedMs: Type.Number(),
  detail: Type.String(),
  doneMs: number,
});

export function packFigures(figures: KeptFigures): string {
  return zstdCompressSync(JSON.stringify(figures)).toString("base64");
}

/** More than this no day can be. */
const unpackedBytesMax = 256 * 1024 * 1024;

/** undefined: damaged, or of a release that keeps other figures. */
export function unpackFigures(packed: string): KeptFigures | undefined {
  let text: string;
  try {
    const bytes = zstdDecompressSync(Buffer.from(packed, "base64"), {
      maxOutputLength: unpackedBytesMax,
    });
    text = bytes.toString("utf8");
  } catch {
    return undefined;
  }
  const figures = parseJson(text);
  return Value.Check(figuresSchema, figures) ? (figures as unknown as KeptFigures) : undefined;
}

export function parseStoredRun(text: string): ScheduleRun | undefined {
  const run = parseJson(text);
  return Value.Check(runSchema, run) ? run : undefined;
}
