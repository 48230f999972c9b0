import { Link } from "react-router";
import type { PlanSummary } from "#fleet/api/plan-schemas.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { State } from "../../parts/state.tsx";
import { Ago } from "../../parts/time.tsx";
import { planLook, summaryTitle } from "../../words/plan-words.ts";
import { PlanCounts } from "./plan-counts.tsx";

export function PlanTable({ plans }: { readonly plans: readonly PlanSummary[] }) {
  return (
    <table className="table plans" aria-label="Plans">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Status</th>
          <th scope="col">Hosts</th>
          <th scope="col">Since</th>
          <th scope="col">By</th>
          <th scope="col">Why it waits, or what it is for</th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <PlanRow key={plan.id} plan={plan} />
        ))}
      </tbody>
    </table>
  );
}

function PlanRow({ plan }: { readonly plan: PlanSummary }) {
  const [why] = plan.why;
  return (
    <tr data-plan={plan.id}>
      <th scope="row" className="cell-what">
        <Link {...rowProps} to={`/plans/${encodeURIComponent(plan.id)}`} className="break">
          {summaryTitle(plan)}
        </Link>
      </th>
      <td className="cell-status">
        <State look={planLook(plan.status)} />
      </td>
      <td className="cell-hosts">
        <PlanCounts counts={plan.hostCounts} />
      </td>
      <td className="cell-since">
        <Ago timeMs={plan.endedMs ?? plan.appliedMs ?? plan.createdMs} />
      </td>
      <td className="cell-by">{plan.appliedBy ?? plan.createdBy}</td>
      <td className="cell-why break">
        {why === undefined ? <span className="dim">{plan.reason}</span> : why.words}
      </td>
    </tr>
  );
}
