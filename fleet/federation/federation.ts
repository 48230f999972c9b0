import type { Cell, CellConflict, StaleCell } from "#fleet/api/cell-schemas.ts";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { ApiError } from "#fleet/api/problems.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { CellError } from "./cell-door.ts";
import { describeStale } from "./cell-state.ts";
import { findConflicts } from "./find-conflicts.ts";
import type { KeptCell } from "./kept-cell.ts";
import { isAskersFault, relayProblem } from "./relay.ts";
import type { CellWatch } from "./watch-cell.ts";

/** What the cells of one question said, and which of them did not. */
export interface Gathered<Value> {
  readonly heard: readonly { readonly cell: CellWatch; readonly value: Value }[];
  readonly stale: readonly StaleCell[];
  /** The question itself is wrong: no cell answered it, and this is why one refused it. */
  readonly refused: ApiError | null;
}

/** The cells as one. It only reads. */
export interface Federation {
  readonly cells: readonly CellWatch[];
  view(): readonly Cell[];
  conflicts(): readonly CellConflict[];
  /** Cells that cannot be heard now, in the words of the answers' header. */
  stale(): readonly StaleCell[];
  /**
   * Asks those cells at once. A silent one answers out of what is kept, or not at all; either way it
   * stands among the stale. Never rejects because of a cell.
   */
  gather<Value>(
    cells: readonly CellWatch[],
    ask: (cell: CellWatch) => Promise<Value>,
    fromKept: (kept: KeptCell) => Value | null,
  ): Promise<Gathered<Value>>;
  /** Kept hosts with that id or name, each with its cell. */
  findKept(idOrName: string): readonly { readonly cell: CellWatch; readonly host: Host }[];
}

export function createFederation(
  cells: readonly CellWatch[],
  { clock }: { readonly clock: Clock },
): Federation {
  const staleOf = (cell: CellWatch, why?: string): StaleCell =>
    describeStale(
      { name: cell.name(), url: cell.url, state: cell.state() },
      {
        nowMs: clock.nowUnixMs(),
        readMs: cell.kept()?.readMs ?? null,
        ...(why === undefined ? {} : { why }),
      },
    );
  return {
    cells,
    view: () => cells.map(viewCell),
    conflicts: () => findConflicts(cells),
    stale: () =>
      cells.filter((cell) => cell.state().kind !== "connected").map((cell) => staleOf(cell)),
    async gather(wanted, ask, fromKept) {
      const answers = await Promise.all(
        wanted.map(async (cell) => {
          const orKept = (why?: string) => {
            const kept = cell.kept();
            const value = kept === null ? null : fromKept(kept);
            return { cell, value, stale: staleOf(cell, why), fault: null };
          };
          if (cell.state().kind !== "connected") return orKept();
          try {
            return { cell, value: await ask(cell), stale: null, fault: null };
          } catch (error) {
            if (!(error instanceof CellError)) throw error;
            return { ...orKept(error.message), fault: isAskersFault(error) ? error : null };
          }
        }),
      );
      const wrong = answers.find(({ fault }) => fault !== null);
      const isAnswered = answers.some(({ stale }) => stale === null);
      return {
        refused:
          wrong === undefined || wrong.fault === null || isAnswered
            ? null
            : relayProblem(wrong.fault, { name: wrong.cell.name() }),
        heard: answers.flatMap(({ cell, value }) => (value === null ? [] : [{ cell, value }])),
        stale: answers.flatMap(({ stale }) => (stale === null ? [] : [stale])),
      };
    },
    findKept: (idOrName) =>
      cells.flatMap((cell) =>
        (cell.kept()?.hosts ?? [])
          .filter((host) => host.id === idOrName || host.name === idOrName)
          .map((host) => ({ cell, host })),
      ),
  };
}

function viewCell(cell: CellWatch): Cell {
  const { kind, sinceMs, why, lastHeardMs } = cell.state();
  const kept = cell.kept();
  const tooMany =
    kept !== null && !kept.isWhole
      ? `it has more hosts than the ${kept.hosts.length} that are kept of it`
      : null;
  return {
    name: cell.name(),
    url: cell.url,
    state: kind,
    sinceMs,
    why: why ?? tooMany,
    lastHeardMs,
    release: cell.release(),
    clockOffsetMs: cell.clockOffsetMs(),
    hosts: kept?.hosts.length ?? null,
    sites: (kept?.sites ?? []).map((site) => site.code).toSorted(),
  };
}
