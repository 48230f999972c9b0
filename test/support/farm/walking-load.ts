import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";

/** A walking gauge, a growing counter, and a gauge that is not always seen: one series a metric. */
export function createWalkingLoad(
  sink: SampleSink,
  effects: {
    readonly clock: Clock;
    readonly random: SeededRandom;
    /** Called for each reading of the walking gauge. */
    readonly onTaken?: () => void;
  },
): Collector {
  const { clock, random } = effects;
  const busy = sink.declare({ metric: "system.cpu.utilization", attributes: {}, exponent: -4 });
  const bytes = sink.declare({
    metric: "system.disk.io",
    attributes: { "system.device": "sda", "disk.io.direction": "write" },
    exponent: 0,
    quantum: 512,
  });
  const watts = sink.declare({ metric: "hw.host.power", attributes: {}, exponent: -3 });
  let share = random.below(10_000);
  let sectors = random.below(1_000_000_000);
  return {
    subject: "cpu",
    cadenceMs: 0,
    discover: () => ({ absences: [] }),
    collect() {
      share = Math.min(10_000, Math.max(0, share + random.below(2_001) - 1_000));
      sectors += random.below(5_000);
      sink.set(busy, share);
      sink.set(bytes, sectors);
      if (Math.floor(clock.nowMonotonicMs() / 1_000) % 7 !== 0)
        sink.set(watts, 200_000 + random.below(100_000));
      effects.onTaken?.();
      return null;
    },
    close() {},
  };
}
