import type { ReactNode } from "react";
import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import { WideTable } from "../../parts/wide-table.tsx";
import { WrittenFigure } from "../../parts/figure.tsx";
import { formatCapacity, formatCount, formatFigure } from "../../words/figures.ts";
import { groupComponents } from "./component-groups.ts";

type Component = HostInventory["components"][number];

/** The host's parts by kind, each with what it says of itself. */
export function Components({ components }: { readonly components: readonly Component[] }) {
  return (
    <section aria-labelledby="components">
      <h2 id="components">
        Parts <span className="dim">{formatCount(components.length)}</span>
      </h2>
      {components.length === 0 ? (
        <p className="dim">
          The host names no part: a virtual machine often does not, and without root it cannot.
        </p>
      ) : (
        <WideTable name="Parts">
          <table className="table" aria-labelledby="components">
            <thead>
              <tr>
                <th scope="col">Slot</th>
                <th scope="col">Make and model</th>
                <th scope="col">Serial</th>
                <th scope="col">Firmware</th>
                <th scope="col" className="end">
                  Size
                </th>
                <th scope="col" className="end">
                  Speed
                </th>
                <th scope="col">Address, interface</th>
              </tr>
            </thead>
            {groupComponents(components).map(({ kind, words, parts }) => (
              <tbody key={kind}>
                <tr className="group">
                  <th scope="rowgroup" colSpan={7}>
                    {words} <span className="dim figure">{parts.length}</span>
                  </th>
                </tr>
                {parts.map((part) => (
                  <ComponentRow key={`${part.slot} ${part.serial} ${part.address}`} part={part} />
                ))}
              </tbody>
            ))}
          </table>
        </WideTable>
      )}
    </section>
  );
}

function ComponentRow({ part }: { readonly part: Component }) {
  const make = [part.vendor, part.model, otherThan(part.partNumber, part.model)]
    .filter((text) => text !== null && text !== "")
    .join(" ");
  const how = [
    part.address,
    part.interface,
    spins(part.rotational),
    part.parent === null ? null : `on ${part.parent}`,
    part.neighbor === null ? null : `to ${part.neighbor}`,
  ].filter((text) => text !== null);
  return (
    <tr>
      <th scope="row" className="mono indent">
        {part.slot === "" ? <Unsaid /> : part.slot}
      </th>
      <td>{make === "" ? <Unsaid /> : make}</td>
      <td className="mono">{part.serial ?? <Unsaid />}</td>
      <td className="mono">{part.firmware ?? <Unsaid />}</td>
      <td className="end">
        {part.sizeBytes === null ? (
          <Unsaid />
        ) : (
          <WrittenFigure figure={formatCapacity(part.sizeBytes)} />
        )}
      </td>
      <td className="end">
        {part.speedBitsPerSecond === null ? (
          <Unsaid />
        ) : (
          <WrittenFigure figure={formatFigure(part.speedBitsPerSecond, "bit/s")} />
        )}
      </td>
      <td className="mono">{how.length === 0 ? <Unsaid /> : how.join(", ")}</td>
    </tr>
  );
}

/** Not every part has everything: an empty place, with a word for readers. */
function Unsaid(): ReactNode {
  return <span className="for-readers">not said</span>;
}

/** Many makers write the part number as the model. */
function otherThan(text: string | null, known: string | null): string | null {
  return text === known ? null : text;
}

function spins(rotational: boolean | null): string | null {
  if (rotational === null) return null;
  return rotational ? "rotating" : "solid state";
}
