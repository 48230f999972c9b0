import { useLiveState } from "../api/live.tsx";
import { Command } from "../parts/copy.tsx";
import { useNow } from "../parts/now.ts";
import { Ago } from "../parts/time.tsx";
import { isStale } from "./link-words.ts";

/** Over a page whose figures are old: how old, and what to do. The figures below it are dimmed. */
export function StaleNote() {
  const state = useLiveState();
  const isOld = useNow((nowMs) => String(isStale(state, nowMs))) === "true";
  if (!isOld || state.kind !== "reconnecting") return null;
  return (
    <section className="notice notice-warn slim stale-note" aria-label="Old figures">
      <p>
        What stands here was true <Ago timeMs={state.sinceMs} />. The manager has not answered
        since; this page goes on trying. On its machine, see whether it runs:{" "}
        <Command text="npx wws-fleet config check" />
      </p>
    </section>
  );
}
