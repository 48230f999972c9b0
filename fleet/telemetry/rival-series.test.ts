import { expect, test } from "vitest";
import type { Dictionary } from "#proto/messages/series.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import {
  dictionaryOf,
  hostOf,
  type Points,
  reportsStartMs,
  seriesOf,
} from "#test/support/report-builders.ts";
import { answerOf, entryOf, openWorld, queryOf, valuesOf } from "#test/support/telemetry-world.ts";

/** At a multiple of every step that is asked for. */
const beginMs = Math.ceil(reportsStartMs / 60_000) * 60_000;
const power = (source: string) => seriesOf("hw.host.power", { "wws.power.source": source });
const both = dictionaryOf(power("dcmi"), power("rapl-package"));
const part = (id: string, source: string) =>
  seriesOf("hw.power", { "hw.id": id, "wws.power.source": source });
const parts = dictionaryOf(part("psu0", "ipmi"), part("psu1", "ipmi"));
const mixed = dictionaryOf(part("psu0", "ipmi"), part("package-0", "rapl"));

async function storeWith(dictionary: Dictionary, ...batches: readonly (readonly Points[])[]) {
  const world = await openWorld(createMemoryBlockFolder(), { dictionaries: [dictionary] });
  let startMs = beginMs;
  for (const [index, points] of batches.entries()) {
    const entry = entryOf({ seq: index + 1, dictionary, points, startMs });
    await world.telemetry.append(entry);
    startMs += entry.report.steps * entry.report.stepMs;
  }
  return world.telemetry;
}

const until = (seconds: number) => unixMs(beginMs + seconds * 1_000);
const fromMs = unixMs(beginMs);

test("a step in which the source changed holds the newer one alone, never a mean of both", async () => {
  const telemetry = await storeWith(both, [
    [400, 400, 400, null, null, null],
    [null, null, null, 120, 120, 120],
  ]);
  const query = queryOf({ fromMs, metric: "hw.host.power", toMs: until(6), stepMs: 2_000 });
  expect(await valuesOf(telemetry, query)).toEqual([400, 120, 120]);
  const answer = await answerOf(telemetry, query);
  expect(answer.series).toHaveLength(1);
  expect(answer.series[0]?.parts).toEqual([
    {
      fromMs: until(0),
      toMs: until(2),
      attributes: [{ key: "wws.power.source", value: "dcmi" }],
    },
    {
      fromMs: until(2),
      toMs: until(6),
      attributes: [{ key: "wws.power.source", value: "rapl-package" }],
    },
  ]);
});

test.each(["mean", "min", "max", "p95"] as const)("nor does %s over one step", async (stat) => {
  const telemetry = await storeWith(both, [
    [400, 500, 400, null],
    [null, null, null, 120],
  ]);
  const query = queryOf({ fromMs, metric: "hw.host.power", toMs: until(4), stepMs: 4_000, stat });
  expect(await valuesOf(telemetry, query)).toEqual([120]);
});

test("split by source, each has its own line", async () => {
  const telemetry = await storeWith(both, [
    [400, 400, null],
    [null, null, 120],
  ]);
  const by = "wws.power.source";
  const answer = await answerOf(
    telemetry,
    queryOf({ fromMs, metric: "hw.host.power", toMs: until(3), by }),
  );
  expect(answer.series.map(({ points }) => points.map(([, value]) => value))).toEqual([
    [400, 400, null],
    [null, null, 120],
  ]);
});

test("the newest figure is that of the source that still speaks", async () => {
  const telemetry = await storeWith(
    both,
    [
      [400, 400],
      [null, null],
    ],
    [
      [null, null],
      [118, 120],
    ],
  );
  const latest = telemetry.latest(hostOf(1));
  expect(latest?.hostWide("hw.host.power")).toBe(120);
  expect(latest?.newestOf("hw.host.power")?.series.attributes).toEqual([
    { key: "wws.power.source", value: "rapl-package" },
  ]);
});

test("parts of one source are added, parts of two are not", async () => {
  const query = queryOf({ fromMs, metric: "hw.power", toMs: until(2) });
  const one = await storeWith(parts, [
    [100, 110],
    [90, 90],
  ]);
  expect(await valuesOf(one, query)).toEqual([190, 200]);
  expect(one.latest(hostOf(1))?.hostWide("hw.power")).toBe(200);
  const two = await storeWith(mixed, [
    [200, 210],
    [90, 90],
  ]);
  expect(await valuesOf(two, query)).toEqual([null, null]);
  expect(two.latest(hostOf(1))?.hostWide("hw.power")).toBeNull();
  const split = await answerOf(two, { ...query, by: "wws.power.source" });
  expect(split.series.map(({ points }) => points.map(([, value]) => value))).toEqual([
    [200, 210],
    [90, 90],
  ]);
});

test("the least of several is the least, over a range too", async () => {
  const spare = (id: string) => seriesOf("wws.disk.spare", { "hw.id": id }, { exponent: -2 });
  const telemetry = await storeWith(dictionaryOf(spare("a"), spare("b")), [
    [100, 90],
    [40, 41],
  ]);
  const query = queryOf({ fromMs, metric: "wws.disk.spare", toMs: until(2) });
  expect(await valuesOf(telemetry, query)).toEqual([0.4, 0.41]);
});
