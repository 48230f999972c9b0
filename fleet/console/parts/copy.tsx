import { useState } from "react";

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

export function Command({ text }: { readonly text: string }) {
  return (
    <span className="command">
      <code>{text}</code>
      <Copy text={text} />
    </span>
  );
}
