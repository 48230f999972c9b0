import type { WhyView } from "#fleet/api/why-schema.ts";
import { utcWords } from "./words.ts";

/** A reason as one line for people: what, until when. Its exit is a line of its own. */
export function whyLine(why: Pick<WhyView, "words" | "untilMs">): string {
  return why.untilMs === null ? why.words : `${why.words} (until ${utcWords(why.untilMs)})`;
}

/** Who can end it, and with what; null: only time or the world does. */
export function exitLine({ who, command }: Pick<WhyView, "who" | "command">): string | null {
  if (command !== null) return who === "" ? command : `${who}: ${command}`;
  return who === "" || who === "time" ? null : who;
}

/** Every reason with its exit beneath it, indented. */
export function whyText(whys: readonly WhyView[], indent: string): string {
  return whys
    .flatMap((why) => {
      const exit = exitLine(why);
      return exit === null ? [whyLine(why)] : [whyLine(why), `  ends it: ${exit}`];
    })
    .map((line) => `${indent}${line}\n`)
    .join("");
}
