import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Cell, CellConflict } from "#fleet/api/cell-schemas.ts";
import { asks } from "./queries.ts";
import { useSession } from "./session.ts";

/** Whose console this is: of one cell, or of a view over several that changes nothing. */
export interface CellView {
  readonly isFederation: boolean;
  readonly cells: readonly Cell[];
  /** Cells that are not heard now; their figures are what was heard last, or are not there. */
  readonly blind: readonly Cell[];
  readonly conflicts: readonly CellConflict[];
}

const oneCell: CellView = { isFederation: false, cells: [], blind: [], conflicts: [] };

export function useCells(): CellView {
  // Commands stand on the page of signing in too, where nobody may be asked yet.
  const isSignedIn = useSession(false).data?.kind === "signed-in";
  const { data } = useQuery({ ...asks.cells(), enabled: isSignedIn });
  if (data === undefined || !data.isFederation) return oneCell;
  const { items, conflicts } = data;
  const blind = items.filter((cell) => cell.state !== "connected");
  return { isFederation: true, cells: items, blind, conflicts };
}

/** The cell of what a page shows, by its name; null: of none, or of several. */
export const CellNameContext = createContext<string | null>(null);

/** Where what is shown here may be changed; null: here. */
export function useElsewhere(): readonly Cell[] | null {
  const name = useContext(CellNameContext);
  const { isFederation, cells } = useCells();
  if (!isFederation) return null;
  const own = cells.filter((cell) => cell.name === name);
  return own.length > 0 ? own : cells;
}

/** The cell, where it is not heard now. */
export function useBlindCell(name: string | null): Cell | null {
  return useCells().blind.find((cell) => cell.name === name) ?? null;
}
