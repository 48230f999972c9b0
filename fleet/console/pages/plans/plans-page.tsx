import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { nextPlanRows, readPlanRows } from "../../address/plan-list.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { Command } from "../../parts/copy.tsx";
import { Empty, Failed, Loading } from "../../parts/page-states.tsx";
import { useAddress, withParameter } from "../../parts/use-address.ts";
import { useWhere } from "../../shell/where.tsx";
import { countOf } from "../../words/figures.ts";
import { PageHead } from "../page-head.tsx";
import { PlanTable } from "./plan-table.tsx";

/** What shall be done to hosts, what is being done, and what was: newest first. */
export function PlansPage() {
  useWhere([{ words: "plans", to: null }]);
  const [address, changeAddress] = useAddress();
  const queries = useQueryClient();
  const rows = readPlanRows(address);
  const plans = useQuery({ ...asks.plans(rows), placeholderData: keepPreviousData });
  useLiveRefresh(
    (event) => event.kind === "plan-changed" || event.kind === "operation-changed",
    () => void queries.invalidateQueries({ queryKey: ["plans"] }),
    2_000,
  );
  const items = plans.data?.items;
  const next = plans.data?.nextCursor == null ? null : nextPlanRows(rows);
  const underWay = items?.filter(({ status }) => status === "applying" || status === "paused");
  return (
    <>
      <PageHead title="Plans">
        <p className="dim" role="status">
          {underWay === undefined ? "" : `${countOf(underWay.length, "plan")} under way`}
        </p>
      </PageHead>
      {items === undefined ? (
        plans.error && !plans.isFetching ? (
          <Failed what="the plans" error={plans.error} onRetry={() => void plans.refetch()} />
        ) : (
          <Loading what="the plans" rows={8} />
        )
      ) : items.length === 0 ? (
        <NoPlans />
      ) : (
        <>
          <PlanTable plans={items} />
          {next === null ? null : (
            <button
              type="button"
              className="button more"
              disabled={plans.isPlaceholderData}
              onClick={() => changeAddress((now) => withParameter(now, "rows", String(next)))}
            >
              {plans.isPlaceholderData ? "loading" : "show more"}
            </button>
          )}
        </>
      )}
    </>
  );
}

function NoPlans() {
  return (
    <Empty title="No plan yet">
      <p>
        A plan says what would be done to which hosts, before anything is done. This makes one and
        shows it: <Command text="npx wws-fleet host drain HOST --reason REASON --dry-run" />
      </p>
    </Empty>
  );
}
