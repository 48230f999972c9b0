import { type Static, Type } from "typebox";
import { listOf, nullable, unixMs } from "./schema-parts.ts";

/** One cell as a federation knows it, or as a manager knows its own. */
export const cellSchema = Type.Object({
  name: Type.String({ description: "of the cell; its address where it has never been heard" }),
  url: nullable(Type.String({ description: "its console; null: the manager that answers" })),
  state: Type.Enum(["connected", "stale", "never-heard"] as const),
  sinceMs: { ...unixMs, description: "in that state; of a stale one: blind since then" },
  why: nullable(Type.String({ description: "what is in the way, and what to do" })),
  lastHeardMs: nullable(unixMs),
  release: nullable(Type.String()),
  clockOffsetMs: nullable(
    Type.Integer({ description: "its clock less this one's; 0 within what can be told" }),
  ),
  hosts: nullable(Type.Integer({ description: "that are kept of it; null: nothing is" })),
  sites: listOf(Type.String()),
});
export type Cell = Static<typeof cellSchema>;

/** Something that more than one cell calls its own. */
export const cellConflictSchema = Type.Object({
  kind: Type.Enum(["site", "host"] as const),
  id: Type.String(),
  cells: listOf(Type.String()),
  words: Type.String({ description: "what is wrong, and what to do" }),
});
export type CellConflict = Static<typeof cellConflictSchema>;

export const cellListSchema = Type.Object({
  items: listOf(cellSchema),
  isFederation: Type.Boolean({ description: "true: a view over the cells, which changes nothing" }),
  /** The cells' clocks are not this one: ages are told by it. */
  nowMs: unixMs,
  conflicts: listOf(cellConflictSchema),
  nextCursor: Type.Null({ description: "it is one page" }),
});
export type CellList = Static<typeof cellListSchema>;

/** On every answer of a federation that is not whole: JSON, `StaleCell[]`. */
export const staleHeader = "wws-stale-cells";

/** A cell of which an answer holds what was last heard, or nothing. */
export const staleCellSchema = Type.Object({
  name: Type.String(),
  url: Type.String(),
  sinceMs: nullable(unixMs),
  ageMs: nullable(Type.Integer()),
  why: Type.String(),
});
export const staleCellsSchema = Type.Array(staleCellSchema, { maxItems: 16 });
export type StaleCell = Static<typeof staleCellSchema>;
