/** Rows that j and k walk over carry this; it is the row's link that takes the focus. */
export const rowProps = { "data-row": "" } as const;

/** Moves the focus to the row after or before the one that has it; the first one where none has. */
export function focusRow(by: "next" | "previous"): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const active = document.activeElement;
  const at = active === null ? -1 : rows.findIndex((row) => row === active || row.contains(active));
  const next = by === "next" ? at + 1 : Math.max(0, at - 1);
  const row = rows[Math.min(next, rows.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}
