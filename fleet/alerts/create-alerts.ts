import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import type { CancelTimer } from "#proto/vocabulary/clock.ts";
import { type AlertId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { AlertDesk } from "./alert-desk.ts";
import type { AlertFacts } from "./alert-facts.ts";
import { alertNumbers } from "./alert-numbers.ts";
import type { AlertChange, AlertStore } from "./alert-store.ts";
import { findCellCauses } from "./cell-causes.ts";
import { createDeskActs } from "./desk-acts.ts";
import type { Channel } from "./delivery.ts";
import { createFactGatherer, type FactSources } from "./gather-facts.ts";
import { findHostCauses } from "./host-causes.ts";
import { createAlertJudge } from "./judge-alerts.ts";
import { createOutbox } from "./outbox.ts";
import { createSilencer, isInForce, type SilenceRecord } from "./silence.ts";
import { whomToTell } from "./whom-to-tell.ts";
import { findWorkCauses } from "./work-causes.ts";

export interface AlertsEffects extends FactSources {
  readonly store: AlertStore;
  readonly domains: Pick<DomainWatch, "known" | "onChange" | "acknowledge">;
  readonly events: FleetEvents;
  readonly random: Random;
  readonly channels: readonly Channel[];
  /** Of this manager; 0 while it does not lead: then it judges and sends nothing. */
  readonly term: () => number;
}

/** Alerts of the cell: judged in rounds, kept, told over the channels. */
export interface Alerts extends AlertDesk {
  /** Begins the rounds. */
  start(): void;
  /** Judges once more at once; resolves when that is on disk. For what must be seen now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export function createAlerts(effects: AlertsEffects): Alerts {
  const { store, clock, random, log, channels, term } = effects;
  const judge = createAlertJudge();
  const gatherer = createFactGatherer(effects);
  const outbox = createOutbox(channels, effects);
  let silences: readonly SilenceRecord[] = [];
  /** The term in which what is kept was read; 0: it is to be read again. */
  let ledTerm = 0;
  let blindUntil = 0;
  let blindTerm = 0;
  let takeOver: AlertFacts["takeOver"] = null;
  let prunedAt = Number.NEGATIVE_INFINITY;
  let cancelRound: CancelTimer | null = null;
  let soonAt = Number.POSITIVE_INFINITY;
  let isStopped = false;
  /** Rounds and what people do come one after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };

  /** This manager leads anew, or does not know what the store has. */
  const begin = async (leads: number): Promise<void> => {
    const nowMs = clock.nowUnixMs();
    if (blindTerm !== leads) blindUntil = clock.nowMonotonicMs() + lifecycleNumbers.graceMs;
    const former = await store.readLeader();
    const isNew = former === null || former.term !== leads;
    if (isNew && former?.isEnded === false)
      takeOver = { term: leads, formerTerm: former.term, atMs: nowMs };
    if (isNew || former.isEnded) await store.writeLeader({ term: leads, isEnded: false });
    judge.load(await store.listOpen());
    silences = await store.listSilences(nowMs);
    const ended = await store.listResolved({ before: null, limit: endedLookedAt });
    await gatherer.begin(new Set(ended.map(({ key }) => key)));
    await outbox.begin();
    blindTerm = leads;
    ledTerm = leads;
  };
  const round = async (): Promise<void> => {
    const leads = term();
    if (leads === 0 || isStopped) {
      ledTerm = 0;
      return;
    }
    if (ledTerm !== leads) await begin(leads);
    const now = clock.nowMonotonicMs();
    const gathered = await gatherer.gather();
    const facts: AlertFacts = {
      ...gathered,
      takeOver,
      failingChannels: outbox
        .views()
        .flatMap(({ name, failingSinceMs, lastFailure }) =>
          failingSinceMs !== null && gathered.nowMs - failingSinceMs >= alertNumbers.failingMs
            ? [{ name, sinceMs: failingSinceMs, why: lastFailure ?? "it fails" }]
            : [],
        ),
    };
    const judged = judge.judge({
      causes: [
        ...findCellCauses(facts, judge.open.has("disk")),
        ...findHostCauses(facts),
        ...findWorkCauses(facts),
      ],
      whyQuiet: createSilencer(silences, facts.nowMs),
      nowMs: facts.nowMs,
      now,
      isBlind: now < blindUntil,
      newId: () => newUuidV7<AlertId>(facts.nowMs, random),
    });
    if (judged.leftOut > 0)
      log.error({ alerts: judged.leftOut }, "more alerts than are kept: the rest is left out");
    await keep({ alerts: judged.changed, tell: judged.tell });
    await pruneWhenDue();
  };
  /** Alerts with what is to be told of them, together; then it goes out. */
  const keep = async (
    change: Omit<AlertChange, "term" | "deliveries"> & Tell,
  ): Promise<boolean> => {
    const { tell, ...rest } = change;
    const isEmpty = tell.length === 0 && Object.values(rest).every((part) => isNothing(part));
    if (isEmpty) return true;
    // Until it is written, what is in memory is ahead of the store: read again where that fails.
    const leads = ledTerm;
    ledTerm = 0;
    const deliveries = await whomToTell(tell, { channels, store, clock, random });
    const written = await store.commit({ ...rest, deliveries, term: leads });
    if (written === "term-over") return false;
    ledTerm = leads;
    outbox.add(deliveries);
    for (const { id } of rest.alerts ?? [])
      effects.events.publish({ kind: "alert-changed", alertId: id });
    return true;
  };
  const pruneWhenDue = async (): Promise<void> => {
    if (clock.nowMonotonicMs() - prunedAt < pruneEveryMs) return;
    prunedAt = clock.nowMonotonicMs();
    const nowMs = clock.nowUnixMs();
    silences = silences.filter((silence) => isInForce(silence, nowMs));
    await store.prune({
      term: ledTerm,
      resolvedBeforeMs: unixMs(nowMs - alertNumbers.resolvedKeptMs),
      resolvedMax: alertNumbers.resolvedKeptMax,
      settledBeforeMs: unixMs(nowMs - alertNumbers.deliveriesKeptMs),
    });
  };

  const look = (): Promise<void> => inTurn(round);
  const schedule = (delayMs: number): void => {
    const at = clock.nowMonotonicMs() + delayMs;
    if (isStopped || at >= soonAt) return;
    cancelRound?.();
    soonAt = at;
    cancelRound = clock.after(delayMs, () => {
      soonAt = Number.POSITIVE_INFINITY;
      look()
        .catch((err: unknown) => log.error({ err }, "alerts could not be judged; again soon"))
        .finally(() => schedule(alertNumbers.roundMs));
    });
  };
  const unsubscribe = effects.events.subscribe((event) => {
    gatherer.note(event);
    if (changing.has(event.kind)) schedule(alertNumbers.burstMs);
  });
  const leave = effects.domains.onChange(() => schedule(0));

  const acts = createDeskActs({
    ...effects,
    outbox,
    look,
    keep,
    inTurn,
    leads: () => ledTerm !== 0 && term() !== 0,
    openAlerts: () => judge.open,
    putAlert: judge.put,
    silences: () => silences,
    putSilences: (now) => {
      silences = now;
    },
    forget(alert) {
      if (alert.kind === "plan-stopped") gatherer.forgetPlan(alert.scope.name);
      if (alert.kind === "leadership") takeOver = null;
    },
  });
  return {
    ...acts,
    start: () => schedule(0),
    look,
    async stop() {
      isStopped = true;
      unsubscribe();
      leave();
      cancelRound?.();
      await turn;
      await outbox.stop();
      if (ledTerm === 0 || term() !== ledTerm) return;
      await store.writeLeader({ term: ledTerm, isEnded: true });
    },
  };
}

interface Tell {
  readonly tell: Parameters<typeof whomToTell>[0];
}

const pruneEveryMs = 3_600_000;
const endedLookedAt = 1_000;

/** What may be a cause, or its end. */
const changing: ReadonlySet<string> = new Set([
  "link-changed",
  "health-changed",
  "operation-changed",
  "plan-changed",
  "host-changed",
  "host-removed",
]);

function isNothing(part: unknown): boolean {
  return part === undefined || (Array.isArray(part) && part.length === 0);
}
