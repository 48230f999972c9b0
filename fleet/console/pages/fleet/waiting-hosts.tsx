import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { asks } from "../../api/queries.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { Command } from "../../parts/copy.tsx";
import { Simulated } from "../../parts/simulated.tsx";
import { State } from "../../parts/state.tsx";
import { LastsFor } from "../../parts/time.tsx";
import { countOf } from "../../words/figures.ts";
import { linkLooks } from "../../words/state-words.ts";

const shownMax = 4;
const unplaced = "site=none";

/** Hosts that nobody placed: they work, but no rack shows them. */
export function UnplacedHosts({ count }: { readonly count: number }) {
  const sort = { key: "name", isDescending: false } as const;
  const hosts = useQuery({
    ...asks.hosts({ selector: unplaced, words: "", sort, limit: shownMax }),
    enabled: count > 0,
  });
  if (count === 0) return null;
  return (
    <section className="notice slim" aria-label="Hosts without a position">
      <p>
        <Link to={`/hosts?selector=${encodeURIComponent(unplaced)}`}>{countOf(count, "host")}</Link>{" "}
        without a position: no rack shows {count === 1 ? "it" : "them"}. Say on the host's page
        where it sits.
      </p>
      <ul className="lines">
        {hosts.data?.items.map((host) => (
          <li key={host.id}>
            <Link {...rowProps} to={`/hosts/${encodeURIComponent(host.id)}`} className="mono">
              {host.name}
            </Link>
            {host.simulated ? <Simulated isShort /> : null}
            <State look={linkLooks[host.link.state]} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Machines that called in and wait for a person. */
export function PendingMachines() {
  const pending = useQuery(asks.pending());
  const machines = pending.data?.items ?? [];
  if (machines.length === 0) return null;
  const oldestMs = Math.min(...machines.map((machine) => machine.firstSeenMs));
  return (
    <section className="notice notice-info slim" aria-label="Machines that wait for approval">
      <p>
        {countOf(machines.length, "machine")} {machines.length === 1 ? "waits" : "wait"} for
        approval, for <LastsFor sinceMs={oldestMs} />:{" "}
        <Command text="npx wws-fleet enroll pending" />
      </p>
      <ul className="lines">
        {machines.slice(0, shownMax).map((machine) => (
          <li key={machine.id}>
            <span className="mono">{machine.hostname ?? machine.address}</span>
            <span className="dim">
              {[machine.manufacturer, machine.product].filter(Boolean).join(" ") ||
                "says not what it is"}
            </span>
            <span className="mono dim small">{machine.serial ?? "no serial"}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
