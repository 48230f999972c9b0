import { useState } from "react";
import { useElsewhere } from "../api/cells.ts";

/** A command or name to take along. Says that it was copied, also to a screen reader. */
export function Copy({ text, label = "copy" }: { readonly text: string; readonly label?: string }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // Without TLS or a click the browser keeps the clipboard shut: the text can be selected.
      setState("refused");
    }
  };
  return (
    <button
      type="button"
      className="button small"
      onClick={() => void copy()}
      onBlur={() => setState("idle")}
    >
      <span aria-live="polite">
        {state === "idle" ? label : state === "copied" ? "copied" : "select and copy by hand"}
      </span>
    </button>
  );
}

/** In a view over several cells a command is asked of the cell of the page, at its own address. */
export function Command({ text }: { readonly text: string }) {
  const [cell, ...others] = useElsewhere() ?? [];
  const isThere = cell?.url && others.length === 0 && text.startsWith("npx wws-fleet ");
  const whole = isThere ? `WWS_URL=${cell.url} ${text}` : text;
  return (
    <span className="command">
      <code>{whole}</code>
      <Copy text={whole} />
    </span>
  );
}
