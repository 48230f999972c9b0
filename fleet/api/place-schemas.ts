import { type Static, Type } from "typebox";
import { hostSchema } from "./host-schemas.ts";
import { nullable } from "./schema-parts.ts";
import { regionSchema } from "./position-schemas.ts";

/** Counts and sums over a set of hosts: a region, a site, a rack. */
export const supplySchema = Type.Object({
  hosts: Type.Integer(),
  simulated: Type.Integer(),
  byLink: Type.Record(Type.String(), Type.Integer()),
  byLifecycle: Type.Record(Type.String(), Type.Integer()),
  byHealth: Type.Record(Type.String(), Type.Integer()),
  watts: nullable(
    Type.Number({ description: "sum over the hosts that say; null where none does" }),
  ),
  wattsCoverage: Type.Number({ description: "share of hosts whose watts are in the sum" }),
  cpuUtilization: nullable(Type.Number({ description: "mean over the hosts that say" })),
});

export type Supply = Static<typeof supplySchema>;

export const siteSchema = Type.Object({
  code: Type.String(),
  region: regionSchema,
  timeZone: nullable(Type.String()),
  cell: Type.String(),
  racks: Type.Integer(),
  supply: supplySchema,
});

export const regionViewSchema = Type.Object({
  region: regionSchema,
  name: Type.String(),
  sites: Type.Array(siteSchema),
  supply: supplySchema,
});

export const regionListSchema = Type.Object({
  items: Type.Array(regionViewSchema),
  /** Hosts that have no position yet. */
  unplaced: supplySchema,
  nextCursor: Type.Null(),
});

export type RegionList = Static<typeof regionListSchema>;

export const siteListSchema = Type.Object({
  items: Type.Array(siteSchema),
  nextCursor: nullable(Type.String()),
});

export type SiteList = Static<typeof siteListSchema>;

export const rackSchema = Type.Object({
  id: Type.String({ description: "site/row/rack, with ~ for / in addresses: fra2~row-b~rack-07" }),
  region: regionSchema,
  site: Type.String(),
  row: Type.String(),
  rack: Type.String(),
  heightUnits: Type.Integer(),
  supply: supplySchema,
});

export type Rack = Static<typeof rackSchema>;

export const rackListSchema = Type.Object({
  items: Type.Array(rackSchema),
  nextCursor: nullable(Type.String()),
});

export type RackList = Static<typeof rackListSchema>;

export const rackDetailSchema = Type.Object({
  ...rackSchema.properties,
  /** From the top unit down; a host stands at its lowest unit with its height. */
  slots: Type.Array(
    Type.Object({ unit: Type.Integer(), heightUnits: Type.Integer(), host: hostSchema }),
  ),
});

export type RackDetail = Static<typeof rackDetailSchema>;
