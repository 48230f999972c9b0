import { type Grant, mayAt, maySomewhere, type Place } from "#fleet/identity/grants.ts";
import type { Capability } from "#fleet/identity/roles.ts";

/** What one asker may see and do, for handlers that answer lists. */
export interface Sight {
  /** Sees everything: nothing need be left out. */
  readonly isAll: boolean;
  sees(host: Placed): boolean;
  /** null: what concerns the cell as a whole. */
  may(capability: Capability, host: Placed | null): boolean;
  maySomewhere(capability: Capability): boolean;
}

/** A host's record or its view. */
export interface Placed {
  readonly position: { readonly site: string } | null;
  readonly tags: readonly string[];
}

export function sightOf(grants: readonly Grant[]): Sight {
  const isAll = mayAt(grants, "read", null);
  return {
    isAll,
    sees: (host) => isAll || mayAt(grants, "read", placeOf(host)),
    may: (capability, host) => mayAt(grants, capability, host === null ? null : placeOf(host)),
    maySomewhere: (capability) => maySomewhere(grants, capability),
  };
}

export function placeOf({ position, tags }: Placed): Place {
  return { site: position?.site ?? null, tags };
}

/** What nobody who may not see everything sees: a host that is gone. */
export const nowhere: Placed = { position: null, tags: [] };
