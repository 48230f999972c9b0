import type { Alert } from "#fleet/api/alert-schemas.ts";
import type { StateLook } from "./state-words.ts";

export const severityLooks: Readonly<Record<Alert["severity"], StateLook>> = {
  page: { word: "page", shape: "square", tone: "bad", meaning: "somebody was woken, or is to be" },
  warn: { word: "warn", shape: "triangle", tone: "warn", meaning: "it waits for the day" },
  info: { word: "info", shape: "ring", tone: "info", meaning: "told, nothing more" },
};

/** How long somebody may have an alert not told, in one click. */
export const silenceSpans = [
  { words: "1 h", ms: 3_600_000 },
  { words: "8 h", ms: 8 * 3_600_000 },
  { words: "3 d", ms: 3 * 86_400_000 },
] as const;

/** `eu/fra2/row-b/rack-07`, as much of it as all of its hosts share; empty: nothing. */
export function placeWords({ place }: Pick<Alert, "place">): string {
  return [place.region, place.site, place.row, place.rack]
    .filter((part) => part !== null)
    .join("/");
}

const ranks = { page: 0, warn: 1, info: 2 } as const;

/** What nobody has looked at first, then the worst, then the newest. */
export function byUrgency(left: Alert, right: Alert): number {
  const rest = (alert: Alert): number =>
    alert.state === "open" && alert.silenced === null ? 0 : 1;
  return (
    rest(left) - rest(right) ||
    ranks[left.severity] - ranks[right.severity] ||
    right.sinceMs - left.sinceMs
  );
}

/** What stands in the rail: how many wait for somebody; null: none does. */
export function inboxCount(alerts: readonly Pick<Alert, "silenced">[] | undefined): number | null {
  const waiting = alerts?.filter(({ silenced }) => silenced === null).length ?? 0;
  return waiting === 0 ? null : waiting;
}

/** Which alerts the page shows, by its address. */
export const inboxViews = [
  { name: "open", words: "open", states: "open,acknowledged" },
  { name: "resolved", words: "resolved", states: "resolved" },
] as const;
export type InboxView = (typeof inboxViews)[number];

export function readInboxView(address: URLSearchParams): InboxView {
  return inboxViews.find(({ name }) => name === address.get("show")) ?? inboxViews[0];
}
