import type { AuditEntry, AuditStore } from "#fleet/audit/audit-entry.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import { type AlertId, type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import {
  describeEvent,
  type DomainEvent,
  findDomainEvents,
  type Loss,
  mergeDomainEvents,
} from "./domain-events.ts";
import { createDomainScopes, type DomainScopes, scopeKey } from "./domain-scopes.ts";
import { exits } from "./exits.ts";
import type { Asker, LifeRefusal } from "./lifecycle.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { Brake } from "./plans/start-gate.ts";
import { isStanding } from "./plans/snapshot-index.ts";

export interface DomainWatchEffects {
  readonly inventory: Pick<Inventory, "hosts" | "racks">;
  readonly links: Links;
  readonly events: FleetEvents;
  readonly audit: Pick<AuditStore, "append">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The blindness brake: where many hosts vanish together, nothing is done until a person says so. */
export interface DomainWatch extends Brake {
  /** Those that nobody has acknowledged, oldest first. */
  open(): readonly DomainEvent[];
  /** A person has looked: automation goes on there; the same losses raise no second alarm. */
  acknowledge(id: AlertId, asker: Asker): Promise<Result<DomainEvent, LifeRefusal>>;
  /** This manager leads anew: nobody is lost for the grace time. */
  takenOver(): void;
  stop(): void;
}

/** Losses that come in a burst are judged together. */
const burstMs = 1_000;
/** What goes dark piece by piece stops at once, and is told when it is clear how wide it is. */
const gatherMs = 15_000;

/** Operations under which silence is expected. */
const silencing: ReadonlySet<string> = new Set([
  "reboot",
  "power",
  "service",
  "repair",
  "reimage",
  "deploy",
  "burnin",
  "retire",
]);

export function watchDomainEvents(effects: DomainWatchEffects): DomainWatch {
  const { inventory, links, events, clock, random, log } = effects;
  let open: readonly DomainEvent[] = [];
  let scopes: DomainScopes = createDomainScopes([]);
  /** Silences that a person has seen: they are no news. */
  const seen = new Map<HostId, UnixMs>();
  const told = new Set<AlertId>();
  let graceUntil = clock.nowMonotonicMs() + lifecycleNumbers.graceMs;
  let cancelJudge: CancelTimer | null = null;
  let isStopped = false;

  const lossesAmong = (hosts: readonly HostRecord[]): readonly Loss[] =>
    hosts.flatMap((host): Loss[] => {
      const { state, lastHeardMs } = links.view(host.id);
      if (state !== "lost" || lastHeardMs === null) return [];
      if (host.op !== null && silencing.has(host.op.kind)) return [];
      return seen.get(host.id) === lastHeardMs ? [] : [{ host, silentSinceMs: lastHeardMs }];
    });

  const judge = async (): Promise<void> => {
    const waitMs = graceUntil - clock.nowMonotonicMs();
    if (waitMs > 0) return schedule(waitMs);
    scopes = createDomainScopes(await inventory.racks());
    const standing = (await inventory.hosts()).filter(isStanding);
    const present = standing.filter(({ id }) => {
      const { state, lastHeardMs } = links.view(id);
      return state !== "never" && seen.get(id) !== lastHeardMs;
    });
    const found = findDomainEvents(lossesAmong(standing), present, scopes);
    const merged = mergeDomainEvents(open, found, (event) => ({
      ...event,
      id: newUuidV7<AlertId>(clock.nowUnixMs(), random),
      raisedMs: clock.nowUnixMs(),
    }));
    open = merged.open;
    const fresh = new Set(merged.raised.map(({ id }) => id));
    if (fresh.size > 0) clock.after(gatherMs, () => tellOf(fresh));
    for (const event of merged.widened)
      if (told.has(event.id)) await tell(event, "domain-event.widen", null);
  };

  const raise = async (event: DomainEvent): Promise<void> => {
    if (told.has(event.id)) return;
    told.add(event.id);
    await tell(event, "domain-event.raise", null);
  };
  /** Those that a wider one took in meanwhile are told as that one. */
  const tellOf = (ids: ReadonlySet<AlertId>): void => {
    for (const event of isStopped ? [] : open) {
      if (!ids.has(event.id)) continue;
      raise(event).catch((error: unknown) =>
        log.error({ err: error, alertId: event.id }, "an alarm could not be kept"),
      );
    }
  };

  const schedule = (delayMs: number): void => {
    if (cancelJudge !== null || isStopped) return;
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
    await effects.audit.append(entryOf(event, action, asker, clock.nowUnixMs()));
  };

  const unsubscribe = events.subscribe((event) => {
    if (event.kind === "link-changed" && event.state === "lost") schedule(burstMs);
  });

  return {
    open: () => open,
    whyStopped(host) {
      if (open.length === 0) return null;
      const keys = new Set(scopes.of(host).map(scopeKey));
      const event = open.find(({ scope }) => keys.has(scopeKey(scope)));
      if (event === undefined) return null;
      return {
        code: "domain-event",
        words: `${describeEvent(event)}: nothing is begun there until a person has looked`,
        who: "an operator",
        command: exits.acknowledgeAlert(event.id),
        untilMs: null,
      };
    },
    async acknowledge(id, asker) {
      const event = open.find((one) => one.id === id);
      if (event === undefined) return fail({ kind: "unknown", what: `domain event ${id}` });
      const key = scopeKey(event.scope);
      for (const { host, silentSinceMs } of lossesAmong(await inventory.hosts())) {
        if (scopes.of(host).some((scope) => scopeKey(scope) === key))
          seen.set(host.id, silentSinceMs);
      }
      open = open.filter((one) => one.id !== id);
      await raise(event);
      told.delete(id);
      await tell(event, "domain-event.acknowledge", asker);
      return ok(event);
    },
    takenOver() {
      graceUntil = clock.nowMonotonicMs() + lifecycleNumbers.graceMs;
    },
    stop() {
      isStopped = true;
      unsubscribe();
      cancelJudge?.();
    },
  };
}

function entryOf(
  event: DomainEvent,
  action: string,
  asker: Asker | null,
  atMs: UnixMs,
): AuditEntry {
  return {
    atMs,
    actor: asker?.name ?? "planner",
    actorKind: asker?.kind ?? "automation",
    action,
    outcome: "done",
    subject: {
      kind: "alert",
      id: event.id,
      name: scopeKey(event.scope),
      serial: null,
      rack: event.scope.kind === "rack" ? event.scope.name : null,
    },
    reason: asker?.reason ?? describeEvent(event),
    planHash: null,
    facts: { lost: event.lost.length, of: event.of, sinceMs: event.sinceMs },
  };
}
