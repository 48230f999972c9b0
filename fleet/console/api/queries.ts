import { QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import type { CellList } from "#fleet/api/cell-schemas.ts";
import type { AlertList } from "#fleet/api/alert-schemas.ts";
import type { PendingList } from "#fleet/api/enrolment-schemas.ts";
import type { HostExplanation } from "#fleet/api/health-schemas.ts";
import type { Host, HostList } from "#fleet/api/host-schemas.ts";
import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import type { OperationList } from "#fleet/api/operation-schemas.ts";
import type { Plan, PlanList } from "#fleet/api/plan-schemas.ts";
import type { RackDetail, RackList, RegionList } from "#fleet/api/place-schemas.ts";
import type { ReportView } from "#fleet/api/report-schemas.ts";
import { type ReportAsk, reportPath } from "../address/report-ask.ts";
import { type HostListAsk, hostListQuery } from "../address/host-list.ts";
import { ApiError, apiGet } from "./client.ts";
import { endSession } from "./session.ts";

/** What is asked of the manager, each with the key under which its answer is kept. */
export const asks = {
  cells: () =>
    queryOptions({
      queryKey: ["cells"],
      queryFn: ({ signal }) => apiGet<CellList>("/cells", signal),
      // A federation tells when one comes or goes; what a single cell is does not change.
      staleTime: 60_000,
    }),
  regions: () =>
    queryOptions({
      queryKey: ["regions"],
      queryFn: ({ signal }) => apiGet<RegionList>("/regions", signal),
    }),
  pending: () =>
    queryOptions({
      queryKey: ["pending"],
      queryFn: ({ signal }) => apiGet<PendingList>("/enrolment/pending", signal),
    }),
  racks: (site: string | null) =>
    queryOptions({
      queryKey: ["racks", site],
      queryFn: ({ signal }) =>
        apiGet<RackList>(
          site === null ? "/racks" : `/racks?site=${encodeURIComponent(site)}`,
          signal,
        ),
    }),
  rack: (rackId: string) =>
    queryOptions({
      queryKey: ["rack", rackId],
      queryFn: ({ signal }) => apiGet<RackDetail>(`/racks/${encodeURIComponent(rackId)}`, signal),
    }),
  hosts: (ask: HostListAsk) =>
    queryOptions({
      queryKey: ["hosts", hostListQuery(ask)],
      queryFn: ({ signal }) => apiGet<HostList>(`/hosts?${hostListQuery(ask)}`, signal),
    }),
  host: (idOrName: string) =>
    queryOptions({
      queryKey: ["host", idOrName],
      queryFn: ({ signal }) => apiGet<Host>(`/hosts/${encodeURIComponent(idOrName)}`, signal),
    }),
  inventory: (hostId: string) =>
    queryOptions({
      queryKey: ["inventory", hostId],
      queryFn: ({ signal }) =>
        apiGet<HostInventory>(`/hosts/${encodeURIComponent(hostId)}/inventory`, signal),
    }),
  explanation: (hostId: string) =>
    queryOptions({
      queryKey: ["explanation", hostId],
      queryFn: ({ signal }) =>
        apiGet<HostExplanation>(`/hosts/${encodeURIComponent(hostId)}/explain`, signal),
    }),
  plans: (limit: number) =>
    queryOptions({
      queryKey: ["plans", limit],
      queryFn: ({ signal }) => apiGet<PlanList>(`/plans?limit=${limit}`, signal),
    }),
  report: (ask: ReportAsk) =>
    queryOptions({
      queryKey: ["report", reportPath(ask, null)],
      queryFn: ({ signal }) => apiGet<ReportView>(reportPath(ask, null), signal),
    }),
  plan: (planId: string) =>
    queryOptions({
      queryKey: ["plan", planId],
      queryFn: ({ signal }) => apiGet<Plan>(`/plans/${encodeURIComponent(planId)}`, signal),
    }),
  /** `states`: with commas between them. */
  alerts: (states: string) =>
    queryOptions({
      queryKey: ["alerts", states],
      queryFn: ({ signal }) =>
        apiGet<AlertList>(`/alerts?state=${encodeURIComponent(states)}&limit=200`, signal),
    }),
  /** The newest of a plan's operations: enough for all that a plan may run at once. */
  planOperations: (planId: string) =>
    queryOptions({
      queryKey: ["plan-operations", planId],
      queryFn: ({ signal }) =>
        apiGet<OperationList>(`/operations?plan=${encodeURIComponent(planId)}&limit=200`, signal),
    }),
} as const;

/**
 * Old figures stay on the page while the manager is away; the shell says how old they are. A refusal
 * is an answer and is not asked again; a manager that does not answer is.
 */
export function createQueries(): QueryClient {
  const cache = new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) endSession(queries);
    },
  });
  const queries = new QueryClient({
    queryCache: cache,
    defaultOptions: {
      queries: {
        // The manager is often on this very machine: a browser without a network still reaches it.
        networkMode: "always",
        refetchOnWindowFocus: true,
        refetchOnReconnect: true,
        staleTime: 5_000,
        // A short absence is bridged. A longer one is watched by the event stream alone: when it is
        // open again everything is asked anew, and until then nobody knocks.
        retry: (count, error) => isPassing(error) && count < retriesMax,
        retryDelay: (count) => Math.min(5_000, 500 * 2 ** count),
      },
    },
  });
  return queries;
}

const retriesMax = 2;

/** True for what may be over in a moment: no answer at all, or a manager that starts or stops. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503);
}
