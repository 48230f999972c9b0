import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import { WideTable } from "../../parts/wide-table.tsx";
import { WrittenFigure } from "../../parts/figure.tsx";
import { State } from "../../parts/state.tsx";
import { formatCount, formatFigure } from "../../words/figures.ts";
import type { StateLook } from "../../words/state-words.ts";

type Collector = HostInventory["collectors"][number];

/** What each collector did at its last run, and what it cost. */
export function Collectors({ collectors }: { readonly collectors: readonly Collector[] }) {
  return (
    <section aria-labelledby="collectors">
      <h2 id="collectors">Collectors</h2>
      <WideTable name="Collectors">
        <table className="table" aria-labelledby="collectors">
          <thead>
            <tr>
              <th scope="col">Subject</th>
              <th scope="col">Last run</th>
              <th scope="col" className="end">
                Took
              </th>
              <th scope="col" className="end">
                Series
              </th>
              <th scope="col">More</th>
            </tr>
          </thead>
          <tbody>
            {collectors.map((collector) => (
              <tr key={collector.subject}>
                <th scope="row" className="mono">
                  {collector.subject}
                </th>
                <td>
                  <State look={lookOf(collector.outcome)} />
                </td>
                <td className="end">
                  <WrittenFigure
                    figure={formatFigure(collector.durationMicroseconds / 1_000_000, "s")}
                  />
                </td>
                <td className="end figure">{formatCount(collector.series)}</td>
                <td className="dim">{collector.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </section>
  );
}

const looks: Readonly<Record<string, StateLook>> = {
  ok: { word: "ok", shape: "disc", tone: "ok", meaning: "it read all it looks for" },
  partial: { word: "partial", shape: "half", tone: "warn", meaning: "it read some of it" },
  failed: { word: "failed", shape: "cross", tone: "bad", meaning: "it read nothing" },
  unspecified: {
    word: "unsaid",
    shape: "question",
    tone: "unknown",
    meaning: "the agent did not say how it went",
  },
};

/** An agent newer than this page may say another word: it is shown as it is. */
function lookOf(outcome: string): StateLook {
  const known = Object.hasOwn(looks, outcome) ? looks[outcome] : undefined;
  return (
    known ?? { word: outcome, shape: "question", tone: "unknown", meaning: "as the agent says it" }
  );
}
