import type { SendOutcome } from "#fleet/alerts/delivery.ts";

/** Refusals that another try of the same message cannot change. */
const final: ReadonlySet<number> = new Set([400, 405, 410, 413, 414, 415, 422, 501]);
/** Refusals that pass. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * What an answer means. 2xx: taken. 5xx, 408, 425, 429: later, not before `Retry-After`. A redirect
 * is not followed: egress goes where it was configured to go and nowhere else.
 */
export function httpOutcome(status: number, retryAfter: string | null, nowMs: number): SendOutcome {
  const words = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: "sent", words };
  if (status >= 300 && status < 400)
    return { kind: "refused", words: `${words}: redirects are not followed`, isFinal: false };
  if (status >= 500 && status !== 501) return failed(words, retryAfter, nowMs);
  if (passing.has(status)) return failed(words, retryAfter, nowMs);
  return { kind: "refused", words, isFinal: final.has(status) };
}

function failed(words: string, retryAfter: string | null, nowMs: number): SendOutcome {
  return { kind: "failed", words, retryAfterMs: readRetryAfter(retryAfter, nowMs) };
}

/** Seconds, or an HTTP date (RFC 9110, 10.2.3); null: neither. */
export function readRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
