import { Link } from "react-router";
import type { Host } from "#fleet/api/host-schemas.ts";
import { Copy } from "../../parts/copy.tsx";
import { Ago } from "../../parts/time.tsx";
import { formatDuration } from "../../words/time-words.ts";
import { PlaceHost } from "./place-host.tsx";

/** What the fleet knows of the host: place, class, names, and who speaks for it. */
export function HostFacts({ host }: { readonly host: Host }) {
  const { hardwareClass, link } = host;
  return (
    <section aria-labelledby="host-facts">
      <h2 id="host-facts">Host</h2>
      <dl className="facts">
        <dt>Position</dt>
        <dd>
          <PlaceHost host={host} />
        </dd>
        <dt>Class</dt>
        <dd>
          {hardwareClass === null ? (
            "none yet"
          ) : (
            <Link
              to={`/hosts?selector=${encodeURIComponent(`class=${hardwareClass}`)}`}
              className="mono"
            >
              {hardwareClass}
            </Link>
          )}
        </dd>
        <dt>Serial</dt>
        <dd className="mono">{host.serial ?? <span className="dim">not said</span>}</dd>
        <dt>Id</dt>
        <dd>
          <span className="mono break">{host.id}</span> <Copy text={host.id} />
        </dd>
        <dt>Agent</dt>
        <dd className="mono">{host.agentRelease ?? <span className="dim">not heard yet</span>}</dd>
        <dt>Boot id</dt>
        <dd className="mono break">{host.bootId ?? <span className="dim">not heard yet</span>}</dd>
        <dt>Clock</dt>
        <dd>
          <ClockOffset offsetMs={link.clockOffsetMs} />
        </dd>
        <dt>Enrolled</dt>
        <dd>
          <Ago timeMs={host.createdMs} />
          {host.adopted ? <span className="dim"> · adopted as it stood</span> : null}
        </dd>
        <dt>Cell</dt>
        <dd className="mono">{host.cell}</dd>
      </dl>
    </section>
  );
}

/** A host's clock that is off is told: its logs are. The samples are put right on the way. */
function ClockOffset({ offsetMs }: { readonly offsetMs: number | null }) {
  if (offsetMs === null) return <span className="dim">not compared yet</span>;
  const size = Math.abs(offsetMs);
  if (size < 1_000) return <span className="figure">{Math.round(size)} ms from the manager's</span>;
  return (
    <span className="tone-warn figure">
      {formatDuration(size)} {offsetMs > 0 ? "ahead of" : "behind"} the manager's
    </span>
  );
}
