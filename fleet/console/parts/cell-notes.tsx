import type { Cell } from "#fleet/api/cell-schemas.ts";
import { useBlindCell, useCells } from "../api/cells.ts";
import { formatAbsolute } from "../words/time-words.ts";
import { Ago, LastsFor } from "./time.tsx";
import { useZone } from "./zone.tsx";

/** Over every page of a view over several cells: which of them are blind, since when, and why. */
export function CellNotes() {
  const { blind, conflicts } = useCells();
  return (
    <>
      {blind.map((cell) => (
        <section
          key={cell.url}
          className="notice notice-warn slim"
          aria-label={`Cell ${cell.name} is not heard`}
          data-blind={cell.name}
        >
          <p>
            <BlindWords cell={cell} /> <CellLink cell={cell} />
          </p>
          <p className="dim small break">{cell.why}</p>
        </section>
      ))}
      {conflicts.map((conflict) => (
        <p key={`${conflict.kind} ${conflict.id}`} className="notice notice-bad slim" role="status">
          {conflict.words}.
        </p>
      ))}
    </>
  );
}

function BlindWords({ cell }: { readonly cell: Cell }) {
  const { zone } = useZone();
  const name = <strong className="mono">{cell.name}</strong>;
  if (cell.lastHeardMs === null) {
    return <>Cell {name} was never heard: nothing of it is shown.</>;
  }
  return (
    <>
      Cell {name} is not heard since {formatAbsolute(cell.lastHeardMs, zone)} (
      <Ago timeMs={cell.lastHeardMs} />
      ). What stands here of it is what was heard then, dimmed; what happens there is not seen.
    </>
  );
}

/** To where a cell can be asked and changed itself. */
export function CellLink({ cell }: { readonly cell: Cell }) {
  if (cell.url === null) return null;
  return (
    <a href={cell.url} rel="noreferrer" className="cell-link">
      console of {cell.name}
    </a>
  );
}

/** In a page's head or beside a name: this cell is blind, and for how long. */
export function BlindMark({ name }: { readonly name: string | null }) {
  const cell = useBlindCell(name);
  if (cell === null) return null;
  return (
    <span className="blind-mark small" title={`cell ${cell.name} is not heard: ${cell.why ?? ""}`}>
      <span aria-hidden="true">┄ </span>
      {cell.name}
      <span className="wide-only">
        {" "}
        silent {cell.lastHeardMs === null ? null : <LastsFor sinceMs={cell.lastHeardMs} isShort />}
      </span>
    </span>
  );
}
