import { expect, test } from "vitest";
import { unpackColumn } from "#proto/codec/columns.ts";
import type { Report } from "#proto/messages/report.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import type { ScriptedManager } from "#test/support/scripted-manager.ts";
import { createTestBed } from "#test/support/test-agent.ts";

/** Points of a metric over all kept reports, by time of day: `[unixMs, integer]`. */
function pointsOf(
  manager: ScriptedManager,
  metric: string,
): readonly (readonly [number, number])[] {
  const points: [number, number][] = [];
  const reports = [...manager.kept.values()].sort((left, right) => left.seq - right.seq);
  for (const report of reports) {
    const dictionary = manager.dictionaries.get(report.dictionary);
    const series = dictionary?.series.findIndex((entry) => entry?.metric === metric);
    const column = report.columns.find((candidate) => candidate.series === series);
    if (column === undefined) continue;
    const kind = metrics[metric as keyof typeof metrics].kind;
    unpackColumn(column, report.steps, kind).forEach((value, step) => {
      if (!Number.isNaN(value)) points.push([report.startMs + step * report.stepMs, value]);
    });
  }
  return points;
}

const kept = (manager: ScriptedManager): readonly Report[] => [...manager.kept.values()];

test("an agent says hello, sends dictionary, state and reports, and forgets what is acknowledged", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(60_000);
  const kinds = bed.manager.heard.map(({ kind }) => kind);
  expect(kinds[0]).toBe("hello");
  expect(kinds).toContain("state");
  expect(kinds.indexOf("dictionary")).toBeLessThan(kinds.indexOf("report"));
  expect(bed.manager.unreadable).toEqual([]);
  expect(agent.status().link.state).toBe("live");
  expect(agent.status().ring.reports).toBe(0);
  await bed.stop(agent);
});

test("every second of a minute has its point, on whole seconds, and counters give increments", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(60_000);
  await bed.stop(agent);
  const gauge = pointsOf(bed.manager, "system.cpu.load_average.1m");
  const counter = pointsOf(bed.manager, "system.disk.io");
  expect(gauge.length).toBeGreaterThanOrEqual(59);
  for (const [index, [at]] of gauge.entries()) {
    expect(at % 1_000).toBe(0);
    if (index > 0) expect(at - (gauge[index - 1]?.[0] ?? 0)).toBe(1_000);
  }
  expect(counter.length).toBe(gauge.length - 1);
  expect(new Set(counter.map(([, increment]) => increment))).toEqual(new Set([3]));
});

test("after a cut of ten minutes every sample arrives, the present before the past", async () => {
  const bed = createTestBed({ seed: 7 });
  const agent = bed.start();
  await bed.clock.advance(30_000);
  bed.network.listen(null);
  bed.network.cut();
  await bed.clock.advance(600_000);
  expect(agent.status().link.state).not.toBe("live");
  const before = bed.manager.heard.length;
  bed.network.listen(bed.manager.accept);
  await bed.clock.advance(240_000);
  const after = bed.manager.heard.slice(before).filter((message) => message.kind === "report");
  expect(after[0]?.report.seq).toBeGreaterThan(after[1]?.report.seq ?? 0);
  expect(agent.status().ring.reports).toBe(0);
  const gauge = pointsOf(bed.manager, "system.cpu.load_average.1m");
  const times = new Set(gauge.map(([at]) => at));
  const span = (Math.max(...times) - Math.min(...times)) / 1_000 + 1;
  expect(times.size).toBe(span);
  expect(gauge.length).toBe(span);
  expect(kept(bed.manager).flatMap(({ gaps }) => gaps)).toEqual([]);
  await bed.stop(agent);
});
