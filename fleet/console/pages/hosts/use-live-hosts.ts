import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Host, HostList } from "#fleet/api/host-schemas.ts";
import { hostListQuery } from "../../address/host-list.ts";
import { apiGet } from "../../api/client.ts";
import { useLiveRefresh } from "../../api/live.tsx";

/** A selector of ids has room for this many; a window shows fewer. */
const idsMax = 100;
const everyMs = 1_000;

/**
 * The newest facts of the hosts in view, by id; asked anew at most once a second, and only when one
 * of them has said something. null: the page is being scrolled, nothing is asked.
 */
export function useLiveHosts(shownIds: readonly string[] | null): ReadonlyMap<string, Host> {
  const text =
    shownIds
      ?.filter((id) => id !== "")
      .slice(0, idsMax)
      .join(",") ?? null;
  const [selector, setSelector] = useState("");
  useEffect(() => {
    if (text !== null) setSelector(text);
  }, [text]);
  const ids = useMemo(() => new Set(selector.split(",")), [selector]);
  const sort = { key: "name", isDescending: false } as const;
  const live = useQuery({
    queryKey: ["hosts-live", selector],
    queryFn: ({ signal }) =>
      apiGet<HostList>(
        `/hosts?${hostListQuery({ selector, words: "", sort, limit: idsMax })}`,
        signal,
      ),
    // The list brought their figures along; only an event asks for more.
    enabled: false,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  useLiveRefresh(
    (event) => selector !== "" && "hostId" in event && ids.has(event.hostId),
    () => void live.refetch({ cancelRefetch: false }),
    everyMs,
  );
  return useKept(live.data);
}

/** Rows that were scrolled away keep what was last heard of them. */
function useKept(answer: HostList | undefined): ReadonlyMap<string, Host> {
  const kept = useRef<ReadonlyMap<string, Host>>(new Map());
  return useMemo(() => {
    if (answer !== undefined) {
      kept.current = new Map([
        ...kept.current,
        ...answer.items.map((host) => [host.id, host] as const),
      ]);
    }
    return kept.current;
  }, [answer]);
}
