import { StateCounts } from "../../parts/state.tsx";
import { Watts } from "../../parts/supply.tsx";
import type { totalSupply } from "./total-supply.ts";

/** The fleet in one line: what is connected, what it is for, how it is, what it draws. */
export function FleetSummary({ total }: { readonly total: ReturnType<typeof totalSupply> }) {
  return (
    <dl className="facts-line">
      <div>
        <dt>Link</dt>
        <dd>
          <StateCounts kind="link" counts={total.byLink} />
        </dd>
      </div>
      <div>
        <dt>Lifecycle</dt>
        <dd>
          <StateCounts kind="lifecycle" counts={total.byLifecycle} />
        </dd>
      </div>
      <div>
        <dt>Health</dt>
        <dd>
          <StateCounts kind="health" counts={total.byHealth} />
        </dd>
      </div>
      <div>
        <dt>Power</dt>
        <dd>
          <Watts supply={total} />
        </dd>
      </div>
    </dl>
  );
}
