import type { Host } from "#fleet/api/host-schemas.ts";
import { State } from "../../parts/state.tsx";
import { Ago, LastsFor } from "../../parts/time.tsx";
import { healthLooks } from "../../words/state-words.ts";
import { nameComponent } from "../../words/part-words.ts";

type Finding = Host["health"]["findings"][number];

/** What is wrong with which part: what was seen, since when, by which rule, and what would end it. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className="plain findings" aria-label="Findings">
      {findings.map((finding) => (
        <li key={`${finding.rule} ${finding.component.id}`}>
          <p>
            <State look={healthLooks[finding.verdict]} />{" "}
            <strong>{nameComponent(finding.component)}</strong>: {finding.detail}
          </p>
          <p className="dim small">
            for <LastsFor sinceMs={finding.sinceMs} /> · rule{" "}
            <span className="mono">{finding.rule}</span>
            {finding.isStale ? (
              <>
                {" "}
                · last seen <Ago timeMs={finding.seenMs} />, it ages out
              </>
            ) : (
              <> · ends with {finding.clearsWhen}</>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
