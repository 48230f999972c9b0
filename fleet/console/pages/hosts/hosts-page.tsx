import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { HostList } from "#fleet/api/host-schemas.ts";
import {
  type HostListAsk,
  type HostListChange,
  hostListQuery,
  pageRows,
  readHostList,
  writeHostListQuery,
} from "../../address/host-list.ts";
import { apiGet } from "../../api/client.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { Failed, Loading } from "../../parts/page-states.tsx";
import { useAddress } from "../../parts/use-address.ts";
import { useWhere } from "../../shell/where.tsx";
import { countOf } from "../../words/figures.ts";
import { PageHead } from "../page-head.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { HostTable } from "./host-table.tsx";
import { NoHosts } from "./no-hosts.tsx";
import { SelectionBar } from "./selection-bar.tsx";

/** Every host, filtered and sorted by the manager; the address says which and how. */
export function HostsPage() {
  useWhere([{ words: "hosts", to: null }]);
  const [address, changeAddress] = useAddress();
  const ask = readHostList(address);
  const list = useHostPages(ask);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const hosts = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages[0]?.total;
  const change = (next: HostListChange): void =>
    changeAddress((now) => {
      // Another question begins with its first rows again.
      const { rows: _rows, ...question } = readHostList(now);
      return writeHostListQuery(next(question));
    });
  const names = hosts.filter((host) => selected.has(host.id)).map((host) => host.name);
  const toggle = (id: string) =>
    setSelected((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });

  return (
    <>
      <PageHead title="Hosts">
        <p className="dim" role="status">
          {total === undefined ? "" : countOf(total, "host")}
          {ask.selector === "" && ask.words === "" ? "" : " match"}
        </p>
      </PageHead>
      <FilterBar ask={ask} onChange={change} />
      <SelectionBar names={names} onClear={() => setSelected(new Set())} />
      {list.error && !list.isFetching && (list.data === undefined || list.isPlaceholderData) ? (
        <Failed what="the hosts" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading what="the hosts" rows={12} />
      ) : hosts.length === 0 ? (
        <NoHosts ask={ask} onChange={change} />
      ) : (
        <>
          <HostTable
            hosts={hosts}
            total={total ?? hosts.length}
            sort={ask.sort}
            onSort={(next) => change((now) => ({ ...now, sort: next(now.sort) }))}
            selected={selected}
            onToggle={toggle}
            listedMs={list.dataUpdatedAt}
            onReorder={() => void list.refetch()}
          />
          {list.hasNextPage ? (
            <button
              type="button"
              className="button more"
              disabled={list.isFetchingNextPage}
              onClick={() => change((now) => ({ ...now, rows: hosts.length + pageRows }))}
            >
              {list.isFetchingNextPage
                ? "loading"
                : `show more, ${hosts.length} of ${total ?? "?"} are here`}
            </button>
          ) : null}
        </>
      )}
    </>
  );
}

function useHostPages(ask: HostListAsk) {
  const queries = useQueryClient();
  const query = hostListQuery({ ...ask, limit: pageRows });
  const queryKey = ["host-pages", query];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      apiGet<HostList>(
        `/hosts?${hostListQuery({ ...ask, limit: pageRows, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
  const { hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage } = list;
  const loaded = list.data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
  const isShort = hasNextPage && !isFetchingNextPage && !isPlaceholderData;
  useEffect(() => {
    if (isShort && loaded < (ask.rows ?? pageRows)) void fetchNextPage();
  }, [isShort, loaded, ask.rows, fetchNextPage]);
  // Figures are followed row by row; the list itself is asked anew when hosts come, go or change.
  useLiveRefresh(
    (event) => event.kind !== "host-telemetry" && event.kind !== "host-state",
    () => void queries.invalidateQueries({ queryKey: ["host-pages"] }),
    2_000,
  );
  // Pages of a list that nobody looks at any more are not asked again with every change.
  useEffect(
    () => () => queries.removeQueries({ queryKey: ["host-pages"], type: "inactive" }),
    [queries],
  );
  return list;
}
