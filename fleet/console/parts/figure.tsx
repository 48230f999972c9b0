import { type Figure as Written, formatFigure } from "../words/figures.ts";

/** A measured value with its small unit; what was not seen is a dash with the reason in its title. */
export function Figure({
  value,
  unit,
  why = "not seen",
}: {
  readonly value: number | null;
  readonly unit: string;
  readonly why?: string | null;
}) {
  if (value === null) return <NotSeen why={why ?? "not seen"} />;
  return <WrittenFigure figure={formatFigure(value, unit)} />;
}

export function WrittenFigure({ figure }: { readonly figure: Written }) {
  return (
    <span className="figure">
      {figure.digits}
      {figure.unit === "" ? null : <span className="unit"> {figure.unit}</span>}
    </span>
  );
}

/** Never a zero: a dash for the eye, words for readers and on hover. */
export function NotSeen({ why }: { readonly why: string }) {
  return (
    <span className="not-seen" title={why}>
      <span aria-hidden="true">–</span>
      <span className="for-readers">{why}</span>
    </span>
  );
}
