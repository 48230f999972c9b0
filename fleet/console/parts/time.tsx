import {
  formatAbsolute,
  formatAgo,
  formatDuration,
  formatDurationShort,
} from "../words/time-words.ts";
import { useNow } from "./now.ts";
import { useZone } from "./zone.tsx";

/** `3 min ago`, with the absolute time of the page's zone on hover. */
export function Ago({ timeMs }: { readonly timeMs: number }) {
  const words = useNow((nowMs) => formatAgo(timeMs, nowMs));
  return <TimeWords timeMs={timeMs} words={words} />;
}

/** How long a state has lasted: `2 h 5 min`, or `2 h` where room is short. */
export function LastsFor({
  sinceMs,
  isShort = false,
}: {
  readonly sinceMs: number;
  readonly isShort?: boolean;
}) {
  const say = isShort ? formatDurationShort : formatDuration;
  const words = useNow((nowMs) => say(nowMs - sinceMs));
  return <TimeWords timeMs={sinceMs} words={words} />;
}

function TimeWords({ timeMs, words }: { readonly timeMs: number; readonly words: string }) {
  const { zone } = useZone();
  return (
    <time
      className="figure"
      dateTime={new Date(timeMs).toISOString()}
      title={formatAbsolute(timeMs, zone)}
    >
      {words}
    </time>
  );
}
