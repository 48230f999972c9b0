import { flexRender, type Row } from "@tanstack/react-table";
import type { Host } from "#fleet/api/host-schemas.ts";
import { useBlindCell } from "../../api/cells.ts";
import { figureColumns, type hostFeatures } from "./host-columns.tsx";

export function HostRow({
  row,
  rowIndex,
  isSelected,
  onToggle,
}: {
  readonly row: Row<typeof hostFeatures, Host>;
  readonly rowIndex: number;
  readonly isSelected: boolean;
  readonly onToggle: (hostId: string) => void;
}) {
  const host = row.original;
  const blind = useBlindCell(host.cell);
  const classes = [isSelected ? "is-selected" : "", blind === null ? "" : "is-blind"];
  return (
    <tr data-host={host.id} aria-rowindex={rowIndex} className={classes.join(" ").trim()}>
      <td className="cell-select">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`select ${host.name}`}
          checked={isSelected}
          onChange={() => onToggle(host.id)}
        />
      </td>
      {row.getAllCells().map((cell) => {
        const { id, columnDef } = cell.column;
        const cellClasses = `cell-${id}${figureColumns.has(id) ? " end" : ""}`;
        const content = flexRender(columnDef.cell, cell.getContext());
        return id === "name" ? (
          <th key={id} scope="row" className={cellClasses}>
            {content}
          </th>
        ) : (
          <td key={id} className={cellClasses}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}
