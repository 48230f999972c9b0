import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Plan } from "#fleet/api/plan-schemas.ts";
import { apiPost } from "../../api/client.ts";
import { Command, Copy } from "../../parts/copy.tsx";
import { ReasonedActions } from "../../parts/reasoned-actions.tsx";
import { State } from "../../parts/state.tsx";
import { Ago } from "../../parts/time.tsx";
import { WhyList } from "../../parts/why-list.tsx";
import {
  stateCounts,
  actionMeaning,
  paceWords,
  planLook,
  type PlanVerb,
  planVerbs,
  stopWords,
  whyNotChanged,
} from "../../words/plan-words.ts";
import { formatDuration } from "../../words/time-words.ts";
import { PlanCounts } from "./plan-counts.tsx";

/** How far it is, why it waits, what to mind, and what one may do about it. */
export function PlanStates({ plan }: { readonly plan: Plan }) {
  const { status, why } = plan;
  return (
    <>
      <dl className="facts-line">
        <Fact name="Status">
          <State look={planLook(status)} />
          <span className="dim">
            <Ago timeMs={plan.endedMs ?? plan.appliedMs ?? plan.createdMs} />
          </span>
        </Fact>
        <Fact name="Hosts">
          <PlanCounts counts={stateCounts(plan.hosts)} />
        </Fact>
        <Fact name="Made by">
          {plan.createdBy}
          {plan.createdByKind === undefined ? null : <span className="dim"> by itself</span>}{" "}
          <span className="dim">
            <Ago timeMs={plan.createdMs} />
          </span>
        </Fact>
        <Fact name="Applied by">
          {plan.appliedBy ?? <span className="dim">nobody yet</span>}
          {plan.appliedMs === null ? null : (
            <span className="dim">
              <Ago timeMs={plan.appliedMs} />
            </span>
          )}
        </Fact>
        <Fact name="Takes about">
          {plan.predictedMs === null ? (
            <span className="dim">nothing to tell it from</span>
          ) : (
            formatDuration(plan.predictedMs)
          )}
        </Fact>
      </dl>
      <p>
        <strong className="break">{plan.reason}</strong>{" "}
        <span className="dim">
          · <span className="mono break">{plan.selector.slice(0, selectorMax)}</span> ·{" "}
          {actionMeaning(plan.action)} · {paceWords(plan)} · {stopWords(plan)}
        </span>
      </p>
      {why.length === 0 ? null : (
        <section
          className={`notice slim ${status === "stopped" ? "notice-bad" : "notice-warn"}`}
          aria-label="Why it is so"
        >
          <WhyList whys={why} label="Why it waits or ended" />
        </section>
      )}
      {status === "planned" ? <HowToApply plan={plan} /> : null}
      <Minded plan={plan} />
      <PlanActions plan={plan} />
    </>
  );
}

function HowToApply({ plan }: { readonly plan: Plan }) {
  return (
    <p className="notice notice-info slim">
      <span>
        Nothing is done yet. To do it, until <Ago timeMs={plan.expiresMs} />:{" "}
        <Command text={`npx wws-fleet plan apply ${plan.id}`} />
      </span>
    </p>
  );
}

/** What to mind, and what cannot be taken back. */
function Minded({ plan: { warnings, irreversible, hash } }: { readonly plan: Plan }) {
  return (
    <div className="minded">
      {warnings.length === 0 ? null : (
        <section aria-labelledby="warnings">
          <h2 id="warnings">To mind</h2>
          <ul className="bullets break">
            {warnings.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="for-good">
        <h2 id="for-good">What cannot be undone</h2>
        {irreversible.length === 0 ? (
          <p className="dim">nothing</p>
        ) : (
          <ul className="bullets break">
            {irreversible.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
        <p className="dim small">
          frozen as <span className="mono">{hash.slice(0, 12)}</span>{" "}
          <Copy text={hash} label="copy the hash" />
        </p>
      </section>
    </div>
  );
}

/** Hundreds of names would hide what follows; the hosts stand below. */
const selectorMax = 200;

const meanings: Readonly<Record<PlanVerb, string>> = {
  pause: "No further host is begun; what is under way on hosts goes on.",
  resume: "It goes on where it was; what was done is not done again.",
  cancel: "No further host is begun, for good. What runs is canceled where it can be taken back.",
};

function PlanActions({ plan }: { readonly plan: Plan }) {
  const queries = useQueryClient();
  return (
    <ReasonedActions
      of="the plan"
      actions={planVerbs.map((verb) => ({
        verb,
        meaning: meanings[verb],
        whyNot: whyNotChanged(verb, plan.status),
        run: (reason) => apiPost<Plan>(`/plans/${encodeURIComponent(plan.id)}/${verb}`, { reason }),
      }))}
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ["plan", plan.id] });
        void queries.invalidateQueries({ queryKey: ["plans"] });
      }}
    />
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
