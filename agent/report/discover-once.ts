import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import type { Identity } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { createCollectorRuns, createCountingSink } from "./collector-runs.ts";
import { mergeIdentity } from "./host-state.ts";

/** Who this host is, by one look at every subject; nothing is sampled. For enrolment. */
export async function discoverIdentity(
  createCollectors: (sink: SampleSink) => readonly Collector[],
  clock: Clock,
): Promise<Identity> {
  let handles = 0;
  const sink = createCountingSink({
    declare() {
      handles += 1;
      return handles;
    },
    set() {},
  });
  const runs = createCollectorRuns(createCollectors(sink), sink, clock);
  try {
    await runs.discover(clock.nowMonotonicMs());
    return mergeIdentity(runs.facts());
  } finally {
    runs.close();
  }
}
