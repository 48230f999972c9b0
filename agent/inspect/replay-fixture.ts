import { loadFixture } from "#agent/hardware/fixture.ts";
import { openReplaySource } from "#agent/hardware/replay.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { type Inspection, startLooking } from "./inspect-host.ts";
import { createInspectionSink, type InspectedSeries } from "./inspection-sink.ts";

export interface ReplayedFixture extends Inspection {
  readonly name: string;
  readonly isSynthetic: boolean;
  /** Readings after each frame, in the order of the frames. */
  readonly frames: readonly ReplayedFrame[];
}

export interface ReplayedFrame {
  /** Since the first frame. */
  readonly atMs: number;
  readonly series: readonly InspectedSeries[];
}

/** What the collectors make of a recording, frame by frame; the time is that of the frames. */
export async function replayFixture(folder: string): Promise<ReplayedFixture> {
  const fixture = loadFixture(folder);
  const source = openReplaySource(fixture);
  const sink = createInspectionSink();
  const looking = startLooking(
    source,
    sink,
    frameClock(() => source.elapsedMs()),
  );
  try {
    await looking.discover();
    const frames: ReplayedFrame[] = [];
    for (let step = 0; step < fixture.frames.length; step += 1) {
      source.moveTo(step);
      const atMs = source.elapsedMs();
      sink.at(atMs);
      await looking.collect(atMs);
      frames.push({ atMs, series: sink.series() });
    }
    return {
      name: fixture.facts.name,
      isSynthetic: fixture.facts.synthetic.is,
      ...looking.found(),
      uid: null,
      series: sink.series(),
      frames,
    };
  } finally {
    looking.close();
  }
}

/** Time stands where the recording stands; nobody waits in a replay. */
function frameClock(elapsedMs: () => number): Clock {
  return {
    nowUnixMs: () => unixMs(elapsedMs()),
    nowMonotonicMs: () => monotonicMs(elapsedMs()),
    after: (_delayMs, callback) => {
      callback();
      return () => {};
    },
  };
}
