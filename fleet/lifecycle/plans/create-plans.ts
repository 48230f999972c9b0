import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import { type HostId, newUuidV7, type PlanId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import type { LifeStore } from "../life-store.ts";
import type { Lifecycle, Plans } from "../lifecycle.ts";
import type { PlanRecord } from "../plan.ts";
import type { Why } from "../why.ts";
import { type Advanced, advancePlan, PlanMoved } from "./advance-plan.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";
import { createHostJudge } from "./host-judge.ts";
import { createWindowReader } from "./maintenance-window.ts";
import { createPlanDesk } from "./plan-desk.ts";
import { planHosts } from "./plan-hosts.ts";
import type { PlanPolicy } from "./plan-policy.ts";
import { createPlanWriter } from "./plan-store.ts";
import { indexSnapshot } from "./snapshot-index.ts";
import { type Brake, createStartGate, type StartGate } from "./start-gate.ts";

export interface PlansEffects {
  readonly store: LifeStore;
  readonly lifecycle: Pick<Lifecycle, "start" | "cancel">;
  readonly snapshot: () => Promise<FleetSnapshot>;
  readonly brake: Brake;
  readonly policy: PlanPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: FleetEvents;
  readonly log: Log;
  /** Of this manager's leadership. */
  readonly term: () => number;
  /** Whether it leads: one that does not begins nothing. */
  readonly leads: () => boolean;
}

export interface OpenPlans extends Plans {
  /** For operations of single hosts: the same budgets, counted together. */
  readonly gate: StartGate;
  /** Of all plans under way that wait for this host: what each waits for; for `explain`. */
  waitsOf(hostId: HostId): readonly { readonly planId: PlanId; readonly why: readonly Why[] }[];
  /** One round over all plans under way; also runs by itself. */
  advance(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Plans are looked at soon after something moved, when the next of their waits is over, and once a
 * minute whatever happens.
 */
const paceMsMax = 60_000;
const paceMsMin = 1_000;
const nudgeMs = 200;
const notLeadingMs = 5_000;
/** Past durations that a prediction looks at; plans looked through for hosts that still run. */
const durationsMax = 50;
const closingMax = 100;

/**
 * Plans over many hosts, from the store alone: one that was begun by a manager that died goes on
 * where its record and its operations say it is.
 */
export function createPlans(effects: PlansEffects): OpenPlans {
  const { store, clock, random, events, log, policy } = effects;
  const gate = createStartGate({ ...effects, budgets: policy.budgets });
  const writer = createPlanWriter(effects);
  const windows = createWindowReader();
  const waits = new Map<PlanId, ReadonlyMap<HostId, readonly Why[]>>();
  /** Ended plans of which a host still runs; undefined: not looked for yet. */
  let closing: Set<PlanId> | undefined;
  const judge = createHostJudge({ ...effects, look: gate.look, waitsOf });
  let openPlans = 0;
  let cancelTick: CancelTimer = () => {};
  let isNudged = false;
  let isStopped = false;
  let round: Promise<void> = Promise.resolve();

  function waitsOf(hostId: HostId): ReturnType<OpenPlans["waitsOf"]> {
    return [...waits].flatMap(([planId, hosts]) => {
      const why = hosts.get(hostId);
      return why === undefined ? [] : [{ planId, why }];
    });
  }

  const advanceOne = async (plan: PlanRecord, turn: Parameters<typeof advancePlan>[2]) => {
    let advanced: Advanced;
    try {
      advanced = await advancePlan({ store, writer, windows, clock }, plan, turn);
    } catch (cause) {
      if (!(cause instanceof PlanMoved)) throw cause;
      log.warn({ planId: plan.id, detail: cause.message }, "plan moved under its round");
      return;
    }
    const after = advanced.plan;
    waits.set(after.id, advanced.waits);
    if (after.endedMs === null) return;
    waits.delete(after.id);
    if (hasRunning(after)) closing?.add(after.id);
    else closing?.delete(after.id);
    if (plan.endedMs === null) log.info({ planId: after.id, status: after.status }, "plan ended");
  };

  const findClosing = async (): Promise<Set<PlanId>> => {
    const recent = await store.listPlans({ before: null, limit: closingMax });
    return new Set(
      recent.filter((plan) => plan.endedMs !== null && hasRunning(plan)).map(({ id }) => id),
    );
  };

  const advance = async (): Promise<void> => {
    if (!effects.leads()) {
      // Whoever leads meanwhile may change anything.
      closing = undefined;
      return;
    }
    closing ??= await findClosing();
    // Mostly there are as many as in the last round, and they are read once, inside.
    openPlans ||= (await store.listOpenPlans()).length + closing.size;
    if (openPlans === 0) return;
    await gate.alone(async (turn) => {
      // Inside: somebody may have paused or canceled before our turn came.
      const open = await store.listOpenPlans();
      openPlans = open.length + (closing?.size ?? 0);
      for (const plan of open) await advanceOne(plan, turn);
      for (const id of [...(closing ?? [])]) {
        const plan = await store.findPlan(id);
        if (plan === undefined || !hasRunning(plan)) closing?.delete(id);
        else if (plan.endedMs !== null) await advanceOne(plan, turn);
      }
    });
  };

  /** Until the first of all waits is over by itself. */
  const nextRoundMs = (): number => {
    // Who takes over goes on with what was begun as soon as that.
    if (!effects.leads()) return notLeadingMs;
    const nowMs = clock.nowUnixMs();
    let soonestMs = nowMs + paceMsMax;
    for (const hosts of waits.values()) {
      for (const why of hosts.values()) {
        for (const { untilMs } of why)
          if (untilMs !== null && untilMs > nowMs && untilMs < soonestMs) soonestMs = untilMs;
      }
    }
    return Math.max(paceMsMin, soonestMs - nowMs);
  };

  const tick = (): void => {
    isNudged = false;
    round = advance()
      .catch((error: unknown) => log.error({ err: error }, "a round of the plans failed"))
      .then(() => {
        if (!isStopped && !isNudged) cancelTick = clock.after(nextRoundMs(), tick);
      });
  };
  const nudge = (): void => {
    if (isStopped || isNudged) return;
    isNudged = true;
    cancelTick();
    cancelTick = clock.after(nudgeMs, tick);
  };
  cancelTick = clock.after(nudgeMs, tick);
  const unsubscribe = events.subscribe((event) => {
    if (event.kind !== "operation-changed") return;
    judge.forget();
    if (openPlans > 0) nudge();
  });

  return {
    gate,
    advance,
    waitsOf,
    judge: judge.judge,
    ...createPlanDesk({
      ...effects,
      gate,
      writer,
      onOpened: nudge,
      onClosed: (id) => void closing?.add(id),
    }),
    async plan(ask) {
      const durationsMs = await store.listDurations(ask.action.kind, durationsMax);
      const index = indexSnapshot(await effects.snapshot());
      const planned = planHosts(index, policy, { ...ask, durationsMs });
      if (!planned.ok) return planned;
      const fresh: PlanRecord = {
        ...planned.value,
        id: newUuidV7<PlanId>(clock.nowUnixMs(), random),
        status: "planned",
        appliedBy: null,
        appliedMs: null,
        endedMs: null,
        why: [],
        version: 0,
      };
      const facts = { hosts: fresh.hosts.length, kind: fresh.action.kind };
      const written = await writer.write(
        fresh,
        {},
        { by: ask.asker, action: "plan.create", facts },
      );
      return written.ok ? ok(written.value) : fail(written.problem);
    },
    find: (id) => store.findPlan(id),
    list: (ask) => store.listPlans(ask),
    waiting: (plan, host) =>
      host.state === "waiting" ? (waits.get(plan.id)?.get(host.hostId) ?? host.why) : host.why,
    async stop() {
      isStopped = true;
      unsubscribe();
      cancelTick();
      judge.forget();
      await round;
    },
  };
}

function hasRunning(plan: PlanRecord): boolean {
  return plan.hosts.some(({ state }) => state === "running");
}
