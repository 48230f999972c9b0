import type { ReactTable } from "@tanstack/react-table";
import type { Host } from "#fleet/api/host-schemas.ts";
import { type HostSort, nextSort } from "../../address/host-list.ts";
import { columnSortKeys, figureColumns, hostColumns, type hostFeatures } from "./host-columns.tsx";

/** Heads that sort: one click by the column, another turns it round. */
export function HostHead({
  table,
  sort,
  onSort,
}: {
  readonly table: ReactTable<typeof hostFeatures, Host>;
  readonly sort: HostSort;
  readonly onSort: (change: (now: HostSort) => HostSort) => void;
}) {
  return (
    <thead>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id} aria-rowindex={1}>
          <td className="cell-select" />
          {group.headers.map((header) => {
            const { id, columnDef } = header.column;
            const key = columnSortKeys[id] ?? "name";
            const isSorted = sort.key === key;
            const direction = sort.isDescending ? "descending" : "ascending";
            return (
              <th
                key={id}
                scope="col"
                className={`cell-${id}${figureColumns.has(id) ? " end" : ""}`}
                aria-sort={isSorted ? direction : "none"}
              >
                <button
                  type="button"
                  className="head-button"
                  onClick={() => onSort((now) => nextSort(now, key))}
                >
                  {String(columnDef.header)}
                  <span className="sort-mark" aria-hidden="true">
                    {isSorted ? (sort.isDescending ? "▼" : "▲") : ""}
                  </span>
                </button>
              </th>
            );
          })}
        </tr>
      ))}
    </thead>
  );
}

/** A narrow window has no heads: the same choice as a list. */
export function NarrowSort({
  sort,
  onSort,
}: {
  readonly sort: HostSort;
  readonly onSort: (change: (now: HostSort) => HostSort) => void;
}) {
  return (
    <p className="narrow-sort">
      <label>
        by{" "}
        <select
          className="field"
          value={sort.key}
          onChange={(event) => {
            const key = columnSortKeys[event.target.value];
            if (key !== undefined)
              onSort(() => nextSort({ key: "lastReport", isDescending: false }, key));
          }}
        >
          {hostColumns.map(({ id = "", header }) => (
            <option key={id} value={id}>
              {String(header)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button"
        onClick={() => onSort((now) => ({ ...now, isDescending: !now.isDescending }))}
      >
        {sort.isDescending ? "descending" : "ascending"}
      </button>
    </p>
  );
}
