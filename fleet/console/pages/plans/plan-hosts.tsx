import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Operation } from "#fleet/api/operation-schemas.ts";
import type { Plan, PlanHostView } from "#fleet/api/plan-schemas.ts";
import { asks } from "../../api/queries.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { Shape } from "../../parts/shape.tsx";
import { State } from "../../parts/state.tsx";
import { Ago } from "../../parts/time.tsx";
import { useAddress, withParameter } from "../../parts/use-address.ts";
import { WhyCell } from "../../parts/why-list.tsx";
import { formatCount } from "../../words/figures.ts";
import { countStates, groupWaves, planHostLook, type Wave } from "../../words/plan-words.ts";

type Operations = ReadonlyMap<string, Operation>;

/** Its hosts by wave, each with its state and why; `?state=failed` shows those alone. */
export function PlanHosts({ plan }: { readonly plan: Plan }) {
  const [address, changeAddress] = useAddress();
  const wanted = address.get("state") ?? "";
  const counts = countStates(plan.hosts);
  const shown = wanted === "" ? plan.hosts : plan.hosts.filter(({ state }) => state === wanted);
  const operations = useOperations(plan);
  const choose = (state: string) =>
    changeAddress((now) => withParameter(now, "state", now.get("state") === state ? "" : state));
  return (
    <section aria-labelledby="plan-hosts" className="plan-hosts">
      <h2 id="plan-hosts">
        Hosts <span className="dim">{formatCount(plan.hosts.length)}</span>
      </h2>
      {counts.length < 2 && wanted === "" ? null : (
        <fieldset className="chips bare">
          <legend className="for-readers">Show only hosts that are</legend>
          {counts.map(({ state, count }) => {
            const look = planHostLook(state);
            return (
              <button
                key={state}
                type="button"
                className="button small"
                aria-pressed={state === wanted}
                onClick={() => choose(state)}
              >
                <Shape shape={look.shape} tone={look.tone} />
                {formatCount(count)} {look.word}
              </button>
            );
          })}
          {wanted === "" ? null : (
            <button type="button" className="button small" onClick={() => choose(wanted)}>
              show all
            </button>
          )}
        </fieldset>
      )}
      {shown.length === 0 ? (
        <p className="dim">No host of this plan is {planHostLook(wanted).word} now.</p>
      ) : (
        <table className="table plan-host-table" aria-labelledby="plan-hosts">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">State</th>
              <th scope="col">Rack</th>
              <th scope="col">Step, or when it ended</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          {groupWaves(shown).map((wave) => (
            <WaveRows key={wave.words} wave={wave} operations={operations} />
          ))}
        </table>
      )}
    </section>
  );
}

/** What runs says itself at which step it is and what it waits for. */
function useOperations(plan: Plan): Operations {
  const isAsked = plan.hosts.some(({ operationId, state }) => {
    return operationId !== null && (state === "running" || state === "failed");
  });
  const found = useQuery({ ...asks.planOperations(plan.id), enabled: isAsked });
  return new Map((found.data?.items ?? []).map((operation) => [operation.id, operation]));
}

function WaveRows({ wave, operations }: { readonly wave: Wave; readonly operations: Operations }) {
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={5}>
          {wave.words} <span className="dim">{formatCount(wave.hosts.length)}</span>
        </th>
      </tr>
      {wave.hosts.map((host) => (
        <HostRow
          key={host.hostId}
          host={host}
          operation={operations.get(host.operationId ?? "") ?? null}
        />
      ))}
    </tbody>
  );
}

function HostRow({
  host,
  operation,
}: {
  readonly host: PlanHostView;
  readonly operation: Operation | null;
}) {
  const isPaused = operation?.status === "paused";
  const whys = host.why.length > 0 || operation === null ? host.why : operation.why;
  return (
    <tr data-host={host.hostId}>
      <th scope="row" className="cell-what">
        <Link {...rowProps} to={`/hosts/${encodeURIComponent(host.hostId)}`} className="mono break">
          {host.name}
        </Link>
      </th>
      <td className="cell-status">
        <State look={planHostLook(host.state)} />
      </td>
      <td className="mono cell-rack">{host.rack ?? <span className="dim">no rack</span>}</td>
      <td className="cell-step">
        {host.endedMs !== null ? (
          <span className="dim">
            <Ago timeMs={host.endedMs} />
          </span>
        ) : operation === null || operation.endedMs !== null ? null : (
          <span className={isPaused ? "tone-warn" : "dim"}>
            {operation.step}
            {isPaused ? ", paused" : ""}
          </span>
        )}
      </td>
      <td className="cell-why">
        <WhyCell whys={whys} />
      </td>
    </tr>
  );
}
