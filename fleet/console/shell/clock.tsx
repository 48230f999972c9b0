import { useNow } from "../parts/now.ts";
import { useZone } from "../parts/zone.tsx";
import { formatTime, formatZone } from "../words/time-words.ts";

/** The manager's time in the zone of the site that the page is about. */
export function Clock() {
  const { zone, site } = useZone();
  const time = useNow((nowMs) => formatTime(nowMs, zone, "time"));
  const name = useNow((nowMs) => formatZone(nowMs, zone));
  const where = site === null ? "this browser's zone" : `the zone of ${site}`;
  return (
    <span className="clock figure" title={`${zone}, ${where}`}>
      {time} <span className="unit">{name}</span>
    </span>
  );
}
