import type { SampleSink, SeriesRequest } from "#agent/collectors/collector.ts";
import { createSmartCollector } from "#agent/collectors/smart.ts";
import { openLiveSource } from "#agent/hardware/live.ts";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { sleep } from "#proto/vocabulary/clock.ts";

/**
 * Runs in a guest: the agent's own reading of drives' health, over and over, one line of JSON on the
 * console each time that something is new. Ends when a drive has warned, or after `lookMsMax`.
 */
const lookMsMax = 240_000;
const pauseMs = 1_000;

const clock = createSystemClock();
const requests: SeriesRequest[] = [];
const values = new Map<string, number>();
const sink: SampleSink = {
  declare(request) {
    const known = requests.findIndex((one) => JSON.stringify(one) === JSON.stringify(request));
    return known >= 0 ? known : requests.push(request) - 1;
  },
  set(handle, integer) {
    const request = requests[handle];
    if (request === undefined) return;
    const { metric, attributes, exponent } = request;
    const parts = [attributes["hw.name"], attributes["wws.sector.state"]];
    values.set(
      [metric, ...parts.filter((part) => part !== undefined)].join(" "),
      integer * 10 ** exponent,
    );
  },
};
const collector = createSmartCollector({
  source: openLiveSource({ root: "" }),
  sink,
  clock,
  random: systemRandom,
  cadenceMs: 2_000,
  drivesPerLook: 8,
});
let said = "";
const startMs = clock.nowMonotonicMs();
for (;;) {
  const discovery = await collector.discover();
  await collector.collect(clock.nowMonotonicMs());
  const components = discovery.identity?.components ?? [];
  const news = JSON.stringify({
    values: Object.fromEntries([...values].sort()),
    drives: components
      .filter(({ kind }) => kind === "disk")
      .map(({ slot, model, serial }) => ({ slot, model, serial })),
    absences: discovery.absences.map(({ what, reason, detail }) => ({ what, reason, detail })),
  });
  if (news !== said) process.stdout.write(`WITNESS ${news}\n`);
  said = news;
  const hasWarned = [...values].some(
    ([name, value]) => name.startsWith("wws.disk.critical_warning") && value > 0,
  );
  if (hasWarned || clock.nowMonotonicMs() - startMs > lookMsMax) break;
  await sleep(clock, pauseMs);
}
collector.close();
