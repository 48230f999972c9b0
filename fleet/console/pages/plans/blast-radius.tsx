import type { Plan } from "#fleet/api/plan-schemas.ts";
import { Link } from "react-router";
import { WideTable } from "../../parts/wide-table.tsx";
import { countOf, formatCount, formatShare } from "../../words/figures.ts";
import { BlastFeeds } from "./blast-feeds.tsx";
import { BlastClasses } from "./blast-classes.tsx";

type Blast = Plan["blast"];

/** What the plan touches beside its own hosts: power, what stays for sale, tenants, racks. */
export function BlastRadius({ blast }: { readonly blast: Blast }) {
  return (
    <section aria-labelledby="blast" className="blast">
      <h2 id="blast">
        Blast radius{" "}
        <span className="dim">
          {countOf(blast.hosts, "host")}, watts measured on{" "}
          {`${formatShare(blast.wattsCoverage).digits} %`} of them
        </span>
      </h2>
      <BlastFeeds feeds={blast.feeds} />
      <BlastClasses classes={blast.classes} />
      <Tenants blast={blast} />
      <Racks racks={blast.racks} />
      {blast.ownManagement.length === 0 ? null : (
        <p className="notice notice-warn slim">
          <span>
            These run the fleet itself:{" "}
            <span className="mono break">{blast.ownManagement.join(", ")}</span>
          </span>
        </p>
      )}
    </section>
  );
}

function Tenants({ blast: { tenants, sharedFate } }: { readonly blast: Blast }) {
  return (
    <div>
      <h3 id="blast-tenants">Tenants</h3>
      {tenants.length === 0 ? (
        <p className="dim">no tenant has a lease on these hosts</p>
      ) : (
        <ul className="lines">
          {tenants.map(({ tenant, leases }) => (
            <li key={tenant}>
              <strong className="break">{tenant}</strong>
              <span>{countOf(leases, "lease")}</span>
              {sharedFate
                .filter((fate) => fate.tenant === tenant)
                .map(({ rack, leases: together }) => (
                  <span key={rack} className="tone-warn">
                    {countOf(together, "lease")} out together in {rack}
                  </span>
                ))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Racks({ racks }: { readonly racks: Blast["racks"] }) {
  if (racks.length === 0) return null;
  return (
    <div>
      <h3 id="blast-racks">Racks</h3>
      <WideTable name="Racks">
        <table className="table figures-table" aria-labelledby="blast-racks">
          <thead>
            <tr>
              <th scope="col">Rack</th>
              <th scope="col" className="end">
                Hosts
              </th>
              <th scope="col" className="end">
                In the plan
              </th>
              <th scope="col" className="end">
                Out at once, at most
              </th>
            </tr>
          </thead>
          <tbody>
            {racks.map(({ rack, hosts, inPlan, atOnce }) => (
              <tr key={rack}>
                <th scope="row" className="mono">
                  <Link to={`/racks/${encodeURIComponent(rack.replaceAll("/", "~"))}`}>{rack}</Link>
                </th>
                <td className="end figure">{formatCount(hosts)}</td>
                <td className="end figure">{formatCount(inPlan)}</td>
                <td className="end figure">{formatCount(atOnce)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </div>
  );
}
