import { Copy } from "../../parts/copy.tsx";
import { countOf } from "../../words/figures.ts";
import { shellQuote } from "#proto/vocabulary/shell-words.ts";

/** What is selected, to take along to the command line. Its room is kept free of jumps: it floats. */
export function SelectionBar({
  names,
  onClear,
}: {
  readonly names: readonly string[];
  readonly onClear: () => void;
}) {
  if (names.length === 0) return null;
  return (
    <section className="selection-bar" aria-label="Selection">
      <span role="status">{countOf(names.length, "host")} selected</span>
      <Copy text={names.join("\n")} label="copy the names" />
      <Copy
        text={`npx wws-fleet host show ${names.map(shellQuote).join(" ")}`}
        label="copy a command"
      />
      <button type="button" className="button small" onClick={onClear}>
        clear
      </button>
    </section>
  );
}
