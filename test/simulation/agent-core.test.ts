import { expect, test } from "vitest";
import { unpackColumn } from "#proto/codec/columns.ts";
import type { Report } from "#proto/messages/report.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import type { ScriptedManager } from "#test/support/scripted-manager.ts";
import type { Collector } from "#agent/collectors/collector.ts";
import { createRampCollector, createTestBed, type TestBed } from "#test/support/test-agent.ts";

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

const year = 365 * 86_400_000;

/** Each point tells its monotonic second: by time of day it must be the same second, in order. */
function expectTrueTimes(bed: TestBed): number {
  const gauge = pointsOf(bed.manager, "system.cpu.load_average.1m");
  const bootMs = bed.clock.nowUnixMs() - bed.clock.nowMonotonicMs();
  for (const [atMs, second] of gauge) {
    expect(Math.abs(atMs - (bootMs + second * 1_000))).toBeLessThanOrEqual(1_500);
  }
  const times = gauge.map(([atMs]) => atMs);
  expect(new Set(times).size).toBe(times.length);
  return gauge.length;
}

test.each([-30 * year, -3_600_000, -31_000, 31_000, 3_600_000, 10 * year])(
  "a host clock that is %i ms off gives the right times, and says that it is off",
  async (wallOffsetMs) => {
    const bed = createTestBed({ wallOffsetMs });
    const agent = bed.start();
    await bed.clock.advance(60_000);
    expect(expectTrueTimes(bed)).toBeGreaterThan(45);
    expect(agent.status().clock).toEqual({ standing: "wrong", offsetMs: wallOffsetMs });
    const clock = bed.manager
      .of("state")
      .at(-1)
      ?.state.absences.find(({ what }) => what === "clock");
    expect(clock?.reason).toBe("implausible");
    expect(clock?.detail).toMatch(wallOffsetMs > 0 ? /ahead of/ : /behind/);
    await bed.stop(agent);
  },
);

test("points taken with a wrong clock before the manager was first heard get the right times too", async () => {
  const bed = createTestBed({ wallOffsetMs: -30 * year });
  bed.network.listen(null);
  const agent = bed.start();
  await bed.clock.advance(120_000);
  expect(agent.status().ring.reports).toBeGreaterThan(5);
  bed.network.listen(bed.manager.accept);
  await bed.clock.advance(180_000);
  expect(agent.status().ring.reports).toBe(0);
  expect(expectTrueTimes(bed)).toBeGreaterThan(250);
  await bed.stop(agent);
});

test.each([3_600_000, -3_600_000, 20 * year, -20 * year])(
  "a host clock that jumps by %i ms in the middle changes nothing about the samples",
  async (jumpMs) => {
    const bed = createTestBed();
    const agent = bed.start();
    await bed.clock.advance(60_000);
    bed.hostClock.jumpWall(jumpMs);
    await bed.clock.advance(60_000);
    bed.hostClock.jumpWall(-jumpMs);
    await bed.clock.advance(60_000);
    expect(expectTrueTimes(bed)).toBeGreaterThan(165);
    expect(agent.status().clock.standing).toBe("good");
    await bed.stop(agent);
  },
);

test("a small step back is waited out: no second comes twice, none is out of order", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(60_000);
  bed.hostClock.jumpWall(-7_000);
  await bed.clock.advance(60_000);
  const gauge = pointsOf(bed.manager, "system.cpu.load_average.1m");
  const times = gauge.map(([atMs]) => atMs);
  expect(times).toEqual([...new Set(times)].sort((left, right) => left - right));
  const seconds = gauge.map(([, second]) => second);
  expect(seconds).toEqual([...seconds].sort((left, right) => left - right));
  // Nobody watched for seven seconds: no counter point covers them.
  const increments = new Set(pointsOf(bed.manager, "system.disk.io").map(([, value]) => value));
  expect(increments).toEqual(new Set([3]));
  await bed.stop(agent);
});

test("a host that slept tells the gap, and its counters begin anew", async () => {
  const bed = createTestBed();
  let sleeping = false;
  const clock = {
    ...bed.hostClock,
    // While it sleeps no timer of the host fires; they all do when it wakes.
    after: (delayMs: number, callback: () => void) =>
      bed.hostClock.after(delayMs, function late() {
        if (sleeping) bed.hostClock.after(1_000, late);
        else callback();
      }),
  };
  const agent = bed.start({}, { clock });
  await bed.clock.advance(30_000);
  sleeping = true;
  await bed.clock.advance(100_000);
  sleeping = false;
  await bed.clock.advance(120_000);
  const gaps = kept(bed.manager).flatMap((report) => report.gaps);
  expect(gaps.map(({ reason }) => reason)).toEqual(["host-slept"]);
  const [gap] = gaps;
  expect((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)).toBeGreaterThanOrEqual(99_000);
  const points = pointsOf(bed.manager, "system.disk.io");
  expect(new Set(points.map(([, value]) => value))).toEqual(new Set([3]));
  for (const [atMs] of points) {
    expect(atMs < (gap?.fromMs ?? 0) || atMs >= (gap?.toMs ?? 0)).toBe(true);
  }
  await bed.stop(agent);
});

test("a killed agent's successor says since when it has points, in a spool of its own", async () => {
  const bed = createTestBed();
  const first = bed.start();
  await bed.clock.advance(60_000);
  const { acknowledgedToMs, stateRevision } = first.status();
  bed.network.cut();
  bed.network.listen(null);
  await bed.clock.advance(30_000);
  await bed.stop(first);
  bed.network.listen(bed.manager.accept);
  const second = bed.start({}, { previousRun: { acknowledgedToMs, stateRevision } });
  await bed.clock.advance(60_000);
  const [before, after] = [bed.manager.of("hello")[0], bed.manager.of("hello").at(-1)];
  expect(after?.hello.spoolId).not.toBe(before?.hello.spoolId);
  expect(after?.hello.incarnationId).not.toBe(before?.hello.incarnationId);
  expect(after?.hello.stateRevision).toBeGreaterThan(stateRevision);
  const gaps = kept(bed.manager).flatMap((report) => report.gaps);
  expect(gaps.map(({ reason }) => reason)).toEqual(["agent-restarted"]);
  expect(gaps[0]?.fromMs).toBe(acknowledgedToMs);
  const points = pointsOf(bed.manager, "system.cpu.load_average.1m").map(([atMs]) => atMs);
  expect(points).toContain(gaps[0]?.toMs);
  await bed.stop(second);
});

test("an outage longer than the ring holds is told as one gap, and every other second is there", async () => {
  const bed = createTestBed();
  const agent = bed.start({ ringBytesMax: 40_000 });
  await bed.clock.advance(60_000);
  bed.network.listen(null);
  bed.network.cut();
  await bed.clock.advance(3 * 3_600_000);
  expect(agent.status().ring.bytes).toBeLessThanOrEqual(40_000);
  bed.network.listen(bed.manager.accept);
  await bed.clock.advance(400_000);
  await bed.stop(agent);
  const gaps = kept(bed.manager)
    .flatMap((report) => report.gaps)
    .filter(({ reason }) => reason === "ring-full");
  expect(gaps.length).toBeLessThanOrEqual(2);
  const points = pointsOf(bed.manager, "system.cpu.load_average.1m").map(([atMs]) => atMs);
  const seen = new Set(points);
  expect(seen.size).toBe(points.length);
  for (let at = Math.min(...points); at <= Math.max(...points); at += 1_000) {
    const isInGap = gaps.some(({ fromMs, toMs }) => fromMs <= at && at < toMs);
    expect(seen.has(at) || isInGap).toBe(true);
  }
});

test("a disk that is plugged in later has its series from then on", async () => {
  const bed = createTestBed();
  const agent = bed.start(
    {},
    {
      createCollectors: (sink) => {
        const ramp = createRampCollector(sink, bed.hostClock.nowMonotonicMs);
        let handle: number | null = null;
        const hotplug: Collector = {
          subject: "disks",
          cadenceMs: 0,
          discover() {
            if (bed.hostClock.nowMonotonicMs() >= 60_000) {
              const attributes = { "hw.id": "nvme9" };
              handle = sink.declare({ metric: "hw.temperature", attributes, exponent: -3 });
            }
            return { absences: [] };
          },
          collect() {
            if (handle !== null) sink.set(handle, 41_000);
            return null;
          },
          close() {},
        };
        return [ramp, hotplug];
      },
    },
  );
  await bed.clock.advance(150_000);
  expect(bed.manager.dictionaries.size).toBe(2);
  expect(bed.manager.unreadable).toEqual([]);
  const points = pointsOf(bed.manager, "hw.temperature");
  expect(points.length).toBeGreaterThan(60);
  const ramp = pointsOf(bed.manager, "system.cpu.load_average.1m");
  expect(ramp.length).toBeGreaterThan(135);
  await bed.stop(agent);
});

test("hosts look and report at different moments, each at its own", async () => {
  const bed = createTestBed();
  const arrivals = new Set<number>();
  for (let index = 0; index < 40; index += 1) {
    const other = createTestBed({ seed: index + 1, hostNumber: index + 1 });
    const agent = other.start();
    await other.clock.advance(60_000);
    const peer = [...other.manager.kept.values()].at(-1);
    arrivals.add(((peer?.startMonotonicMs ?? 0) / 1_000 + (peer?.steps ?? 0)) % 10);
    await other.stop(agent);
  }
  expect(arrivals.size).toBeGreaterThan(6);
  expect(bed.clock.timers()).toBe(0);
});
