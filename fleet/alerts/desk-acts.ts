import type { Asker, LifeRefusal } from "#fleet/lifecycle/lifecycle.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type AlertId, type DeliveryId, newUuidV7, type SilenceId } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { type AlertRecord, stateOf, type Transition } from "./alert.ts";
import type { AlertDesk } from "./alert-desk.ts";
import { alertNumbers } from "./alert-numbers.ts";
import { nowhere } from "./alert-place.ts";
import { parseAlertSelector } from "./alert-selector.ts";
import type { AlertStore } from "./alert-store.ts";
import { alertEntry } from "./audit-words.ts";
import type { Batch } from "./delivery.ts";
import type { Outbox } from "./outbox.ts";
import { isInForce, type SilenceRecord } from "./silence.ts";

export interface DeskParts {
  readonly cell: string;
  readonly store: AlertStore;
  readonly domains: Pick<DomainWatch, "acknowledge" | "known">;
  readonly clock: Clock;
  readonly random: Random;
  readonly outbox: Outbox;
  readonly look: () => Promise<void>;
  readonly inTurn: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** False: another manager leads. */
  readonly keep: (change: {
    readonly alerts?: readonly AlertRecord[];
    readonly silences?: readonly SilenceRecord[];
    readonly audit?: AuditEntry;
    readonly tell: readonly { readonly alert: AlertRecord; readonly transition: Transition }[];
  }) => Promise<boolean>;
  readonly leads: () => boolean;
  readonly openAlerts: () => ReadonlyMap<string, AlertRecord>;
  readonly putAlert: (alert: AlertRecord) => void;
  readonly silences: () => readonly SilenceRecord[];
  readonly putSilences: (silences: readonly SilenceRecord[]) => void;
  /** What has happened, and was seen: no cause any more. */
  readonly forget: (alert: AlertRecord) => void;
}

const notLeading: LifeRefusal = {
  kind: "conflict",
  words: "this manager does not lead the cell now: ask again, or ask the one that does",
};

/** What people ask of alerts, and do with them. */
export function createDeskActs(parts: DeskParts): AlertDesk {
  const { store, clock, random, outbox } = parts;
  const openById = (id: AlertId): AlertRecord | undefined =>
    [...parts.openAlerts().values()].find((alert) => alert.id === id);

  /** What stops automation is seen at once, not only after the next round. */
  const lookWhereNew = async (): Promise<void> => {
    const open = parts.openAlerts();
    const isNew = parts.domains.known().some(({ event }) => !open.has(`domain-event:${event.id}`));
    if (isNew) await parts.look();
  };

  const acknowledge = async (id: AlertId, asker: Asker) => {
    const alert = openById(id);
    if (alert === undefined || stateOf(alert) !== "open")
      return fail({ kind: "unknown", what: `there is no open alert "${id}"` } as const);
    const atMs = clock.nowUnixMs();
    const word = { by: asker.name, atMs, reason: asker.reason };
    const seen: AlertRecord = { ...alert, acknowledged: word };
    const written = await parts.keep({
      alerts: [seen],
      audit: alertEntry("alert.acknowledge", { id, name: alert.key }, asker, atMs),
      tell: alert.told === null ? [] : [{ alert: seen, transition: "acknowledged" }],
    });
    if (!written) return fail(notLeading);
    parts.putAlert(seen);
    parts.forget(seen);
    return ok(seen);
  };

  return {
    async open() {
      await lookWhereNew();
      const alerts = parts.leads() ? [...parts.openAlerts().values()] : await store.listOpen();
      return alerts.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    },
    resolved: (ask) => store.listResolved(ask),
    async find(id) {
      await lookWhereNew();
      const alert = (parts.leads() ? openById(id) : undefined) ?? (await store.find(id));
      return alert && { alert, deliveries: await store.listDeliveries(id) };
    },
    async acknowledge(id, asker) {
      const isEvent = parts.domains
        .known()
        .some(({ event, acknowledged }) => event.id === id && acknowledged === null);
      if (!isEvent) return parts.inTurn(() => acknowledge(id, asker));
      // It must be an alert before it is acknowledged, or nobody would see that it was.
      await parts.look();
      const before = openById(id);
      const done = await parts.domains.acknowledge(id, asker);
      if (!done.ok) return done;
      await parts.look();
      const alert = openById(id) ?? (await store.find(id)) ?? before;
      return alert === undefined
        ? fail({ kind: "unknown", what: `there is no open alert "${id}"` })
        : ok(alert);
    },
    async silence({ selector, untilMs }, asker) {
      const parsed = parseAlertSelector(selector);
      if (!parsed.ok) return fail({ kind: "invalid", ...parsed.problem });
      const nowMs = clock.nowUnixMs();
      const problem = wrongEnd(untilMs - nowMs);
      if (problem !== null) return fail(problem);
      return parts
        .inTurn(async () => {
          if (!parts.leads()) return fail(notLeading);
          const inForce = parts.silences().filter((one) => isInForce(one, nowMs));
          if (inForce.length >= alertNumbers.silencesMax)
            return fail({
              kind: "invalid",
              words: `there are ${inForce.length} silences already`,
              hint: "end some: `wws-fleet alert silences` lists them",
            } as const);
          const silence: SilenceRecord = {
            id: newUuidV7<SilenceId>(nowMs, random),
            selector,
            reason: asker.reason,
            by: asker.name,
            createdMs: nowMs,
            untilMs,
            endedMs: null,
            endedBy: null,
          };
          const facts = { selector, untilMs };
          const audit = alertEntry(
            "silence.add",
            { id: silence.id, name: selector },
            asker,
            nowMs,
            facts,
          );
          if (!(await parts.keep({ silences: [silence], audit, tell: [] })))
            return fail(notLeading);
          parts.putSilences([...inForce, silence]);
          return ok(silence);
        })
        .then(async (done) => {
          await parts.look();
          return done;
        });
    },
    async silences() {
      const nowMs = clock.nowUnixMs();
      const all = parts.leads() ? parts.silences() : await store.listSilences(nowMs);
      return all.filter((silence) => isInForce(silence, nowMs));
    },
    async endSilence(id, asker) {
      const done = await parts.inTurn(async () => {
        if (!parts.leads()) return fail(notLeading);
        const nowMs = clock.nowUnixMs();
        const found = parts.silences().find((one) => one.id === id && isInForce(one, nowMs));
        if (found === undefined)
          return fail({ kind: "unknown", what: `there is no silence "${id}"` } as const);
        const ended: SilenceRecord = { ...found, endedMs: nowMs, endedBy: asker.name };
        const audit = alertEntry("silence.end", { id, name: found.selector }, asker, nowMs);
        if (!(await parts.keep({ silences: [ended], audit, tell: [] }))) return fail(notLeading);
        parts.putSilences(parts.silences().filter((one) => one.id !== id));
        return ok(ended);
      });
      await parts.look();
      return done;
    },
    channels: () => outbox.views(),
    async test(asker) {
      if (!parts.leads()) return fail(notLeading);
      const nowMs = clock.nowUnixMs();
      const subject = { id: "channels", name: parts.cell };
      const audit = alertEntry("alert.test", subject, asker, nowMs);
      const written = await parts.inTurn(() => parts.keep({ audit, tell: [] }));
      if (!written) return fail(notLeading);
      return ok(await outbox.test((channel) => testBatch(parts, channel.name, asker)));
    },
  };
}

function wrongEnd(
  forMs: number,
): { readonly kind: "invalid"; readonly words: string; readonly hint: string } | null {
  const days = alertNumbers.silenceMsMax / 86_400_000;
  const hint = `say until when, at most ${days} days from now`;
  if (!(forMs > 0)) return { kind: "invalid", words: "that time is over", hint };
  if (forMs > alertNumbers.silenceMsMax)
    return { kind: "invalid", words: `that is more than ${days} days`, hint };
  return null;
}

function testBatch(parts: DeskParts, channel: string, asker: Asker): Batch {
  const nowMs = parts.clock.nowUnixMs();
  const id = newUuidV7<DeliveryId>(nowMs, parts.random);
  const alert: AlertRecord = {
    id: newUuidV7<AlertId>(nowMs, parts.random),
    key: "test",
    kind: "channel-failing",
    severity: "info",
    words: `a test of alerts that ${asker.name} asked for: ${asker.reason}`,
    command: null,
    scope: { kind: "channel", name: channel },
    place: nowhere,
    hosts: [],
    of: 0,
    sinceMs: nowMs,
    openedMs: nowMs,
    acknowledged: null,
    silenced: null,
    told: null,
    resolvedMs: null,
    resolvedBecause: null,
  };
  const delivery = {
    id,
    alertId: alert.id,
    channel,
    transition: "test",
    state: "sending",
    alert,
    batchId: id,
    leftOut: 0,
    attempts: 1,
    createdMs: nowMs,
    nextMs: nowMs,
    outcome: null,
    settledMs: null,
  } as const;
  return { id, deliveries: [delivery], leftOut: 0, earlier: [] };
}
