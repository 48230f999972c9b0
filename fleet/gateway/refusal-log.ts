import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { networkOf } from "./network-cap.ts";

/**
 * Tells of refusals that anybody on the network can cause as often as they like: the first of a
 * network in a minute with its facts, the others as one count. Networks beyond `networksMax` share
 * a line, so that the log grows by at most two lines for each of them and minute.
 */
export interface RefusalLog {
  note(address: string, facts: object): void;
}

const minuteMs = 60_000;
const networksMax = 256;
const others = "others";

export function createRefusalLog(clock: Pick<Clock, "nowMonotonicMs">, log: Log): RefusalLog {
  const networks = new Map<string, { readonly sinceMs: number; more: number }>();

  const tellCounts = (nowMs: number): void => {
    for (const [network, { sinceMs, more }] of networks) {
      if (nowMs - sinceMs < minuteMs) continue;
      networks.delete(network);
      if (more > 0) log.info({ network, more }, "more enrolments refused");
    }
  };

  return {
    note(address, facts) {
      const nowMs = clock.nowMonotonicMs();
      tellCounts(nowMs);
      const own = networkOf(address);
      const network = networks.has(own) || networks.size < networksMax ? own : others;
      const known = networks.get(network);
      if (known !== undefined) {
        known.more += 1;
        return;
      }
      networks.set(network, { sinceMs: nowMs, more: 0 });
      log.info({ address, ...facts }, "enrolment refused");
    },
  };
}
