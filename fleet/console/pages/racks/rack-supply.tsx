import type { RackDetail } from "#fleet/api/place-schemas.ts";
import { Simulated } from "../../parts/simulated.tsx";
import { StateCounts } from "../../parts/state.tsx";
import { MeanShare, Watts } from "../../parts/supply.tsx";
import { formatCount } from "../../words/figures.ts";

/** What the rack holds and draws. */
export function RackSupply({ rack }: { readonly rack: RackDetail }) {
  const { supply } = rack;
  const filled = rack.slots.reduce((units, slot) => units + slot.heightUnits, 0);
  return (
    <section aria-labelledby="rack-supply">
      <h2 id="rack-supply">Supply</h2>
      <dl className="facts">
        <dt>Units</dt>
        <dd className="figure">
          {filled} of {rack.heightUnits} filled, {rack.heightUnits - filled} free
        </dd>
        <dt>Hosts</dt>
        <dd className="figure">
          {formatCount(supply.hosts)} {supply.simulated === 0 ? null : <Simulated />}
        </dd>
        <dt>Link</dt>
        <dd>
          <StateCounts kind="link" counts={supply.byLink} />
        </dd>
        <dt>Lifecycle</dt>
        <dd>
          <StateCounts kind="lifecycle" counts={supply.byLifecycle} />
        </dd>
        <dt>Health</dt>
        <dd>
          <StateCounts kind="health" counts={supply.byHealth} />
        </dd>
        <dt>Power</dt>
        <dd>
          <Watts supply={supply} />
        </dd>
        <dt>CPU, mean</dt>
        <dd>
          <MeanShare share={supply.cpuUtilization} why="no host here says its CPU" />
        </dd>
      </dl>
    </section>
  );
}
