import { useElsewhere } from "../api/cells.ts";
import { CellLink } from "./cell-notes.tsx";

/** Why nothing can be changed in a view over several cells. */
export const whyOnlyThere = "this view over all cells changes nothing: do it in the cell's console";

/** Under actions that are only shown: the consoles where they can be done. */
export function Elsewhere() {
  const cells = useElsewhere();
  if (cells === null) return null;
  return (
    <p className="small">
      {cells.map((cell) => (
        <span key={cell.name} className="pair">
          <CellLink cell={cell} />{" "}
        </span>
      ))}
    </p>
  );
}
