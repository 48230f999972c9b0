import type { LiveState } from "../api/live-connection.ts";
import { formatDuration, formatTime } from "../words/time-words.ts";
import type { Tone } from "../words/state-words.ts";

/** For so long old figures are nearly new ones; after it they are called stale. */
export const staleAfterMs = 30_000;

export function describeLink(
  state: LiveState,
  nowMs: number,
  zone: string,
): { readonly words: string; readonly tone: Exclude<Tone, "info"> } {
  switch (state.kind) {
    case "live":
      return { words: "live", tone: "ok" };
    case "connecting":
      return { words: "connecting", tone: "unknown" };
    case "reconnecting":
      return isStale(state, nowMs)
        ? { words: `stale since ${formatTime(state.sinceMs, zone, "time-minutes")}`, tone: "bad" }
        : { words: `reconnecting since ${formatDuration(nowMs - state.sinceMs)}`, tone: "warn" };
  }
}

export function isStale(state: LiveState, nowMs: number): boolean {
  return state.kind === "reconnecting" && nowMs - state.sinceMs >= staleAfterMs;
}
