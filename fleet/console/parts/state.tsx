import type { Host } from "#fleet/api/host-schemas.ts";
import {
  isUsualLife,
  lifecycleLook,
  orderCounts,
  type StateKind,
  type StateLook,
} from "../words/state-words.ts";
import { formatCount } from "../words/figures.ts";
import { Shape } from "./shape.tsx";

/** A state as shape and word; what it means stands in the title. */
export function State({ look }: { readonly look: StateLook }) {
  return (
    <span className={`state tone-${look.tone}`} title={look.meaning}>
      <Shape shape={look.shape} tone={look.tone} />
      <span className="state-word">{look.word}</span>
    </span>
  );
}

/** Where a host is in its life, and whether what is done to it waits for a person. */
export function Life({ host }: { readonly host: Pick<Host, "lifecycle" | "op"> }) {
  const look = lifecycleLook(host.lifecycle);
  const isPaused = host.op?.isPaused === true;
  return (
    <span className={isUsualLife(host.lifecycle) && !isPaused ? "pair" : "pair is-unusual"}>
      <State look={look} />
      {isPaused ? (
        <span className="tone-warn" title="it waits for a person">
          paused
        </span>
      ) : null}
    </span>
  );
}

/** How many hosts are in which state, in a fixed order, zeros left out. */
export function StateCounts({
  kind,
  counts,
}: {
  readonly kind: StateKind;
  readonly counts: Readonly<Record<string, number>>;
}) {
  const shown = orderCounts(kind, counts);
  if (shown.length === 0) return <span className="dim">none</span>;
  return (
    <span className="state-counts">
      {shown.map(({ look, count }) => (
        <span key={look.word} className={`state tone-${look.tone}`} title={look.meaning}>
          <Shape shape={look.shape} tone={look.tone} />
          <span className="figure">{formatCount(count)}</span>
          <span className="state-word">{look.word}</span>
        </span>
      ))}
    </span>
  );
}
