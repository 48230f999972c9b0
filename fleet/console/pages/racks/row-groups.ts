import type { Rack } from "#fleet/api/place-schemas.ts";

/** The racks of one row, in the order in which they stand. */
export interface RackRow {
  readonly row: string;
  readonly racks: readonly Rack[];
}

export interface SiteRows {
  readonly site: string;
  readonly rows: readonly RackRow[];
}

const byName = new Intl.Collator("en", { numeric: true }).compare;

/** Racks by site and row; rack-9 stands before rack-10. */
export function groupRows(racks: readonly Rack[]): readonly SiteRows[] {
  const sites = Map.groupBy(racks, (rack) => rack.site);
  return [...sites]
    .sort(([a], [b]) => byName(a, b))
    .map(([site, ofSite]) => {
      const rows = Map.groupBy(ofSite, (rack) => rack.row);
      return {
        site,
        rows: [...rows]
          .sort(([a], [b]) => byName(a, b))
          .map(([row, ofRow]) => ({
            row,
            racks: ofRow.toSorted((a, b) => byName(a.rack, b.rack)),
          })),
      };
    });
}
