import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import { WideTable } from "../../parts/wide-table.tsx";
import { countOf } from "../../words/figures.ts";
import { groupAbsences } from "./absence-groups.ts";

type Absence = HostInventory["absences"][number];

/** What this host does not say, and why: a missing reading is never a zero, and never a riddle. */
export function Absences({ absences }: { readonly absences: readonly Absence[] }) {
  return (
    <section aria-labelledby="absences">
      <h2 id="absences">
        What is missing and why <span className="dim">{countOf(absences.length, "reading")}</span>
      </h2>
      {absences.length === 0 ? (
        <p className="dim">Nothing: every reading that the agent knows is there.</p>
      ) : (
        <WideTable name="What is missing">
          <table className="table absences" aria-labelledby="absences">
            <thead>
              <tr>
                <th scope="col">Reading</th>
                <th scope="col">Of</th>
                <th scope="col">More</th>
              </tr>
            </thead>
            {groupAbsences(absences).map(({ reason, meaning, of }) => (
              <tbody key={reason}>
                <tr className="group">
                  <th scope="rowgroup" colSpan={3} title={reason}>
                    {meaning} <span className="dim figure">{of.length}</span>
                  </th>
                </tr>
                {of.map((absence) => (
                  <AbsenceRow
                    key={`${absence.what} ${JSON.stringify(absence.attributes)}`}
                    absence={absence}
                  />
                ))}
              </tbody>
            ))}
          </table>
        </WideTable>
      )}
    </section>
  );
}

function AbsenceRow({ absence }: { readonly absence: Absence }) {
  const of = Object.entries(absence.attributes).map(([key, value]) => `${key}=${value}`);
  return (
    <tr>
      <th scope="row" className="mono indent">
        {absence.what}
      </th>
      <td className={of.length === 0 ? "dim" : "mono"}>
        {of.length === 0 ? "the host" : of.join(" ")}
      </td>
      <td className="dim">{absence.detail}</td>
    </tr>
  );
}
