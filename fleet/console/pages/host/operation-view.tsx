import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Operation } from "#fleet/api/operation-schemas.ts";
import { apiPost } from "../../api/client.ts";
import { ReasonedActions } from "../../parts/reasoned-actions.tsx";
import { State } from "../../parts/state.tsx";
import { Ago, LastsFor } from "../../parts/time.tsx";
import { WhyList } from "../../parts/why-list.tsx";
import {
  operationLook,
  type OperationVerb,
  operationVerbs,
  whyNotAsked,
} from "../../words/operation-words.ts";
import { OperationSteps } from "./operation-steps.tsx";

/** What is being done to the host: its steps, what it waits for, and what one may do about it. */
export function OperationView({ operation }: { readonly operation: Operation }) {
  const { kind, status, by, reason, startedMs, deadlineMs, planId, why } = operation;
  const isPaused = status === "paused";
  return (
    <section aria-labelledby="operation" className="operation">
      <h2 id="operation">
        {kind} <State look={operationLook(status)} />{" "}
        <span className="dim">
          for <LastsFor sinceMs={startedMs} />
        </span>
      </h2>
      <p>
        By {by}: <span className="break">{reason}</span>
        {deadlineMs === null ? null : (
          <>
            {" "}
            · deadline <Ago timeMs={deadlineMs} />
          </>
        )}
        {planId === null ? null : (
          <>
            {" "}
            · <Link to={`/plans/${encodeURIComponent(planId)}`}>its plan</Link>
          </>
        )}
      </p>
      {why.length === 0 ? null : (
        <div className={`notice slim ${isPaused ? "notice-warn" : "notice-info"}`}>
          <h3>{isPaused ? "Paused: it waits for a person" : "It waits for"}</h3>
          <WhyList whys={why} label="What it waits for" />
          <Remaining operation={operation} />
        </div>
      )}
      <OperationSteps operation={operation} />
      <OperationActions operation={operation} />
    </section>
  );
}

/** What the host last said still runs on it. */
function Remaining({ operation: { detail } }: { readonly operation: Operation }) {
  if (detail.kind !== "drain" || detail.remaining === null || detail.remaining.length === 0)
    return null;
  return (
    <p>
      Still there: <span className="mono break">{detail.remaining.join(", ")}</span>
    </p>
  );
}

const meanings: Readonly<Record<OperationVerb, string>> = {
  pause: "It stays where it is until somebody resumes it.",
  resume: "It goes on from its step. A drain that ran out of its time has the same time once more.",
  cancel: "What it did stays done: what moved stays moved, the cordon stays until it is released.",
};

function OperationActions({ operation }: { readonly operation: Operation }) {
  const queries = useQueryClient();
  return (
    <ReasonedActions
      of={`the ${operation.kind}`}
      actions={operationVerbs.map((verb) => ({
        verb,
        meaning: meanings[verb],
        whyNot: whyNotAsked(verb, operation),
        run: (reason) =>
          apiPost<Operation>(`/operations/${encodeURIComponent(operation.id)}/${verb}`, { reason }),
      }))}
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ["explanation"] });
        void queries.invalidateQueries({ queryKey: ["host"] });
      }}
    />
  );
}
