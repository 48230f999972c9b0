import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "../api/client.ts";
import { Command } from "./copy.tsx";

const skeletonAfterMs = 300;

/** Room for what is coming. Bars only after 300 ms: most answers are there before. */
export function Loading({ what, rows = 6 }: { readonly what: string; readonly rows?: number }) {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), skeletonAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status">
      <span className="for-readers">{isShown ? `Waiting for ${what}` : ""}</span>
      {isShown
        ? Array.from({ length: rows }, (_, row) => row).map((row) => (
            <div key={row} className="skeleton" aria-hidden="true" />
          ))
        : null}
    </div>
  );
}

/** Nothing could be shown: what failed, what the manager said, and what to do. */
export function Failed({
  what,
  error,
  onRetry,
}: {
  readonly what: string;
  readonly error: Error;
  readonly onRetry: () => void;
}) {
  const title = error instanceof ApiError ? error.title : "This page failed";
  const hint =
    error instanceof ApiError
      ? error.hint
      : "Reload the page; if it stays, tell its makers what it says.";
  return (
    <section className="notice notice-bad" role="alert">
      <h2>
        {title}: {what}
      </h2>
      <p>{error.message}</p>
      <p className="dim">{splitCommands(hint)}</p>
      <button type="button" className="button" onClick={onRetry}>
        try again
      </button>
    </section>
  );
}

/** Nothing is there, and that is no fault: what it would be, and how it gets here. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="notice">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Some of it could not be had; the rest is shown. */
export function Partial({ children }: { readonly children: ReactNode }) {
  return (
    <p className="notice notice-warn slim" role="status">
      {children}
    </p>
  );
}

/** The manager's hints set commands in backticks: here they can be copied. */
export function splitCommands(text: string): ReactNode {
  const at = text.indexOf("`");
  const end = text.indexOf("`", at + 1);
  if (at < 0 || end < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <Command text={text.slice(at + 1, end)} />
      {splitCommands(text.slice(end + 1))}
    </>
  );
}
