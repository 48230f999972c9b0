import { useLiveState } from "../api/live.tsx";
import { Shape } from "../parts/shape.tsx";
import { useNow } from "../parts/now.ts";
import { useZone } from "../parts/zone.tsx";
import { describeLink } from "./link-words.ts";

/** Whether what this page shows is of now: live, reconnecting since, stale since. */
export function LinkState() {
  const state = useLiveState();
  const { zone } = useZone();
  const words = useNow((nowMs) => describeLink(state, nowMs, zone).words);
  const look = useNow((nowMs) => describeLink(state, nowMs, zone).tone);
  const tone = look === "ok" ? "ok" : look === "warn" ? "warn" : look === "bad" ? "bad" : "unknown";
  const shape = { ok: "disc", warn: "half", bad: "cross", unknown: "ring" } as const;
  return (
    <span className={`link-state state tone-${tone}`} data-link={state.kind}>
      <Shape shape={shape[tone]} tone={tone} />
      <span className="figure">{words}</span>
      <span className="for-readers" role="status">
        {announce[state.kind]}
      </span>
    </span>
  );
}

/** Told once when it changes, not each second. */
const announce = {
  live: "",
  connecting: "",
  reconnecting: "The manager does not answer. The page shows old figures and tries again.",
} as const;
