import type { FeedRecord, HostRecord, RackRecord } from "#fleet/inventory/host-record.ts";
import type { Position } from "#proto/vocabulary/position.ts";

/** Where a host without a position stands: nowhere that has a rack, but still in the cell. */
export const nowhere = "nowhere";
/** The class of hosts that nobody classed yet. */
export const unclassed = "unclassed";

/** `fra2/row-b/rack-07`: a rack's id; null: the host has no position. */
export function rackOf(host: { readonly position: Position | null }): string | null {
  const { position } = host;
  return position === null ? null : `${position.site}/${position.row}/${position.rack}`;
}

export function siteOf(host: { readonly position: Position | null }): string {
  return host.position?.site ?? nowhere;
}

export function classOf(host: Pick<HostRecord, "hardwareClass">): string {
  return host.hardwareClass ?? unclassed;
}

/** Hosts of one class in one site are interchangeable: the floor is counted over them. */
export function groupOf(host: Pick<HostRecord, "hardwareClass" | "position">): string {
  return `${siteOf(host)} ${classOf(host)}`;
}

/**
 * What fails as one: feeds of one name and upstream in a row are the same line; one without an
 * upstream is its rack's own.
 */
export function feedLineOf(rack: RackRecord, feed: FeedRecord): string {
  return feed.upstream === null
    ? `${rack.id} ${feed.name}`
    : `${rack.site}/${rack.row} ${feed.name} of ${feed.upstream}`;
}

/** `sw-fra2-b07/Eth1/12` → `sw-fra2-b07`; null: nobody said. */
export function switchOf(host: Pick<HostRecord, "switchPort">): string | null {
  const name = host.switchPort?.split("/", 1)[0]?.trim() ?? "";
  return name === "" ? null : name;
}
