import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { AlertPlace } from "./alert.ts";

export const nowhere: AlertPlace = { region: null, site: null, row: null, rack: null };

/** Where all of them stand: as much of region, site, row and rack as they share. */
export function placeOf(hosts: readonly Pick<HostRecord, "position">[]): AlertPlace {
  const [first, ...others] = hosts;
  if (first?.position == null) return nowhere;
  let { region, site, row, rack }: AlertPlace = first.position;
  for (const { position } of others) {
    if (position?.region !== region) return nowhere;
    if (position.site !== site) site = null;
    if (site === null || position.row !== row) row = null;
    if (row === null || position.rack !== rack) rack = null;
  }
  return { region, site, row, rack };
}

/** `eu/fra2/row-b/rack-07`, as much of it as is known; empty: nothing is. */
export function placeWords({ region, site, row, rack }: AlertPlace): string {
  return [region, site, row, rack].filter((part) => part !== null).join("/");
}
