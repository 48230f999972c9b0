import type { Host } from "#fleet/api/host-schemas.ts";
import { Figure } from "../parts/figure.tsx";
import { Simulated } from "../parts/simulated.tsx";
import { Life, State } from "../parts/state.tsx";
import { LastsFor } from "../parts/time.tsx";
import { healthLooks, linkLooks } from "../words/state-words.ts";
import { type RackBox, unitWords } from "./elevation-layout.ts";

/** What hover and focus show, always in the same place, so that nothing jumps or covers the rack. */
export function BoxPanel({ rack, box }: { readonly rack: string; readonly box: RackBox | null }) {
  return (
    <aside className="box-panel" aria-label="Chosen unit">
      {box === null ? (
        <p className="dim">Point at a unit, or walk with the arrow keys.</p>
      ) : (
        <>
          <p className="mono dim small">
            {rack} / {unitWords(box.unit, box.heightUnits)}
          </p>
          {box.kind === "free" ? <p>free</p> : <HostFacts host={box.host} />}
        </>
      )}
    </aside>
  );
}

/** The panel keeps its place beside the rack; the host's page has all of them. */
const reasonsMax = 3;

function HostFacts({ host }: { readonly host: Host }) {
  const { latest, link, power } = host;
  const why = link.state === "connected" ? "not seen" : `old: the link is ${link.state}`;
  return (
    <>
      <p className="panel-name mono">
        {host.name} {host.simulated ? <Simulated /> : null}
      </p>
      <dl className="facts">
        <dt>Lifecycle</dt>
        <dd>
          <Life host={host} />
        </dd>
        <dt>Link</dt>
        <dd>
          <State look={linkLooks[link.state]} />{" "}
          {link.sinceMs === null ? null : (
            <span className="dim">
              for <LastsFor sinceMs={link.sinceMs} />
            </span>
          )}
        </dd>
        <dt>Health</dt>
        <dd>
          <State look={healthLooks[host.health.verdict]} />
          {host.health.reasons.slice(0, reasonsMax).map((reason) => (
            <p key={reason} className="dim small">
              {reason}
            </p>
          ))}
        </dd>
        <dt>Power</dt>
        <dd>
          <Figure value={power.watts} unit="W" why={power.reason} />
        </dd>
        <dt>CPU</dt>
        <dd>
          <Figure value={latest.cpuUtilization} unit="1" why={why} />
        </dd>
        <dt>Memory</dt>
        <dd>
          <Figure value={latest.memoryUtilization} unit="1" why={why} />
        </dd>
        <dt>Temperature</dt>
        <dd>
          <Figure value={latest.temperatureCelsius} unit="Cel" why={why} />
        </dd>
        <dt>Class</dt>
        <dd className="mono">{host.hardwareClass ?? "no class yet"}</dd>
      </dl>
    </>
  );
}
