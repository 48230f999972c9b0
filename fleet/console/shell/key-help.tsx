import { keyCommands } from "../keys/key-commands.ts";
import { Dialog } from "./dialog.tsx";

const more = [
  { keys: "Enter", words: "open the row or host" },
  { keys: "↑ ↓ ← →", words: "in a rack: by unit, and to the next rack; on a chart: by step" },
  { keys: "Esc", words: "close this, or leave the field" },
] as const;

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label="Keys" onClose={onClose}>
      <h2>Keys</h2>
      <dl className="keys">
        {[...Object.values(keyCommands), ...more].map(({ keys, words }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={onClose}>
        close
      </button>
    </Dialog>
  );
}
