import type { UnixMs } from "#proto/vocabulary/units.ts";
import { rankOf } from "./alert.ts";
import { alertNumbers } from "./alert-numbers.ts";
import type { Channel, DeliveryRecord } from "./delivery.ts";

/** What may be sent now, as one message; or when to look again: null: nothing waits. */
export type NextBatch =
  | { readonly kind: "send"; readonly deliveries: readonly DeliveryRecord[] }
  | { readonly kind: "wait"; readonly untilMs: number | null };

/** A time far ahead was written by a clock that has been set back since. */
const aheadMsMax = alertNumbers.retryAfterMsMax + alertNumbers.retryMsMax;

/**
 * The next message of a channel. What was tried as one is tried as one again; of one alert nothing
 * overtakes what came before; pages go first. `prefersNew`: something that was not tried yet goes
 * before what was, so that one message which a receiver cannot take does not hold up the others.
 */
export function nextBatch(
  waiting: readonly DeliveryRecord[],
  channel: Pick<Channel, "digestMs" | "batchMax">,
  nowMs: UnixMs,
  prefersNew: boolean,
): NextBatch {
  const isDue = ({ nextMs }: DeliveryRecord): boolean =>
    nextMs <= nowMs || nextMs - nowMs > aheadMsMax;
  const [tried] = waiting
    .filter((delivery) => delivery.batchId !== null && isDue(delivery))
    .toSorted(
      (left, right) =>
        rankOf(right.alert.severity) - rankOf(left.alert.severity) ||
        left.attempts - right.attempts ||
        (left.id < right.id ? -1 : 1),
    );
  if (tried !== undefined && !prefersNew) return again(waiting, tried);
  const fresh = nextNew(waiting, channel, nowMs, isDue);
  return tried !== undefined && fresh.kind === "wait" ? again(waiting, tried) : fresh;
}

function again(waiting: readonly DeliveryRecord[], tried: DeliveryRecord): NextBatch {
  return {
    kind: "send",
    deliveries: waiting.filter(({ batchId }) => batchId === tried.batchId),
  };
}

function nextNew(
  waiting: readonly DeliveryRecord[],
  channel: Pick<Channel, "digestMs" | "batchMax">,
  nowMs: UnixMs,
  isDue: (delivery: DeliveryRecord) => boolean,
): NextBatch {
  /** Alerts of which something stands before that cannot be sent now. */
  const blocked = new Set<string>();
  const seen = new Set<string>();
  const free: DeliveryRecord[] = [];
  for (const delivery of waiting) {
    const { alertId, batchId } = delivery;
    // In one mail all that became of an alert may stand together.
    const isBehind = blocked.has(alertId) || (channel.batchMax === 1 && seen.has(alertId));
    seen.add(alertId);
    if (isBehind || batchId !== null || !isDue(delivery)) blocked.add(alertId);
    else free.push(delivery);
  }
  const [oldest] = free;
  if (oldest === undefined) {
    const times = waiting.filter((one) => !isDue(one)).map(({ nextMs }) => nextMs);
    return { kind: "wait", untilMs: times.length === 0 ? null : Math.min(...times) };
  }
  const fullAtMs = oldest.createdMs + channel.digestMs;
  if (nowMs < fullAtMs && fullAtMs - nowMs <= channel.digestMs && free.length < channel.batchMax)
    return { kind: "wait", untilMs: fullAtMs };
  const ordered = free.toSorted(
    (left, right) =>
      rankOf(right.alert.severity) - rankOf(left.alert.severity) || (left.id < right.id ? -1 : 1),
  );
  return { kind: "send", deliveries: ordered.slice(0, channel.batchMax) };
}

/** A page, and the end of what was told, wait for their turn; the rest may be left out. */
export function mayBeLeftOut({ alert, transition }: DeliveryRecord): boolean {
  return alert.severity !== "page" && (transition === "opened" || transition === "updated");
}
