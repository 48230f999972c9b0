import { InvalidArgumentError } from "commander";
import { parseSpan } from "./words.ts";

/** An argument that says how long, in ms. Throws what commander tells the person. */
export function readSpan(text: string): number {
  const ms = parseSpan(text);
  if (ms === undefined) throw new InvalidArgumentError("write it as 90s, 30m, 2h or 14d.");
  return ms;
}
