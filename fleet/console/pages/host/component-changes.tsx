import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import { Command } from "../../parts/copy.tsx";
import { Ago } from "../../parts/time.tsx";
import { WideTable } from "../../parts/wide-table.tsx";
import { formatCount } from "../../words/figures.ts";
import { shellQuote } from "#proto/vocabulary/shell-words.ts";

/** What this host has more or less of than its class: the first thing to know of its parts. */
export function ClassDifferences({
  inventory,
  hostName,
}: {
  readonly inventory: HostInventory;
  readonly hostName: string;
}) {
  const { differences, hardwareClass } = inventory;
  if (differences === null || differences.length === 0) return null;
  return (
    <section className="notice slim notice-warn" aria-labelledby="class-differences">
      <h2 id="class-differences">Not as its class</h2>
      <p>
        Hosts of class <span className="mono">{hardwareClass}</span> have:
      </p>
      <ul className="plain">
        {differences.map(({ what, expected, found }) => (
          <li key={what}>
            {what}: <strong>{expected}</strong>, this one <strong>{found}</strong>
          </li>
        ))}
      </ul>
      <p>
        If that is how it shall be:{" "}
        <Command text={`npx wws-fleet host accept-hardware ${shellQuote(hostName)}`} />
      </p>
    </section>
  );
}

/** What changed in the host's parts, newest first, with the boot in which it was seen. */
export function ComponentChanges({ inventory }: { readonly inventory: HostInventory }) {
  const { changes } = inventory;
  if (changes.length === 0) return null;
  return (
    <section aria-labelledby="component-changes">
      <h2 id="component-changes">
        Changed parts <span className="dim">{formatCount(changes.length)}</span>
      </h2>
      <WideTable name="Changed parts">
        <table className="table" aria-labelledby="component-changes">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Boot</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ number, atMs, bootId, words }) => (
              <tr key={number}>
                <th scope="row">
                  <Ago timeMs={atMs} />
                </th>
                <td className="break">{words}</td>
                <td className="mono dim">{bootId === null ? "" : bootId.slice(0, 8)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </section>
  );
}
