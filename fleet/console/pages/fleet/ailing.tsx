import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Host } from "#fleet/api/host-schemas.ts";
import { asks } from "../../api/queries.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { State } from "../../parts/state.tsx";
import { LastsFor } from "../../parts/time.tsx";
import { countOf } from "../../words/figures.ts";
import { healthLooks } from "../../words/state-words.ts";

const shownMax = 6;
const ailing = "health=failed,health=failing,health=degraded";
const worstFirst = { key: "health", isDescending: false } as const;

/** Hosts of which a part is failed, failing or degraded: the worst first, with what was seen. */
export function Ailing({ byHealth }: { readonly byHealth: Readonly<Record<string, number>> }) {
  const count =
    (byHealth["failed"] ?? 0) + (byHealth["failing"] ?? 0) + (byHealth["degraded"] ?? 0);
  const hosts = useQuery({
    ...asks.hosts({ selector: ailing, words: "", sort: worstFirst, limit: shownMax }),
    // Asked anew when the counts change, and kept apart from the lists of the hosts page.
    queryKey: ["ailing", JSON.stringify(byHealth)],
    enabled: count > 0,
    placeholderData: (before) => before,
  });
  if (count === 0) return null;
  const shown = hosts.data?.items ?? [];
  return (
    <section aria-labelledby="ailing" className="attention ailing">
      <h2 id="ailing">{countOf(count, "host")} with something wrong</h2>
      <ul className="lines">
        {shown.map((host) => (
          <AilingHost key={host.id} host={host} />
        ))}
      </ul>
      {count > shown.length && shown.length > 0 ? (
        <p>
          <Link to={`/hosts?selector=${encodeURIComponent(ailing)}&sort=health`}>
            all {countOf(count, "host")}
          </Link>
        </p>
      ) : null}
    </section>
  );
}

function AilingHost({ host }: { readonly host: Host }) {
  const [worst] = host.health.findings;
  return (
    <li>
      <State look={healthLooks[host.health.verdict]} />
      <span className="dim">
        {worst === undefined ? null : (
          <>
            for <LastsFor sinceMs={worst.sinceMs} />
          </>
        )}
      </span>
      <Link {...rowProps} to={`/hosts/${encodeURIComponent(host.id)}`} className="mono">
        {host.name}
      </Link>
      <span className="small">{host.health.reasons[0]}</span>
    </li>
  );
}
