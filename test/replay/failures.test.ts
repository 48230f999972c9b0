import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadFixture } from "#agent/hardware/fixture.ts";
import { openReplaySource } from "#agent/hardware/replay.ts";
import { digestOfFolder } from "#agent/hardware/write-fixture.ts";
import { createInspectionSink, type InspectedSeries } from "#agent/inspect/inspection-sink.ts";
import { allRules } from "#fleet/health/all-rules.ts";
import { newHostMemory } from "#fleet/health/host-memory.ts";
import { judgeHost } from "#fleet/health/judge-host.ts";
import { evidenceFrom } from "#test/support/health-evidence.ts";
import { failureTimelines, type FailureTimeline } from "#test/support/splice/failure-timelines.ts";
import { collectWhole, recordFailure } from "#test/support/splice/record-failure.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";

/** Machines going wrong over time: what the collectors show frame by frame, and what health makes of it. */
const failures = join(import.meta.dirname, "../../hardware-fixtures/failures");
const work = mkdtempSync(join(tmpdir(), "wws-failures-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface PlayedFrame {
  readonly series: readonly InspectedSeries[];
  readonly verdict: string;
  readonly rules: readonly string[];
}

async function play(name: string): Promise<readonly PlayedFrame[]> {
  const timeline = requireTimeline(name);
  const fixture = loadFixture(join(failures, name));
  const source = openReplaySource(fixture);
  const sink = createInspectionSink();
  const clock = createVirtualClock();
  const collector = timeline.createCollector({ source, sink, clock });
  const memory = newHostMemory();
  const played: PlayedFrame[] = [];
  await collector.discover();
  for (let frame = 0; frame < fixture.frames.length; frame += 1) {
    source.moveTo(frame);
    sink.at(clock.nowMonotonicMs());
    await collectWhole(collector, clock.nowMonotonicMs());
    const series = sink.series();
    const nowMs = clock.nowUnixMs();
    const readings = series.flatMap(({ metric, attributes, value, reading, kind }) => {
      const shown = kind === "counter" ? reading : value;
      return shown === null ? [] : [{ metric, attributes, value: shown }];
    });
    const { view } = judgeHost(memory, evidenceFrom(readings, { nowMs }), {
      rules: allRules,
      components: [],
      isSilent: false,
    });
    played.push({
      series,
      verdict: view.verdict,
      rules: view.findings.map(({ rule }) => rule),
    });
    await clock.advance(timeline.intervalMs);
  }
  collector.close();
  return played;
}

function requireTimeline(name: string): FailureTimeline {
  const timeline = failureTimelines.find((candidate) => candidate.name === name);
  if (timeline === undefined) throw new Error(`no timeline ${name}`);
  return timeline;
}

/** One series over all frames; null where it was not seen. */
function valuesOf(
  played: readonly PlayedFrame[],
  metric: string,
  attributes: Readonly<Record<string, string>>,
): readonly (number | null)[] {
  return played.map(({ series }) => {
    const found = series.find(
      (one) =>
        one.metric === metric &&
        Object.entries(attributes).every(([key, value]) => one.attributes[key] === value),
    );
    return found === undefined ? null : found.kind === "counter" ? found.reading : found.value;
  });
}

test("every timeline is kept, and nothing else is", () => {
  expect(readdirSync(failures).sort()).toEqual(failureTimelines.map(({ name }) => name).sort());
});

describe.each(failureTimelines)("failures/$name", (timeline) => {
  test("names its parts, and its digest covers it", () => {
    const folder = join(failures, timeline.name);
    const { facts } = loadFixture(folder);
    expect(facts.synthetic).toMatchObject({ is: true });
    for (const { what } of timeline.faults) expect(facts.synthetic.what).toContain(what);
    const { sha256, files, bytes } = digestOfFolder(folder);
    expect({ sha256, files, bytes }).toEqual({ sha256: facts.sha256, ...facts.size });
  });

  test("made again it is what is kept, byte for byte", async () => {
    const made = textsBelow(await recordFailure(timeline, work));
    const kept = textsBelow(join(failures, timeline.name));
    const hint = "node test/support/splice/generate-failures.ts";
    expect([...made.keys()].sort(), hint).toEqual([...kept.keys()].sort());
    expect(
      [...made].filter(([path, text]) => kept.get(path) !== text).map(([path]) => path),
      hint,
    ).toEqual([]);
  });
});

test("a disk dies: sectors wait, then move, then the disk says so itself", async () => {
  const played = await play("disk-dying");
  const of = (state: string) =>
    valuesOf(played, "wws.disk.sectors", { "hw.name": "sdb", "wws.sector.state": state });
  expect(of("pending").slice(0, 8)).toEqual([0, 0, 0, 0, 8, 16, 24, 32]);
  expect(of("reallocated").slice(8, 13)).toEqual([0, 0, 8, 32, 72]);
  const passed = valuesOf(played, "wws.disk.smart.passed", { "hw.name": "sdb" });
  expect([passed[19], passed[20]]).toEqual([1, 0]);
  expect(
    valuesOf(played, "wws.disk.sectors", { "hw.name": "sda", "wws.sector.state": "pending" }),
  ).toEqual(played.map(() => 0));
  expect(played[3]?.verdict).toBe("ok");
  expect(played.at(-1)?.verdict).toMatch(/^fail/);
  expect(played.at(-1)?.rules).toEqual(
    expect.arrayContaining(["disk-pending", "disk-self-verdict"]),
  );
});

test("a supply loses its input and comes back", async () => {
  const played = await play("supply-lost");
  const works = valuesOf(played, "hw.power_supply.status", { "hw.name": "PS2 Status" });
  expect(works).toEqual(played.map((_, frame) => (frame >= 4 && frame <= 9 ? 0 : 1)));
  expect(played[3]?.verdict).toBe("ok");
  expect(played[8]).toMatchObject({
    verdict: "degraded",
    rules: expect.arrayContaining(["supply-lost"]),
  });
  expect(played.at(-1)?.rules).not.toContain("supply-lost");
});

test("a module corrects ever more errors, and one is not corrected", async () => {
  const played = await play("memory-storm");
  const corrected = valuesOf(played, "hw.errors", {
    "hw.id": "edac:mc0/dimm1",
    "error.type": "corrected",
  });
  expect(corrected.slice(3, 8)).toEqual([0, 0, 700, 1400, 2100]);
  expect(played[4]?.verdict).toBe("ok");
  expect(played.at(-1)?.rules).toEqual(
    expect.arrayContaining(["memory-corrected", "memory-uncorrected"]),
  );
});

test("fans stop, and the processor warms up to its limit", async () => {
  const played = await play("thermal-trip");
  const fans = played.map(
    ({ series }) =>
      series.filter(({ metric, value }) => metric === "hw.fan.speed" && value === 0).length,
  );
  expect(fans[2]).toBe(0);
  expect(fans[3]).toBeGreaterThanOrEqual(4);
  const hottest = played.map(({ series }) =>
    Math.max(
      ...series.flatMap(({ metric, value }) => (metric === "hw.temperature" ? [value ?? 0] : [])),
    ),
  );
  expect(hottest[2]).toBeLessThan(80);
  expect(hottest.at(-1)).toBeGreaterThanOrEqual(100);
  expect(played[2]?.rules).toEqual([]);
  expect(played.at(-1)?.rules).toContain("fan-stopped");
});

test("a file system that the kernel remounted read-only is seen and named", async () => {
  const played = await play("filesystem-readonly");
  const readonly = valuesOf(played, "system.filesystem.readonly", {
    "system.filesystem.mountpoint": "/srv/data/1",
  });
  expect(readonly).toEqual(played.map((_, frame) => (frame < 5 ? 0 : 1)));
  expect(played[4]?.verdict).toBe("ok");
  expect(played.at(-1)?.rules).toEqual(["filesystem-readonly"]);
});

function textsBelow(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, "latin1")];
    }),
  );
}
