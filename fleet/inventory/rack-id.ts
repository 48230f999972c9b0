import { type Position, rackUnitsMax } from "#proto/vocabulary/position.ts";

/** Heights that racks are sold in, rack units. */
export const rackHeights = [42, 45, 48, 52, rackUnitsMax] as const;

/** `fra2/row-b/rack-07`. */
export function rackIdOf(position: Pick<Position, "site" | "row" | "rack">): string {
  return `${position.site}/${position.row}/${position.rack}`;
}
