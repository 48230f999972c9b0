import { raidLimits } from "./raid-facts.ts";
import { textOf } from "./smart-json.ts";

/** One line of a tool's text. */
export interface ToolLine {
  /** Blanks before it. */
  readonly indent: number;
  readonly text: string;
  /** Lower case; null: no colon in it. */
  readonly key: string | null;
  readonly value: string | null;
}

/** Lines as "key : value", whatever the blanks around the colon. Empty lines are left out. */
export function readToolLines(text: string): readonly ToolLine[] {
  return text.split(/\r?\n/, raidLimits.lines).flatMap((raw): ToolLine[] => {
    const line = raw.slice(0, lineCharactersMax);
    const plain = line.trim();
    if (plain === "") return [];
    const indent = line.length - line.trimStart().length;
    const colon = plain.search(/:(?:\s|$)/);
    const loose = colon < 0 ? plain.search(/\s:/) + 1 : colon;
    if (loose <= 0) return [{ indent, text: plain, key: null, value: null }];
    const key = plain.slice(0, loose).trim().toLowerCase();
    return [{ indent, text: plain, key, value: textOf(plain.slice(loose + 1)) }];
  });
}

const lineCharactersMax = 512;
