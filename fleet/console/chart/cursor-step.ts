export type CursorStep =
  | { readonly kind: "row"; readonly row: number | null }
  | { readonly kind: "zoom-in"; readonly fromRow: number; readonly toRow: number }
  | { readonly kind: "zoom-out" };

const largeStep = 10;

/** What a key does to a chart's cursor; null: the key is not the chart's. */
export function cursorStep(at: {
  readonly key: string;
  /** Shift is held. */
  readonly isLarge: boolean;
  readonly row: number | null;
  readonly rows: number;
}): CursorStep | null {
  const { key, row, rows } = at;
  const last = rows - 1;
  if (rows === 0) return null;
  const by = at.isLarge ? largeStep : 1;
  switch (key) {
    case "ArrowRight":
      return { kind: "row", row: row === null ? 0 : Math.min(last, row + by) };
    case "ArrowLeft":
      return { kind: "row", row: row === null ? last : Math.max(0, row - by) };
    case "Home":
      return { kind: "row", row: 0 };
    case "End":
      return { kind: "row", row: last };
    case "Escape":
      return row === null ? null : { kind: "row", row: null };
    case "+":
    case "=": {
      const middle = row ?? Math.floor(rows / 2);
      const half = Math.max(5, Math.floor(rows / 4));
      return {
        kind: "zoom-in",
        fromRow: Math.max(0, middle - half),
        toRow: Math.min(last, middle + half),
      };
    }
    case "-":
      return { kind: "zoom-out" };
    default:
      return null;
  }
}
