import { Shape } from "../../parts/shape.tsx";
import { formatCount } from "../../words/figures.ts";
import { orderStates, planHostLook } from "../../words/plan-words.ts";

/** How many of a plan's hosts are where, as shape, figure and word. */
export function PlanCounts({
  counts: given,
}: {
  readonly counts: Readonly<Record<string, number>>;
}) {
  const counts = orderStates(given);
  if (counts.length === 0) return <span className="dim">none</span>;
  return (
    <span className="state-counts">
      {counts.map(({ state, count }) => {
        const look = planHostLook(state);
        return (
          <span key={state} className={`state tone-${look.tone}`} title={look.meaning}>
            <Shape shape={look.shape} tone={look.tone} />
            <span className="figure">{formatCount(count)}</span>
            <span className="state-word">{look.word}</span>
          </span>
        );
      })}
    </span>
  );
}
