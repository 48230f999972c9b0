import { useId } from "react";
import { type CellKind, cellKinds, readCellKind } from "./cell-value.ts";

/** One switch for every rack on the page: what stands in the boxes. */
export function KindSwitch({
  kind,
  onKind,
}: {
  readonly kind: CellKind;
  readonly onKind: (kind: CellKind) => void;
}) {
  const name = useId();
  return (
    <fieldset className="switch">
      <legend className="for-readers">Show in the boxes</legend>
      {Object.entries(cellKinds).map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === kind}
            onChange={() => onKind(readCellKind(value))}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
