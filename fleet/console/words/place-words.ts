import type { Host } from "#fleet/api/host-schemas.ts";
import { formatPosition as formatPlace } from "#proto/vocabulary/position.ts";

/** `eu/fra2/row-b/rack-07/u12`, or that nobody said. */
export function formatPosition(position: Host["position"]): string {
  return position === null ? "no position" : formatPlace(position);
}

/** The short form for narrow columns: `fra2/row-b/rack-07/u12`. */
export function formatPositionShort(position: Host["position"]): string {
  return position === null
    ? "no position"
    : formatPlace(position).slice(position.region.length + 1);
}

/** The rack's part of an address: `fra2~row-b~rack-07`. */
export function rackIdOf(position: NonNullable<Host["position"]>): string {
  return `${position.site}~${position.row}~${position.rack}`;
}

export function rackPath(rackId: string): string {
  return `/racks/${encodeURIComponent(rackId)}`;
}
