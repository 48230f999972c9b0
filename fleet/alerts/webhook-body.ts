import { type AlertRecord, type AlertState, stateOf, type Transition } from "./alert.ts";
import type { Batch } from "./delivery.ts";

/** The webhook's body, version 1: fields are added, never changed or taken away. */
export interface WebhookBody {
  readonly version: 1;
  /** Of this message, the same however often it comes: `webhook-id`. */
  readonly id: string;
  readonly cell: string;
  readonly transition: Transition;
  /** Messages that this channel's bound left out before this one. */
  readonly leftOut: number;
  readonly alert: {
    readonly id: string;
    /** The same thing going wrong again has the same key. */
    readonly key: string;
    readonly kind: string;
    readonly severity: string;
    readonly state: AlertState;
    readonly words: string;
    readonly command: string | null;
    readonly scope: { readonly kind: string; readonly name: string };
    readonly place: AlertRecord["place"];
    /** Names; the first 200 of them. */
    readonly hosts: readonly string[];
    readonly of: number;
    readonly sinceMs: number;
    readonly openedMs: number;
    readonly acknowledgedBy: string | null;
    readonly resolvedMs: number | null;
    readonly resolvedBecause: string | null;
  };
  /** Where the console shows it; null: nobody said where the console is. */
  readonly url: string | null;
}

/** What is posted of a batch of one. The same batch gives the same text, byte for byte. */
export function webhookBody(batch: Batch, cell: string, consoleUrl: string | null): string {
  const [delivery] = batch.deliveries;
  if (delivery === undefined) throw new TypeError("a message without an alert");
  const { alert, transition } = delivery;
  const body: WebhookBody = {
    version: 1,
    id: batch.id,
    cell,
    transition,
    leftOut: batch.leftOut,
    alert: {
      id: alert.id,
      key: alert.key,
      kind: transition === "test" ? "test" : alert.kind,
      severity: alert.severity,
      state: stateOf(alert),
      words: alert.words,
      command: alert.command,
      scope: alert.scope,
      place: alert.place,
      hosts: alert.hosts.map(({ name }) => name),
      of: alert.of,
      sinceMs: alert.sinceMs,
      openedMs: alert.openedMs,
      acknowledgedBy: alert.acknowledged?.by ?? null,
      resolvedMs: alert.resolvedMs,
      resolvedBecause: alert.resolvedBecause,
    },
    url: consoleUrl === null ? null : `${consoleUrl}/inbox`,
  };
  return JSON.stringify(body);
}
