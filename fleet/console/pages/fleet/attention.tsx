import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Host } from "#fleet/api/host-schemas.ts";
import { asks } from "../../api/queries.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { Command } from "../../parts/copy.tsx";
import { Simulated } from "../../parts/simulated.tsx";
import { State } from "../../parts/state.tsx";
import { LastsFor } from "../../parts/time.tsx";
import { countOf } from "../../words/figures.ts";
import { linkLooks } from "../../words/state-words.ts";
import { formatPosition } from "../../words/place-words.ts";

const shownMax = 6;
const troubled = "link=lost,link=late,link=never";
const worstFirst = { key: "link", isDescending: false } as const;

/** What is wrong, since when, and what to do: hosts whose agent does not report. */
export function Attention({ byLink }: { readonly byLink: Readonly<Record<string, number>> }) {
  const count = (byLink["lost"] ?? 0) + (byLink["late"] ?? 0) + (byLink["never"] ?? 0);
  const ask = asks.hosts({ selector: troubled, words: "", sort: worstFirst, limit: shownMax });
  const hosts = useQuery({
    ...ask,
    // Asked anew when the counts change, and kept apart from the lists of the hosts page.
    queryKey: ["attention", JSON.stringify(byLink)],
    enabled: count > 0,
    placeholderData: (before) => before,
  });
  if (count === 0) return null;
  const shown = hosts.data?.items ?? [];
  return (
    <section aria-labelledby="attention" className="attention">
      <h2 id="attention">{countOf(count, "host")} without a link</h2>
      <ul className="lines">
        {shown.map((host) => (
          <TroubledHost key={host.id} host={host} />
        ))}
      </ul>
      {count > shown.length && shown.length > 0 ? (
        <p>
          <Link to={`/hosts?selector=${encodeURIComponent(troubled)}&sort=link`}>
            all {countOf(count, "host")}
          </Link>
        </p>
      ) : null}
      <p className="dim small">
        On the host itself, this says why: <Command text="npx wws-agent status" />
      </p>
    </section>
  );
}

function TroubledHost({ host }: { readonly host: Host }) {
  const sinceMs = host.link.sinceMs ?? host.createdMs;
  return (
    <li>
      <State look={linkLooks[host.link.state]} />
      <span className="dim">
        for <LastsFor sinceMs={sinceMs} />
      </span>
      <Link {...rowProps} to={`/hosts/${encodeURIComponent(host.id)}`} className="mono">
        {host.name}
      </Link>
      <span>{host.simulated ? <Simulated isShort /> : null}</span>
      <span className="mono dim small">{formatPosition(host.position)}</span>
    </li>
  );
}
