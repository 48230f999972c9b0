import type { ReactNode } from "react";

/** Room for a table that may be wider than the window: it scrolls by itself, also by keyboard. */
export function WideTable({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="wide-table" aria-label={`${name}, table`} tabIndex={0}>
      {children}
    </section>
  );
}
