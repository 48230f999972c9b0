import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { asks } from "../../api/queries.ts";
import { Command } from "../../parts/copy.tsx";
import { LastsFor } from "../../parts/time.tsx";
import { countOf } from "../../words/figures.ts";

/** Hosts that report and that nobody placed: they work, but no rack shows them. */
export function UnplacedHosts({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <section className="notice slim" aria-label="Hosts without a position">
      <p>
        <Link to="/hosts?selector=site%3Dnone">{countOf(count, "host")}</Link> without a position:
        no rack shows {count === 1 ? "it" : "them"}. Say where a host sits:{" "}
        <Command text="npx wws-fleet host place NAME region/site/row/rack/unit" />
      </p>
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
        {machines.slice(0, 4).map((machine) => (
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
