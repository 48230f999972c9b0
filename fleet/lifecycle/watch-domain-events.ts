import type { AuditStore } from "#fleet/audit/audit-entry.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { HostRecord, RackRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import { type AlertId, type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { domainEventEntry } from "./domain-event-entry.ts";
import type { DomainEventStore, KnownEvent } from "./domain-event-store.ts";
import {
  coversBy,
  type DomainEvent,
  findDomainEvents,
  type Loss,
  mergeDomainEvents,
  stoppedWhy,
} from "./domain-events.ts";
import { createDomainScopes, type DomainScopes, scopeKey } from "./domain-scopes.ts";
import type { Asker, LifeRefusal } from "./lifecycle.ts";
import { lifecycleNumbers } from "./numbers.ts";
import { createJudgedLosses, unjudgedWhy } from "./judged-losses.ts";
import type { Brake } from "./plans/start-gate.ts";
import type { Why } from "./why.ts";
import { heardAgain, isSeen, newsAmong, seenSilences, wholeAgain } from "./seen-silences.ts";
import { nobodyOff, type SwitchedOff } from "./switched-off.ts";
import { isStanding } from "./plans/place-index.ts";

export interface DomainWatchEffects {
  readonly inventory: Pick<Inventory, "hosts" | "racks">;
  readonly links: Links;
  readonly events: FleetEvents;
  readonly audit: Pick<AuditStore, "append">;
  /** What is known outlives this process: an open brake stays on, what was looked at is no news. */
  readonly store: DomainEventStore;
  readonly switchedOff?: SwitchedOff;
  /** Of this manager; 0 while it does not lead: then it looks and judges nothing. */
  readonly term: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The blindness brake: where many hosts vanish together, nothing is done until a person says so. */
export interface DomainWatch extends Brake {
  /** Also that it was lost a moment ago, perhaps with many: draining what is lost costs no budget. */
  whyNotBegin(host: HostRecord): Why | null;
  /** Those that nobody has acknowledged, oldest first. */
  open(): readonly DomainEvent[];
  /** These, and the acknowledged ones of which a host is still away, oldest first. */
  known(): readonly KnownEvent[];
  /** Called at once with each change of what is known, before anybody is told of it. */
  onChange(listener: () => void): () => void;
  /** A person has looked: automation goes on there; the same losses raise no second alarm. */
  acknowledge(id: AlertId, asker: Asker): Promise<Result<DomainEvent, LifeRefusal>>;
  /**
   * This manager leads anew: what is known is read again, nobody is lost for the grace time. Where it
   * led at this term before, nobody else did since, and it heard all the while: it goes on as it was.
   */
  takenOver(): Promise<void>;
  stop(): void;
}

/** Losses in a burst are judged together. */
const burstMs = 1_000;
/** What goes dark piece by piece stops at once, and is told when it is clear how wide it is. */
const gatherMs = 15_000;

export function watchDomainEvents(effects: DomainWatchEffects): DomainWatch {
  const { inventory, links, events, clock, random, log, store } = effects;
  let known: readonly KnownEvent[] = [];
  let scopes: DomainScopes = createDomainScopes([]);
  /** The racks that they were made of. */
  let scopesOf: readonly RackRecord[] = [];
  /** What the store may not have: written with the next judgement. */
  const unwritten = new Map<AlertId, KnownEvent>();
  const listeners = new Set<() => void>();
  let graceUntil = clock.nowMonotonicMs() + lifecycleNumbers.graceMs;
  let ledAtTerm = 0;
  let cancelJudge: CancelTimer | null = null;
  let isStopped = false;

  const open = (): readonly DomainEvent[] =>
    known.flatMap(({ event, acknowledged }) => (acknowledged === null ? [event] : []));
  const judged = createJudgedLosses(links);
  /** Monotonic. */
  let judgeDueAt = 0;
  /** Silences that a person has seen: they are no news. */
  let seen: ReadonlyMap<HostId, number> = new Map();
  const put = (changed: readonly KnownEvent[]): void => {
    const byId = new Map(changed.map((one) => [one.event.id, one]));
    const kept = known.map((one) => byId.get(one.event.id) ?? one);
    const ids = new Set(kept.map(({ event }) => event.id));
    known = [...kept, ...changed.filter(({ event }) => !ids.has(event.id))].filter(
      ({ endedMs }) => endedMs === null,
    );
    seen = seenSilences(known);
    for (const one of changed) unwritten.set(one.event.id, one);
    if (changed.length > 0) for (const listener of listeners) listener();
  };
  /** False: another manager leads, and what it wrote is read when this one leads again. */
  const write = async (): Promise<boolean> => {
    if (unwritten.size === 0) return true;
    const batch = [...unwritten.values()];
    if ((await store.writeEvents(batch, effects.term())) === "term-over") return false;
    for (const one of batch)
      if (unwritten.get(one.event.id) === one) unwritten.delete(one.event.id);
    return true;
  };

  const lossesAmong = (hosts: readonly HostRecord[]): readonly Loss[] =>
    newsAmong(hosts, links, seen);

  const judge = async (): Promise<void> => {
    const waitMs = graceUntil - clock.nowMonotonicMs();
    if (waitMs > 0) return schedule(waitMs);
    if (effects.term() === 0) return;
    const racks = await inventory.racks();
    if (racks !== scopesOf) scopes = createDomainScopes(racks);
    scopesOf = racks;
    const standing = (await inventory.hosts()).filter(isStanding);
    const away = judged.awayAmong(standing);
    put(heardAgain(known, (hostId) => links.view(hostId).state === "connected"));
    const lost = lossesAmong(away);
    const off = await (effects.switchedOff ?? nobodyOff).among(lost);
    const losses = lost.filter(({ host }) => !off.has(host.id));
    // One host here and there is lost all the time: that is no event, and nothing to count.
    const { hostsMin } = lifecycleNumbers.domainEvent;
    if (losses.length < hostsMin && known.length === 0) return judged.note(away);
    const present = (): readonly HostRecord[] =>
      standing.filter(({ id }) => {
        const { state, lastHeardMs } = links.view(id);
        return state !== "never" && !off.has(id) && !isSeen(seen, id, lastHeardMs);
      });
    const found = findDomainEvents(losses, present, scopes);
    const merged = mergeDomainEvents(open(), found, coversBy(standing, scopes), (event) => ({
      ...event,
      id: newUuidV7<AlertId>(clock.nowUnixMs(), random),
      raisedMs: clock.nowUnixMs(),
    }));
    const widened = noteMerged(merged.open);
    judged.note(away);
    const over = wholeAgain(known, standing, (hostId) => links.view(hostId).lastHeardMs);
    put(over.map((one) => ({ ...one, endedMs: clock.nowUnixMs() })));
    await write();
    const untold = known.some(
      ({ toldMs, acknowledged }) => toldMs === null && acknowledged === null,
    );
    if (untold) tellSoon();
    for (const event of merged.widened)
      if (widened.has(event.id)) await tell(event, "domain-event.widen", null);
  };
  /** Takes over what was merged; answers those that were told already. */
  const noteMerged = (merged: readonly DomainEvent[]): ReadonlySet<AlertId> => {
    const told = new Set<AlertId>();
    const now = new Map(merged.map((event) => [event.id, event]));
    const changed: KnownEvent[] = [];
    for (const one of known) {
      if (one.acknowledged !== null) continue;
      const event = now.get(one.event.id);
      if (one.toldMs !== null) told.add(one.event.id);
      // A wider one took it in.
      if (event === undefined) changed.push({ ...one, endedMs: clock.nowUnixMs() });
      else if (event !== one.event) changed.push({ ...one, event });
    }
    const ids = new Set(known.map(({ event }) => event.id));
    for (const event of merged)
      if (!ids.has(event.id))
        changed.push({ event, toldMs: null, acknowledged: null, endedMs: null });
    put(changed);
    return told;
  };
  /** Those that a wider one took in meanwhile are told as that one. */
  let cancelTelling: CancelTimer | null = null;
  const tellSoon = (): void => {
    cancelTelling ??= clock.after(gatherMs, () => {
      cancelTelling = null;
      tellAll().catch((error: unknown) => {
        log.error({ err: error }, "an alarm could not be kept; again soon");
        tellSoon();
      });
    });
  };
  const tellAll = async (): Promise<void> => {
    for (const one of isStopped ? [] : known)
      if (one.toldMs === null && one.acknowledged === null) await raise(one);
  };
  const raise = async (one: KnownEvent): Promise<void> => {
    await tell(one.event, "domain-event.raise", null);
    put([
      {
        ...(known.find(({ event }) => event.id === one.event.id) ?? one),
        toldMs: clock.nowUnixMs(),
      },
    ]);
    await write();
  };

  const schedule = (delayMs: number): void => {
    if (cancelJudge !== null || isStopped) return;
    judgeDueAt = clock.nowMonotonicMs() + delayMs;
    cancelJudge = clock.after(delayMs, () => {
      cancelJudge = null;
      judge().catch((error: unknown) => {
        log.error({ err: error }, "losses of hosts could not be judged; again soon");
        schedule(10 * burstMs);
      });
    });
  };

  const tell = async (event: DomainEvent, action: string, asker: Asker | null): Promise<void> => {
    const facts = { scope: scopeKey(event.scope), lost: event.lost.length, of: event.of };
    log.error({ alertId: event.id, action, ...facts }, "hosts were lost together");
    events.publish({ kind: "domain-event", alertId: event.id });
    await effects.audit.append(domainEventEntry(event, action, asker, clock.nowUnixMs()));
  };

  const unsubscribe = events.subscribe((event) => {
    if (event.kind !== "link-changed") return;
    if (event.state !== "lost") judged.back(event.hostId);
    const isBack =
      event.state === "connected" && known.some(({ acknowledged }) => acknowledged !== null);
    // By no clock: its next silence is a new one, also where the clock was set back before it.
    if (isBack) put(heardAgain(known, (hostId) => hostId === event.hostId));
    if (event.state === "lost" || isBack) schedule(burstMs);
  });

  const whyStopped = (host: HostRecord): Why | null => {
    const stopped = open();
    const keys = new Set(scopes.of(host).map(scopeKey));
    const event = stopped.find(({ scope }) => keys.has(scopeKey(scope)));
    return event === undefined ? null : stoppedWhy(event);
  };

  return {
    open,
    known: () => known,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    whyStopped,
    whyNotBegin(host) {
      const stopped = whyStopped(host);
      if (stopped !== null || !judged.isUnjudged(host.id)) return stopped;
      schedule(burstMs);
      const leftMs = Math.max(0, judgeDueAt - clock.nowMonotonicMs());
      return unjudgedWhy(Math.ceil(clock.nowUnixMs() + leftMs));
    },
    async acknowledge(id, asker) {
      const one = known.find(({ event, acknowledged }) => event.id === id && acknowledged === null);
      if (one === undefined) return fail({ kind: "unknown", what: `domain event ${id}` });
      const { event } = one;
      const key = scopeKey(event.scope);
      const silences = lossesAmong(await inventory.hosts())
        .filter(({ host }) => scopes.of(host).some((scope) => scopeKey(scope) === key))
        .map(({ host, silentSinceMs }) => ({ hostId: host.id, sinceMs: silentSinceMs }));
      if (one.toldMs === null) await tell(event, "domain-event.raise", null);
      const looked: KnownEvent = {
        ...one,
        toldMs: one.toldMs ?? clock.nowUnixMs(),
        acknowledged: {
          by: asker.name,
          atMs: clock.nowUnixMs(),
          reason: asker.reason,
          silences,
        },
      };
      if ((await store.writeEvents([looked], effects.term())) === "term-over")
        return fail({ kind: "conflict", words: "another manager leads this cell: ask it" });
      put([looked]);
      unwritten.delete(id);
      await tell(event, "domain-event.acknowledge", asker);
      schedule(burstMs);
      return ok(event);
    },
    async takenOver() {
      const term = effects.term();
      // What was lost while it did not lead was judged by nobody.
      if (term !== 0 && term === ledAtTerm) return schedule(burstMs);
      judged.note([]);
      graceUntil = clock.nowMonotonicMs() + lifecycleNumbers.graceMs;
      unwritten.clear();
      known = await store.readEvents();
      seen = seenSilences(known);
      scopes = createDomainScopes(await inventory.racks());
      ledAtTerm = term;
      schedule(lifecycleNumbers.graceMs);
    },
    stop() {
      isStopped = true;
      unsubscribe();
      cancelJudge?.();
      cancelTelling?.();
    },
  };
}
