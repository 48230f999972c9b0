import type { Operation } from "#fleet/api/operation-schemas.ts";
import { State } from "../../parts/state.tsx";
import { Ago, LastsFor } from "../../parts/time.tsx";
import { type StepRow, stepRows, tookWords } from "../../words/operation-words.ts";

/** The steps from top to bottom, each with its state, since when, how long it took and what was seen. */
export function OperationSteps({ operation }: { readonly operation: Operation }) {
  return (
    <ol className="operation-steps" aria-label={`Steps of the ${operation.kind}`}>
      {stepRows(operation).map((row) => (
        <li key={row.key} aria-current={row.isCurrent ? "step" : undefined}>
          <span className="step-state">
            <State look={row.look} />
          </span>
          <span className="step-name mono">{row.step}</span>
          <span className="step-times dim">
            <Times row={row} />
          </span>
          <span className="step-evidence break">{row.evidence}</span>
        </li>
      ))}
    </ol>
  );
}

function Times({ row: { startedMs, endedMs, attempt } }: { readonly row: StepRow }) {
  if (startedMs === null) return null;
  const tries = attempt === null || attempt < 2 ? null : ` · attempt ${attempt}`;
  return endedMs === null ? (
    <>
      for <LastsFor sinceMs={startedMs} />
      {tries}
    </>
  ) : (
    <>
      <Ago timeMs={startedMs} />, took{" "}
      <span className="figure">{tookWords(endedMs - startedMs)}</span>
      {tries}
    </>
  );
}
