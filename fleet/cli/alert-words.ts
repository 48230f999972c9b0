import type { Alert, AlertDetail } from "#fleet/api/alert-schemas.ts";
import type { Column } from "./output.ts";
import { ago, isoTime } from "./words.ts";

export const alertColumns: readonly Column<Alert>[] = [
  { title: "ALERT", key: "id", show: (alert) => alert.id, raw: (alert) => alert.id },
  {
    title: "SEVERITY",
    key: "severity",
    show: (alert) => alert.severity,
    raw: (alert) => alert.severity,
  },
  { title: "STATE", key: "state", show: stateWords, raw: (alert) => alert.state },
  { title: "WHERE", key: "scope", show: scopeWords, raw: scopeWords },
  {
    title: "SINCE",
    key: "since_time",
    show: (alert, nowMs) => ago(alert.sinceMs, nowMs),
    raw: (alert) => isoTime(alert.sinceMs),
  },
  { title: "WORDS", key: "words", show: (alert) => alert.words, raw: (alert) => alert.words },
];

export function scopeWords({ scope }: Pick<Alert, "scope">): string {
  return `${scope.kind} ${scope.name}`;
}

/** What is silenced says so where its state stands. */
export function stateWords({ state, silenced }: Alert): string {
  return state === "resolved" || silenced === null ? state : `${state}, silenced`;
}

/** One alert for a person, a line a fact. */
export function alertLines(
  alert: AlertDetail,
  nowMs: number,
): readonly (readonly [string, string])[] {
  const { place, hosts } = alert;
  const where = [place.region, place.site, place.row, place.rack].filter((part) => part !== null);
  const line = (name: string, value: string | null): readonly (readonly [string, string])[] =>
    value === null || value === "" ? [] : [[name, value]];
  const { acknowledged, silenced } = alert;
  return [
    ...line(alert.severity, alert.words),
    ...line("state", stateWords(alert)),
    ...line("since", `${ago(alert.sinceMs, nowMs)} (${isoTime(alert.sinceMs)})`),
    ...line("about", scopeWords(alert)),
    ...line("where", where.join("/")),
    ...line("hosts", hosts.length < 2 ? "" : `${hosts.join(", ")} (of ${alert.of})`),
    ...line("to do", alert.command),
    ...line(
      "acknowledged",
      acknowledged &&
        `by ${acknowledged.by} ${ago(acknowledged.atMs, nowMs)}: ${acknowledged.reason}`,
    ),
    ...line("silenced", silenced?.words ?? null),
    ...line(
      "resolved",
      alert.resolvedMs === null
        ? ""
        : `${ago(alert.resolvedMs, nowMs)}: ${alert.resolvedBecause ?? ""}`,
    ),
    ...line("key", alert.key),
    ...alert.deliveries.flatMap(({ channel, transition, state, outcome, attempts }) => {
      const tries = attempts > 1 ? ` after ${attempts} tries` : "";
      return line(
        "told",
        `${channel}: ${transition}, ${state}${tries}${outcome === null ? "" : `: ${outcome}`}`,
      );
    }),
  ];
}
