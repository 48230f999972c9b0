import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { LifeExplanationView } from "#fleet/api/life-schemas.ts";
import type { Host } from "#fleet/api/host-schemas.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { Command } from "../../parts/copy.tsx";
import { Failed, Loading } from "../../parts/page-states.tsx";
import { Ago } from "../../parts/time.tsx";
import { WhyList } from "../../parts/why-list.tsx";
import { shellQuote } from "#proto/vocabulary/shell-words.ts";
import { HostHolds } from "./host-holds.tsx";
import { HostLeases } from "./host-leases.tsx";
import { HostVerbs } from "./host-verbs.tsx";
import { OperationView } from "./operation-view.tsx";

/** Where the host stands in its life: what is done to it, what holds it, what comes next, who can end it. */
export function HostLife({ host }: { readonly host: Host }) {
  const queries = useQueryClient();
  const told = useQuery(asks.explanation(host.id));
  useLiveRefresh(
    (event) =>
      "hostId" in event &&
      event.hostId === host.id &&
      (event.kind === "operation-changed" ||
        event.kind === "host-changed" ||
        event.kind === "link-changed"),
    () => void queries.invalidateQueries({ queryKey: ["explanation", host.id] }),
  );
  const life = told.data?.life;
  return (
    <section className="life" aria-label="Its life">
      {host.watchedOnly ? <WatchedOnly name={host.name} /> : null}
      {life === undefined ? (
        told.error && !told.isFetching ? (
          <Failed
            what="what is done to it"
            error={told.error}
            onRetry={() => void told.refetch()}
          />
        ) : (
          <Loading what="what is done to it" rows={2} />
        )
      ) : (
        <>
          {life.operation === null ? null : <OperationView operation={life.operation} />}
          <Schedulable life={life} />
        </>
      )}
      <HostHolds holds={host.holds} />
      <HostLeases leases={host.leases} />
      {life === undefined ? null : <HostVerbs host={host} verbs={life.verbs} />}
    </section>
  );
}

function WatchedOnly({ name }: { readonly name: string }) {
  return (
    <p className="notice notice-info slim">
      <span>
        <strong>Watched only.</strong> Nothing is done to this host, whoever asks. To end that:{" "}
        <Command text={`npx wws-fleet host manage ${shellQuote(name)} --reason REASON`} />
      </span>
    </p>
  );
}

/** Whether new work may land there, and what comes by itself. */
function Schedulable({ life }: { readonly life: LifeExplanationView }) {
  const { schedulable, next } = life;
  // What the operation waits for stands with the operation.
  const waits = life.operation === null ? life.waitsFor : [];
  const whys =
    life.operation === null
      ? schedulable.why
      : schedulable.why.filter(({ code }) => code !== "operation");
  return (
    <>
      <p>
        <strong>{schedulable.isSchedulable ? "Takes new work." : "Takes no new work."}</strong>{" "}
        <span className="dim">
          Next:{" "}
          {next === null ? (
            "nothing by itself"
          ) : (
            <>
              {next.words}
              {next.atMs === null ? null : (
                <>
                  , <Ago timeMs={next.atMs} />
                </>
              )}
            </>
          )}
        </span>
      </p>
      {schedulable.isSchedulable || whys.length === 0 ? null : (
        <WhyList whys={whys} label="Why it takes no new work" />
      )}
      {waits.length === 0 ? null : <WhyList whys={waits} label="What the host waits for" />}
    </>
  );
}
