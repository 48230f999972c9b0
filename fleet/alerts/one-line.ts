import { alertNumbers } from "./alert-numbers.ts";

/** Text of any origin as it may stand in an alert: one line, and not endless. */
export function oneLine(text: string): string {
  const clean = text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return clean.length <= alertNumbers.wordsMax
    ? clean
    : `${clean.slice(0, alertNumbers.wordsMax - 1)}…`;
}
