import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Plan } from "#fleet/api/plan-schemas.ts";
import { ApiError } from "../../api/client.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { Failed, Loading } from "../../parts/page-states.tsx";
import { useWhere } from "../../shell/where.tsx";
import { planTitle } from "../../words/plan-words.ts";
import { PageHead } from "../page-head.tsx";
import { BlastRadius } from "./blast-radius.tsx";
import { PlanHosts } from "./plan-hosts.tsx";
import { PlanStates } from "./plan-states.tsx";

/** One plan: how far it is and why it waits, what it touches, and each of its hosts. */
export function PlanPage() {
  const { planId = "" } = useParams();
  const queries = useQueryClient();
  const plan = useQuery(asks.plan(planId));
  const title = plan.data === undefined ? planId : planTitle(plan.data);
  useWhere([
    { words: "plans", to: "/plans" },
    { words: title, to: null },
  ]);
  useLiveRefresh(
    (event) =>
      (event.kind === "plan-changed" && event.planId === planId) ||
      (event.kind === "operation-changed" && isOf(plan.data, event.hostId)),
    () => {
      void queries.invalidateQueries({ queryKey: ["plan", planId] });
      void queries.invalidateQueries({ queryKey: ["plan-operations", planId] });
    },
    1_000,
  );
  const isUnknown = plan.error instanceof ApiError && plan.error.status === 404;
  if (plan.data === undefined || isUnknown) {
    return (
      <>
        <PageHead title={<span className="mono break">{planId}</span>} />
        {plan.error && !plan.isFetching ? (
          <Failed what="this plan" error={plan.error} onRetry={() => void plan.refetch()} />
        ) : (
          <Loading what="the plan" />
        )}
      </>
    );
  }
  return (
    <>
      <PageHead title={title} />
      <PlanStates plan={plan.data} />
      <PlanHosts plan={plan.data} />
      <BlastRadius blast={plan.data.blast} />
    </>
  );
}

function isOf(plan: Plan | undefined, hostId: string): boolean {
  return plan?.hosts.some((host) => host.hostId === hostId) ?? false;
}
