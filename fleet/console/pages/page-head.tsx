import type { ReactNode } from "react";

/** The heading of a page, with what belongs beside it. It takes the focus when the page opens. */
export function PageHead({
  title,
  children,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <header className="page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </header>
  );
}
