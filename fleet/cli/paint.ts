import { styleText } from "node:util";
import type { Terminal } from "./terminal.ts";

export type Tone = "plain" | "dim" | "ok" | "warn" | "bad";

const styles = { dim: "dim", ok: "green", warn: "yellow", bad: "red" } as const;

/** Colours only where a person looks and has not asked for none; words always say the same. */
export function paint(terminal: Terminal, tone: Tone, text: string): string {
  const noColor = terminal.env["NO_COLOR"];
  const wantsNone = noColor !== undefined && noColor !== "";
  if (tone === "plain" || wantsNone || !terminal.stdout.isTerminal) return text;
  return styleText(styles[tone], text, { validateStream: false });
}
