import type { Collector, SampleSink, Subject } from "#agent/collectors/collector.ts";
import type { Identity } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { createCollectorRuns, createCountingSink } from "./collector-runs.ts";
import { mergeIdentity } from "./host-state.ts";

/** Subjects that say who a host is, from files and within seconds: none may hang on a disk or a BMC. */
const subjects: ReadonlySet<Subject> = new Set(["identity", "memory"]);

/** Who this host is, by one look at the subjects that know; nothing is sampled. For enrolment. */
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
  const collectors = createCollectors(sink);
  const asked = collectors.filter(({ subject }) => subjects.has(subject));
  const runs = createCollectorRuns(asked, sink, clock);
  try {
    await runs.discover(clock.nowMonotonicMs());
    return mergeIdentity(runs.facts());
  } finally {
    for (const collector of collectors) if (!asked.includes(collector)) collector.close();
    runs.close();
  }
}
