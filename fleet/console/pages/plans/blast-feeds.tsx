import type { Plan } from "#fleet/api/plan-schemas.ts";
import { Figure } from "../../parts/figure.tsx";
import { Shape } from "../../parts/shape.tsx";
import { WideTable } from "../../parts/wide-table.tsx";
import { isOverBudget, unmeasuredWords, worstFeedsFirst } from "../../words/blast-words.ts";

type Feeds = Plan["blast"]["feeds"];

/** What each feed carries now, during it, and if the rack's other feed died meanwhile. */
export function BlastFeeds({ feeds }: { readonly feeds: Feeds }) {
  if (feeds.length === 0) {
    return (
      <div>
        <h3>Feeds</h3>
        <p className="dim">nobody has said which feeds these racks have</p>
      </div>
    );
  }
  return (
    <div>
      <h3 id="blast-feeds">Feeds</h3>
      <WideTable name="Feeds">
        <table className="table figures-table" aria-labelledby="blast-feeds">
          <thead>
            <tr>
              <th scope="col">Rack</th>
              <th scope="col">Feed</th>
              <th scope="col" className="end">
                Budget
              </th>
              <th scope="col" className="end">
                Now
              </th>
              <th scope="col" className="end">
                During
              </th>
              <th scope="col" className="end">
                If the other fails
              </th>
              <th scope="col">Not in the sums</th>
            </tr>
          </thead>
          <tbody>
            {worstFeedsFirst(feeds).map((feed) => (
              <tr key={`${feed.rack} ${feed.feed}`}>
                <th scope="row" className="mono">
                  {feed.rack}
                </th>
                <td>{feed.feed}</td>
                <td className="end">
                  <Figure value={feed.budgetWatts} unit="W" why="nobody has said" />
                </td>
                <Load watts={feed.nowWatts} budgetWatts={feed.budgetWatts} />
                <Load watts={feed.duringWatts} budgetWatts={feed.budgetWatts} />
                <Load watts={feed.ifOtherFailsWatts} budgetWatts={feed.budgetWatts} />
                <td className="dim">{unmeasuredWords(feed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </div>
  );
}

/** More than the budget has a mark and the word; a sum that nobody measured is no zero. */
function Load({
  watts,
  budgetWatts,
}: {
  readonly watts: number | null;
  readonly budgetWatts: number | null;
}) {
  const isOver = isOverBudget(watts, budgetWatts);
  return (
    <td className="end">
      <span className={isOver ? "state tone-bad" : ""}>
        {isOver ? <Shape shape="triangle" tone="bad" /> : null}
        <Figure value={watts} unit="W" why="no host there is measured" />
        {isOver ? <span className="state-word">over</span> : null}
      </span>
    </td>
  );
}
