import type { AlertRecord } from "#fleet/alerts/alert.ts";
import { rankOf, type Transition } from "#fleet/alerts/alert.ts";
import { placeWords } from "#fleet/alerts/alert-place.ts";
import type { Batch, DeliveryRecord } from "#fleet/alerts/delivery.ts";
import { oneLine } from "#fleet/alerts/one-line.ts";

export interface MailText {
  readonly subject: string;
  readonly text: string;
  /** `<ID@CELL.wws-fleet>`. */
  readonly messageId: string;
  /** Mails that told of the same alerts before, so that they stand together. */
  readonly references: readonly string[];
}

const subjectMax = 160;

/**
 * One mail for all of a batch, plain text, the worst first. The same batch gives the same mail. What
 * hosts and people wrote stands in it as text of one line each: no header begins in it.
 */
export function mailText(batch: Batch, cell: string, consoleUrl: string | null): MailText {
  const idOf = (id: string): string => `<${id}@${cell}.wws-fleet>`;
  // Of an alert that changed twice within the minute its last word is told.
  const last = new Map(batch.deliveries.map((delivery) => [delivery.alertId, delivery]));
  for (const delivery of batch.deliveries)
    if (delivery.id > (last.get(delivery.alertId)?.id ?? "")) last.set(delivery.alertId, delivery);
  const ordered = [...last.values()].toSorted(
    (left, right) =>
      rankOf(right.alert.severity) - rankOf(left.alert.severity) || (left.id < right.id ? -1 : 1),
  );
  const lines = [
    ...ordered.flatMap((delivery) => [...alertLines(delivery), ""]),
    ...(batch.leftOut === 0
      ? []
      : [
          `${batch.leftOut} messages before this one were left out: more came than this receiver takes in an hour.`,
          "wws-fleet alert list",
          "",
        ]),
    `Cell ${cell}${consoleUrl === null ? "" : `, ${consoleUrl}/inbox`}`,
  ];
  return {
    subject: oneLine(subjectOf(ordered, cell)).slice(0, subjectMax),
    text: `${lines.join("\n")}\n`,
    messageId: idOf(batch.id),
    references: batch.earlier.map(idOf),
  };
}

const headWords: { readonly [Kind in Transition]: string } = {
  opened: "",
  updated: "changed: ",
  acknowledged: "acknowledged: ",
  resolved: "resolved: ",
  test: "test: ",
};

function subjectOf(ordered: readonly DeliveryRecord[], cell: string): string {
  const [first, ...others] = ordered;
  if (first === undefined) return `[${cell}]`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `[${cell}] ${first.alert.severity}: ${headWords[first.transition]}${first.alert.words}${more}`;
}

function alertLines({ alert, transition }: DeliveryRecord): readonly string[] {
  const field = (name: string, value: string | null): readonly string[] =>
    value === null || value === "" ? [] : [`  ${`${name}:`.padEnd(10)}${oneLine(value)}`];
  return [
    oneLine(`${alert.severity.toUpperCase()}: ${headWords[transition]}${alert.words}`),
    ...field("since", new Date(alert.sinceMs).toISOString()),
    ...field("where", placeWords(alert.place)),
    ...field("hosts", hostWords(alert)),
    ...field("to do", transition === "resolved" ? null : alert.command),
    ...field(
      "by",
      alert.acknowledged === null ? null : `${alert.acknowledged.by}: ${alert.acknowledged.reason}`,
    ),
    ...field(
      "resolved",
      alert.resolvedMs === null ? null : new Date(alert.resolvedMs).toISOString(),
    ),
    ...field("because", alert.resolvedBecause),
    ...field("alert", alert.id),
  ];
}

const hostsShown = 20;

function hostWords({ hosts }: AlertRecord): string | null {
  if (hosts.length < 2) return null;
  const shown = hosts.slice(0, hostsShown).map(({ name }) => name);
  const more = hosts.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
