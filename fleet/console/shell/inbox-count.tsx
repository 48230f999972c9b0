import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLiveRefresh } from "../api/live.tsx";
import { asks } from "../api/queries.ts";
import { inboxCount } from "../words/alert-words.ts";

/** How many alerts wait for somebody; nothing where none does. */
export function InboxCount() {
  const queries = useQueryClient();
  const alerts = useQuery(asks.alerts("open"));
  useLiveRefresh(
    ({ kind }) => kind === "alert-changed" || kind === "domain-event",
    () => void queries.invalidateQueries({ queryKey: ["alerts"] }),
    1_000,
  );
  const count = inboxCount(alerts.data?.items);
  if (count === null) return null;
  const isMore = alerts.data?.nextCursor != null;
  return (
    <span className="rail-count">
      {count}
      {isMore ? "+" : ""}
      <span className="for-readers"> open alerts</span>
    </span>
  );
}
