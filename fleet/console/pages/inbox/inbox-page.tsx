import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { Command } from "../../parts/copy.tsx";
import { Empty, Failed, Loading, Partial } from "../../parts/page-states.tsx";
import { useAddress } from "../../parts/use-address.ts";
import { useWhere } from "../../shell/where.tsx";
import { byUrgency, inboxViews, readInboxView } from "../../words/alert-words.ts";
import { countOf } from "../../words/figures.ts";
import { PageHead } from "../page-head.tsx";
import { AlertEntry } from "./alert-entry.tsx";

/** What is wrong, since when, and what to do; what nobody has looked at and is worst first. */
export function InboxPage() {
  useWhere([{ words: "inbox", to: null }]);
  const [address] = useAddress();
  const queries = useQueryClient();
  const view = readInboxView(address);
  const alerts = useQuery({ ...asks.alerts(view.states), placeholderData: keepPreviousData });
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ["alerts"] });
  useLiveRefresh(({ kind }) => kind === "alert-changed" || kind === "domain-event", refresh, 1_000);
  const items = alerts.data?.items;
  const waiting = items?.filter(({ state, silenced }) => state === "open" && silenced === null);
  return (
    <>
      <PageHead title="Inbox">
        <p className="dim" role="status">
          {waiting === undefined || view.name !== "open"
            ? ""
            : `${countOf(waiting.length, "alert")} ${waiting.length === 1 ? "waits" : "wait"} for somebody`}
        </p>
      </PageHead>
      <nav aria-label="Which alerts" className="chips">
        {inboxViews.map(({ name, words }) => (
          <Link
            key={name}
            to={name === "open" ? "/inbox" : `/inbox?show=${name}`}
            className="button small"
            aria-current={view.name === name ? "page" : undefined}
          >
            {words}
          </Link>
        ))}
      </nav>
      {items === undefined ? (
        alerts.error && !alerts.isFetching ? (
          <Failed what="the alerts" error={alerts.error} onRetry={() => void alerts.refetch()} />
        ) : (
          <Loading what="the alerts" rows={6} />
        )
      ) : items.length === 0 ? (
        <Nothing isOpen={view.name === "open"} />
      ) : (
        <>
          <ul className="inbox" aria-label={`Alerts that are ${view.words}`}>
            {items.toSorted(byUrgency).map((alert) => (
              <AlertEntry key={alert.id} alert={alert} onChange={refresh} />
            ))}
          </ul>
          {alerts.data?.nextCursor == null ? null : (
            <Partial>There are more: {<Command text="npx wws-fleet alert list" />}</Partial>
          )}
        </>
      )}
    </>
  );
}

function Nothing({ isOpen }: { readonly isOpen: boolean }) {
  return (
    <Empty title={isOpen ? "Nothing is wrong" : "Nothing was resolved in the last 30 days"}>
      <p>
        What is wrong with hosts, drains, plans and the manager itself stands here until it is over.
        It leaves the house by webhooks and mail: <Command text="npx wws-fleet alert channels" />
      </p>
    </Empty>
  );
}
