import type { HostSort } from "../../address/host-list.ts";
import { Ago } from "../../parts/time.tsx";

const moving: ReadonlySet<HostSort["key"]> = new Set([
  "cpu",
  "memory",
  "power",
  "temperature",
  "lastReport",
]);

/** Figures move, rows do not run about under the hand: the order is of when it was asked. */
export function OrderNote({
  sort,
  listedMs,
  onReorder,
}: {
  readonly sort: HostSort;
  readonly listedMs: number;
  readonly onReorder: () => void;
}) {
  if (!moving.has(sort.key)) return null;
  return (
    <p className="order-note dim small">
      <span>
        The figures are live; their order was asked for <Ago timeMs={listedMs} />.
      </span>
      <button type="button" className="button small" onClick={onReorder}>
        order anew
      </button>
    </p>
  );
}
