import type { JSX } from "react";
import type { Shape as ShapeName, Tone } from "../words/state-words.ts";

/** The mark of a state, 12 px. It only repeats the word beside it, so it is hidden from readers. */
export function Shape({ shape, tone }: { readonly shape: ShapeName; readonly tone: Tone }) {
  return (
    <svg
      className={`shape tone-${tone}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
    >
      {marks[shape]}
    </svg>
  );
}

/** The same mark inside a larger picture; its place comes from a transform around it. */
export function shapeMark(shape: ShapeName): JSX.Element {
  return marks[shape];
}

const marks: Readonly<Record<ShapeName, JSX.Element>> = {
  disc: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  half: (
    <>
      <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" />
      <path d="M6 2.5a3.5 3.5 0 0 0 0 7z" fill="currentColor" />
    </>
  ),
  ring: <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  triangle: <path d="M6 1.5 11 10.5H1z" fill="currentColor" />,
  square: <rect x="2" y="2" width="8" height="8" fill="currentColor" />,
  cross: (
    <path d="M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5" fill="none" stroke="currentColor" strokeWidth="2" />
  ),
  dashes: (
    <path d="M1 6h2.5M4.75 6h2.5M8.5 6H11" fill="none" stroke="currentColor" strokeWidth="2" />
  ),
  question: (
    <path
      d="M3.8 4.1C3.9 2.8 4.8 2 6 2s2.2.8 2.2 2C8.2 5.6 6 5.5 6 7.3M6 8.9V10.3"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
};
