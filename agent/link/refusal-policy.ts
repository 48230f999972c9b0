import type { Refusal } from "#proto/messages/frames.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { backoffMs } from "./backoff.ts";
import { linkLimits } from "./link-limits.ts";

export type AfterRefusal =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "stop" };

/**
 * What an agent does that was turned away. A refusal that names a time is obeyed, with jitter on
 * top. One that does not means that only a human can help: where what has to be done ends this
 * identity anyway, the agent stops and says so; else it asks again every five to ten minutes.
 */
export function decideAfterRefusal(
  refusal: Refusal,
  failures: number,
  random: Random,
): AfterRefusal {
  const { retryAfterMs, code } = refusal;
  if (retryAfterMs !== null) {
    return { kind: "retry", delayMs: retryAfterMs + backoffMs(failures, random) };
  }
  if (ends.has(code)) return { kind: "stop" };
  return { kind: "retry", delayMs: linkLimits.slowRetryMs * (1 + random.next()) };
}

/**
 * `not-enrolled` is not among them: a manager restored from an older backup says it to every host
 * that joined since, and takes them back once it knows them again.
 */
const ends: ReadonlySet<Refusal["code"]> = new Set<Refusal["code"]>([
  "identity-removed",
  "certificate-foreign",
  "certificate-missing",
  "host-mismatch",
]);
