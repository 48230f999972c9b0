import type { Plan } from "#fleet/api/plan-schemas.ts";
import { Shape } from "../../parts/shape.tsx";
import { WideTable } from "../../parts/wide-table.tsx";
import { isBelowFloor, servingDuring } from "../../words/blast-words.ts";
import { formatCount } from "../../words/figures.ts";

/** How many of each class in each site can serve, against how many must. */
export function BlastClasses({ classes }: { readonly classes: Plan["blast"]["classes"] }) {
  if (classes.length === 0) return null;
  return (
    <div>
      <h3 id="blast-classes">What can still serve</h3>
      <WideTable name="What can still serve">
        <table className="table figures-table" aria-labelledby="blast-classes">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Site</th>
              <th scope="col" className="end">
                Hosts
              </th>
              <th scope="col" className="end">
                Out now
              </th>
              <th scope="col" className="end">
                Out, if all at once
              </th>
              <th scope="col" className="end">
                Then serve
              </th>
              <th scope="col" className="end">
                Must serve
              </th>
            </tr>
          </thead>
          <tbody>
            {classes.map((share) => {
              const isBelow = isBelowFloor(share);
              return (
                <tr key={`${share.site} ${share.hardwareClass}`}>
                  <th scope="row" className="mono">
                    {share.hardwareClass}
                  </th>
                  <td>{share.site}</td>
                  <td className="end figure">{formatCount(share.total)}</td>
                  <td className="end figure">{formatCount(share.outNow)}</td>
                  <td className="end figure">{formatCount(share.outDuring)}</td>
                  <td className="end">
                    <span className={isBelow ? "state tone-warn" : ""}>
                      {isBelow ? <Shape shape="triangle" tone="warn" /> : null}
                      <span className="figure">{formatCount(servingDuring(share))}</span>
                      {isBelow ? <span className="state-word">part of it waits</span> : null}
                    </span>
                  </td>
                  <td className="end figure">{formatCount(share.floor)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </WideTable>
    </div>
  );
}
