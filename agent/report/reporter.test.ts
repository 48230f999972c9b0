import { expect, test } from "vitest";
import type { Collector } from "#agent/collectors/collector.ts";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { startReporter } from "./reporter.ts";

test("points lie on whole seconds, also where the millisecond changes while the clock is read", async () => {
  const virtual = createVirtualClock();
  let readings = 0;
  // As on a busy machine: between any two readings most of a millisecond goes by.
  const clock: Clock = {
    ...virtual,
    nowMonotonicMs() {
      readings += 1;
      return monotonicMs(virtual.nowMonotonicMs() + readings * 0.7);
    },
  };
  const reporter = startReporter({
    clock,
    log: silentLog,
    createCollectors(sink): readonly Collector[] {
      const metric = "system.memory.usage";
      const handle = sink.declare({
        metric,
        attributes: { "system.memory.state": "free" },
        exponent: 0,
      });
      return [
        {
          subject: "memory",
          cadenceMs: 0,
          discover: () => ({ absences: [] }),
          collect: () => {
            sink.set(handle, 1);
            return null;
          },
          close: () => {},
        },
      ];
    },
    pace: { stepMs: 1_000, reportIntervalMs: 10_000 },
    ringBytesMax: 1_024 * 1_024,
    spread: 0,
    previousRun: null,
    onNews: () => {},
  });
  await virtual.advance(30_000);
  reporter.stop();
  const { ring } = reporter;
  expect(ring.nextSeq() - ring.oldestSeq()).toBeGreaterThan(1);
  for (let seq = ring.oldestSeq(); seq < ring.nextSeq(); seq += 1) {
    const decoded = decodeAgentFrame(ring.find(seq)?.frame() ?? new Uint8Array());
    if (!decoded.ok || decoded.value.kind !== "report") throw new Error("no report");
    expect(decoded.value.report.startMs % 1_000).toBe(0);
  }
});
