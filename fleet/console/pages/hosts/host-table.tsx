import { useTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { HostSort } from "../../address/host-list.ts";
import { useKeyCommands } from "../../keys/keys.tsx";
import { useIsNarrow } from "../../parts/narrow.ts";
import { hostColumns, hostFeatures } from "./host-columns.tsx";
import { HostHead, NarrowSort } from "./host-head.tsx";
import { HostRow } from "./host-row.tsx";
import { OrderNote } from "./order-note.tsx";
import { useLiveHosts } from "./use-live-hosts.ts";

const rowPx = 32;
const narrowRowPx = 56;
const overscan = 12;

/** Only the rows near the window are in the page; their figures follow the hosts. */
export function HostTable({
  hosts,
  total,
  sort,
  onSort,
  selected,
  onToggle,
  listedMs,
  onReorder,
}: {
  readonly hosts: readonly Host[];
  readonly total: number;
  readonly sort: HostSort;
  readonly onSort: (change: (now: HostSort) => HostSort) => void;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (hostId: string) => void;
  readonly listedMs: number;
  readonly onReorder: () => void;
}) {
  const isNarrow = useIsNarrow();
  const place = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    setScrollMargin(place.current?.offsetTop ?? 0);
  });
  const rows = useWindowVirtualizer({
    count: hosts.length,
    estimateSize: () => (isNarrow ? narrowRowPx : rowPx),
    overscan,
    scrollMargin,
    // One row height for each window width: a change of width measures anew.
    getItemKey: (index) => `${isNarrow} ${hosts[index]?.id}`,
  });
  const shown = rows.getVirtualItems();
  const shownIds = shown.map(({ index }) => hosts[index]?.id ?? "");
  const live = useLiveHosts(rows.isScrolling ? null : shownIds);
  const data = useMemo(() => hosts.map((host) => live.get(host.id) ?? host), [hosts, live]);
  const table = useTable({
    features: hostFeatures,
    columns: hostColumns,
    data,
    getRowId: (host: Host) => host.id,
  });
  useKeyCommands({
    select: () => {
      const id = document.activeElement?.closest<HTMLElement>("[data-host]")?.dataset["host"];
      if (id !== undefined) onToggle(id);
    },
  });

  const above = (shown[0]?.start ?? scrollMargin) - scrollMargin;
  const below = rows.getTotalSize() - ((shown.at(-1)?.end ?? scrollMargin) - scrollMargin);
  const model = table.getRowModel().rows;
  return (
    <div ref={place}>
      <OrderNote sort={sort} listedMs={listedMs} onReorder={onReorder} />
      {isNarrow ? <NarrowSort sort={sort} onSort={onSort} /> : null}
      <table className="table hosts" aria-label="Hosts" aria-rowcount={total + 1}>
        <HostHead table={table} sort={sort} onSort={onSort} />
        <tbody>
          <Spacer px={above} />
          {shown.map(({ index, key }) => {
            const row = model[index];
            return row === undefined ? null : (
              <HostRow
                key={key}
                row={row}
                rowIndex={index + 2}
                isSelected={selected.has(row.id)}
                onToggle={onToggle}
              />
            );
          })}
          <Spacer px={below} />
        </tbody>
      </table>
    </div>
  );
}

/** Room for the rows that are not in the page. */
function Spacer({ px }: { readonly px: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr className="spacer" aria-hidden="true">
      <td colSpan={hostColumns.length + 1} style={{ height: `${px}px` }} />
    </tr>
  );
}
