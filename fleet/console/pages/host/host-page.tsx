import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Host } from "#fleet/api/host-schemas.ts";
import { CellNameContext, useBlindCell } from "../../api/cells.ts";
import { ApiError } from "../../api/client.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { BlindMark } from "../../parts/cell-notes.tsx";
import { Failed, Loading, Partial } from "../../parts/page-states.tsx";
import { Simulated } from "../../parts/simulated.tsx";
import { useSiteZone } from "../../parts/zone.tsx";
import { useWhere, type WhereStep } from "../../shell/where.tsx";
import { rackIdOf, rackPath } from "../../words/place-words.ts";
import { PageHead } from "../page-head.tsx";
import { Absences } from "./absences.tsx";
import { Collectors } from "./collectors.tsx";
import { ClassDifferences, ComponentChanges } from "./component-changes.tsx";
import { Components } from "./components.tsx";
import { HostCharts } from "./host-charts.tsx";
import { HostFacts } from "./host-facts.tsx";
import { HostLife } from "./host-life.tsx";
import { HostStates } from "./host-states.tsx";
import { SystemFacts } from "./system-facts.tsx";

const figuresEveryMs = 500;

/** One host: how it is and since when, what it measures, what it is, and what it does not say. */
export function HostPage() {
  const { hostId = "" } = useParams();
  const queries = useQueryClient();
  const host = useQuery(asks.host(hostId));
  const regions = useQuery(asks.regions());
  const site = host.data?.position?.site ?? null;
  const siteView = regions.data?.items
    .flatMap(({ sites }) => sites)
    .find(({ code }) => code === site);
  useSiteZone(site, siteView?.timeZone ?? null);
  useWhere(stepsTo(host.data, hostId));
  const id = host.data?.id;
  useLiveRefresh(
    (event) => "hostId" in event && event.hostId === id,
    () => void queries.invalidateQueries({ queryKey: ["host", hostId] }),
    figuresEveryMs,
  );

  if (host.error instanceof ApiError && host.error.status === 404) {
    return (
      <>
        <PageHead title={<span className="mono">{hostId}</span>} />
        <Failed what="this host" error={host.error} onRetry={() => void host.refetch()} />
      </>
    );
  }
  if (host.data === undefined) {
    return (
      <>
        <PageHead title={<span className="mono">{hostId}</span>} />
        {host.error && !host.isFetching ? (
          <Failed what="this host" error={host.error} onRetry={() => void host.refetch()} />
        ) : (
          <Loading what="the host" />
        )}
      </>
    );
  }
  return (
    <CellNameContext value={host.data.cell}>
      <HostView host={host.data} />
    </CellNameContext>
  );
}

function HostView({ host }: { readonly host: Host }) {
  const queries = useQueryClient();
  const inventory = useQuery({
    ...asks.inventory(host.id),
    // A host that has not said anything yet is asked again when it does.
    retry: false,
  });
  useLiveRefresh(
    (event) => event.kind === "host-state" && event.hostId === host.id,
    () => void queries.invalidateQueries({ queryKey: ["inventory", host.id] }),
    2_000,
  );
  const hasNothingYet =
    inventory.error instanceof ApiError && inventory.error.code === "nothing-yet";
  const blind = useBlindCell(host.cell);
  return (
    <div className={blind === null ? "page" : "page is-blind"}>
      <PageHead
        title={
          <>
            <span className="mono">{host.name}</span> {host.simulated ? <Simulated /> : null}
          </>
        }
      >
        <BlindMark name={host.cell} />
      </PageHead>
      <HostStates host={host} />
      <HostLife host={host} />
      <div className="host-columns">
        <HostCharts host={host} inventory={inventory.data} />
        <aside className="host-side" aria-label="What this host is">
          <HostFacts host={host} />
          {inventory.data === undefined ? null : <SystemFacts inventory={inventory.data} />}
        </aside>
      </div>
      {inventory.data === undefined ? (
        hasNothingYet ? (
          <Partial>
            The host has not said yet what it is: its parts appear with its first state.
          </Partial>
        ) : inventory.error ? (
          <Failed
            what="the host's parts"
            error={inventory.error}
            onRetry={() => void inventory.refetch()}
          />
        ) : (
          <Loading what="the host's parts" />
        )
      ) : (
        <>
          <ClassDifferences inventory={inventory.data} hostName={host.name} />
          <Components components={inventory.data.components} />
          <ComponentChanges inventory={inventory.data} />
          <Absences absences={inventory.data.absences} />
          <Collectors collectors={inventory.data.collectors} />
        </>
      )}
    </div>
  );
}

function stepsTo(host: Host | undefined, asked: string): readonly WhereStep[] {
  const hosts = { words: "hosts", to: "/hosts" };
  if (host === undefined) return [hosts, { words: asked, to: null }];
  const { position } = host;
  if (position === null) return [hosts, { words: host.name, to: null }];
  return [
    {
      words: position.region,
      to: `/hosts?selector=${encodeURIComponent(`region=${position.region}`)}`,
    },
    { words: position.site, to: `/racks?site=${encodeURIComponent(position.site)}` },
    { words: position.row, to: `/racks?site=${encodeURIComponent(position.site)}` },
    { words: position.rack, to: rackPath(rackIdOf(position)) },
    { words: host.name, to: null },
  ];
}
