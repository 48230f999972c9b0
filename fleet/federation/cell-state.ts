import type { StaleCell } from "#fleet/api/cell-schemas.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { federationLimits } from "./federation-limits.ts";

/** Whether a cell is heard, since when it is so, and what is in the way. */
export interface CellState {
  readonly kind: "connected" | "stale" | "never-heard";
  /** Of a stale one: the moment it was last heard; it is blind since then. */
  readonly sinceMs: UnixMs;
  readonly lastHeardMs: UnixMs | null;
  /** null exactly while it is connected. */
  readonly why: string | null;
}

/** A sign of life came. */
export function decideHeard(state: CellState, nowMs: UnixMs): CellState {
  return {
    kind: "connected",
    sinceMs: state.kind === "connected" ? state.sinceMs : nowMs,
    lastHeardMs: nowMs,
    why: null,
  };
}

/** None came, or not one that can be used. Blindness begins with what was heard last. */
export function decideSilent(state: CellState, why: string): CellState {
  if (state.lastHeardMs === null) return { ...state, kind: "never-heard", why: clip(why) };
  return {
    kind: "stale",
    sinceMs: state.kind === "stale" ? state.sinceMs : state.lastHeardMs,
    lastHeardMs: state.lastHeardMs,
    why: clip(why),
  };
}

/** What answers say of a cell that they hold only as it was; `readMs`: when its hosts were read. */
export function describeStale(
  cell: { readonly name: string; readonly url: string; readonly state: CellState },
  from: { readonly nowMs: UnixMs; readonly readMs: number | null; readonly why?: string },
): StaleCell {
  const { lastHeardMs, why } = cell.state;
  return {
    name: cell.name,
    url: cell.url,
    sinceMs: lastHeardMs,
    ageMs: from.readMs === null ? null : Math.max(0, from.nowMs - from.readMs),
    why: clip(from.why ?? why ?? "it did not answer"),
  };
}

function clip(words: string): string {
  return words.slice(0, federationLimits.wordsMax * 2);
}
