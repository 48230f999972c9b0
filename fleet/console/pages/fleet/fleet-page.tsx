import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { Failed, Loading } from "../../parts/page-states.tsx";
import { Simulated } from "../../parts/simulated.tsx";
import { useWhere } from "../../shell/where.tsx";
import { countOf, formatCount } from "../../words/figures.ts";
import { PageHead } from "../page-head.tsx";
import { Ailing } from "./ailing.tsx";
import { Attention } from "./attention.tsx";
import { EmptyFleet } from "./empty-fleet.tsx";
import { FleetSummary } from "./fleet-summary.tsx";
import { RegionTable } from "./region-table.tsx";
import { totalSupply } from "./total-supply.ts";
import { PendingMachines, UnplacedHosts } from "./waiting-hosts.tsx";

/** Sums over a large fleet cost the manager more than a repaint costs the page. */
const figuresEveryMs = 2_000;

export function FleetPage() {
  useWhere([{ words: "fleet", to: null }]);
  const queries = useQueryClient();
  const regions = useQuery(asks.regions());
  const refresh = () => void queries.invalidateQueries({ queryKey: ["regions"] });
  useLiveRefresh((event) => event.kind === "host-telemetry", refresh, figuresEveryMs);
  useLiveRefresh(
    (event) => event.kind !== "host-telemetry",
    () => {
      refresh();
      void queries.invalidateQueries({ queryKey: ["attention"] });
      void queries.invalidateQueries({ queryKey: ["pending"] });
    },
  );

  if (regions.data === undefined) {
    return (
      <>
        <PageHead title="Fleet" />
        {regions.error && !regions.isFetching ? (
          <Failed what="the fleet" error={regions.error} onRetry={() => void regions.refetch()} />
        ) : (
          <Loading what="the fleet" />
        )}
      </>
    );
  }
  const total = totalSupply(regions.data);
  return (
    <>
      <PageHead title="Fleet">
        <p className="dim">
          {countOf(total.hosts, "host")}
          {total.simulated === 0 ? null : (
            <>
              {" · "}
              {total.simulated === total.hosts ? "all" : formatCount(total.simulated)} <Simulated />
            </>
          )}
        </p>
      </PageHead>
      <PendingMachines />
      {total.hosts === 0 ? (
        <EmptyFleet />
      ) : (
        <>
          <FleetSummary total={total} />
          <Attention byLink={total.byLink} />
          <Ailing byHealth={total.byHealth} />
          <UnplacedHosts count={regions.data.unplaced.hosts} />
          <RegionTable regions={regions.data} />
        </>
      )}
    </>
  );
}
