import type { Random } from "#proto/vocabulary/random.ts";
import { alertNumbers } from "./alert-numbers.ts";
import type { DeliveryRecord, SendOutcome } from "./delivery.ts";

const { retryMsMin, retryMsMax, retryAfterMsMax, deliverForMs, refusedTriesMax } = alertNumbers;
const { channelPauseMsMax } = alertNumbers;

/**
 * When a message that was not taken is tried again; null: no more. Full jitter: anything up to twice
 * as long as the time before, so that many do not come back together; never before the receiver asked.
 */
export function nextTryMs(
  delivery: Pick<DeliveryRecord, "attempts" | "createdMs">,
  outcome: Exclude<SendOutcome, { kind: "sent" }>,
  nowMs: number,
  random: Pick<Random, "next">,
): number | null {
  if (outcome.kind === "refused" && (outcome.isFinal || delivery.attempts >= refusedTriesMax))
    return null;
  const longest = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(delivery.attempts, 30));
  const asked =
    outcome.kind === "failed" ? Math.min(outcome.retryAfterMs ?? 0, retryAfterMsMax) : 0;
  const atMs = nowMs + Math.max(asked, retryMsMin + Math.floor(random.next() * longest));
  return atMs - delivery.createdMs > deliverForMs ? null : atMs;
}

/**
 * Until when a channel that did not take a message is left alone: as long as its receiver asked, and
 * longer with each failure in a row, up to a minute. The message itself may wait longer: another one
 * shows whether the receiver or the message was at fault.
 */
export function channelPauseEndMs(
  outcome: Extract<SendOutcome, { kind: "failed" }>,
  failedInRow: number,
  nowMs: number,
  random: Pick<Random, "next">,
): number {
  const longest = Math.min(channelPauseMsMax, retryMsMin * 2 ** Math.min(failedInRow, 30));
  const asked = Math.min(outcome.retryAfterMs ?? 0, retryAfterMsMax);
  return nowMs + Math.max(asked, retryMsMin + Math.floor(random.next() * longest));
}
