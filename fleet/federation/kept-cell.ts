import { type Static, Type } from "typebox";
import { hostSchema } from "#fleet/api/host-schemas.ts";
import { rackSchema, regionListSchema, siteSchema } from "#fleet/api/place-schemas.ts";
import { federationLimits } from "./federation-limits.ts";

/** What was last heard of a cell; answers come from here while it is silent. */
export const keptCellSchema = Type.Object({
  url: Type.String(),
  name: Type.String(),
  release: Type.Union([Type.String(), Type.Null()]),
  /** By the federation's clock: when it was last heard, and when its hosts were last read. */
  lastHeardMs: Type.Integer(),
  readMs: Type.Integer(),
  regions: regionListSchema,
  sites: Type.Array(siteSchema, { maxItems: federationLimits.placesKeptMax }),
  racks: Type.Array(rackSchema, { maxItems: federationLimits.placesKeptMax }),
  hosts: Type.Array(hostSchema, { maxItems: federationLimits.hostsKeptMax }),
  /** Rack units that a host fills, by its id; 1 where it is not in here. */
  heights: Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 64 })),
  /** False: the cell has more hosts than are kept. */
  isWhole: Type.Boolean(),
});
export type KeptCell = Static<typeof keptCellSchema>;

/** Where what was last heard outlives this process. */
export interface KeptCells {
  /** null: nothing is kept of that address, or nothing that can be read. */
  load(url: string): KeptCell | null;
  /** Whole or not at all; throws where the disk does not take it. */
  save(cell: KeptCell): void;
}
