import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { LifeStore } from "../life-store.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { OperationRecord } from "../operation.ts";
import type { PlanHost, PlanRecord } from "../plan.ts";
import { whyUrgentNoMore } from "../urgent-drain.ts";
import type { Why } from "../why.ts";
import { busyWhy, operationToJoin, whyCannot } from "./host-checks.ts";
import type { WindowReader } from "./maintenance-window.ts";
import { keepsWindows } from "./plan-hosts.ts";
import {
  currentWave,
  movedWhy,
  retryWhy,
  sameCodes,
  settleHost,
  soakWhy,
} from "./plan-progress.ts";
import { approvalOverWhy, describe, laterWhy, summaryOf, whyRefused } from "./plan-waits.ts";
import { type PlanChange, planner, type PlanWriter, withHost } from "./plan-store.ts";
import { siteOf } from "./places.ts";
import { isSilent } from "./serving.ts";
import type { StartTurn } from "./start-gate.ts";
import { whyStop, whyStopTransport } from "./stop-rules.ts";

/** Somebody else wrote the plan meanwhile, or this manager leads no more: the next round reads anew. */
export class PlanMoved extends Error {
  override readonly name = "PlanMoved";
}

export interface AdvanceEffects {
  readonly store: Pick<LifeStore, "findOperation" | "listOperations">;
  readonly writer: PlanWriter;
  readonly windows: WindowReader;
  readonly clock: Clock;
}

/** Operations looked back on for a class's own rate of failure. */
const historyMax = 1_000;

export interface Advanced {
  readonly plan: PlanRecord;
  /** What holds each of its waiting hosts back. */
  readonly waits: ReadonlyMap<HostId, readonly Why[]>;
}

/**
 * One round of one plan: takes in what its operations have become, stops it where a rule says so,
 * and begins what may begin now. Each change is a commit of its own, so whoever goes on after a
 * death finds all that happened. Throws PlanMoved.
 */
export async function advancePlan(
  effects: AdvanceEffects,
  found: PlanRecord,
  turn: StartTurn,
): Promise<Advanced> {
  let plan = found;
  const put = async (alter: Partial<PlanRecord>, change: PlanChange): Promise<void> => {
    const written = await effects.writer.write(plan, alter, change);
    if (!written.ok) throw new PlanMoved(describe(written.problem));
    plan = written.value;
  };
  const putHost = (host: PlanHost, action: string): Promise<void> =>
    put(withHost(plan, host), {
      by: planner,
      action,
      host,
      facts: { state: host.state, wave: host.wave },
    });
  const nowMs = turn.index.snapshot.nowMs;

  let hasFailure = false;
  for (const host of plan.hosts) {
    if (host.state !== "running") continue;
    const now = await settle(effects, plan, host, turn);
    if (now === host) continue;
    // In a plan that has ended nothing is tried again.
    const settled: PlanHost =
      plan.endedMs !== null && now.state === "waiting"
        ? { ...now, state: "set-aside", endedMs: nowMs }
        : now;
    hasFailure ||= settled.state !== "done" && settled.state !== "running";
    await putHost(settled, "plan.host");
  }
  if (plan.endedMs !== null) return { plan, waits: new Map() };

  const stop = whyStop(plan) ?? (hasFailure ? await judgeTransport(effects, plan) : null);
  if (stop !== null) {
    const facts = { words: stop.words.slice(0, 200) };
    await put(
      { status: "stopped", endedMs: nowMs, why: [stop] },
      { by: planner, action: "plan.stop", facts },
    );
    return { plan, waits: new Map() };
  }

  const wave = currentWave(plan);
  if (wave === null) {
    await put({ status: "done", endedMs: nowMs, why: [] }, { by: planner, action: "plan.done" });
    return { plan, waits: new Map() };
  }
  const waits = new Map<HostId, readonly Why[]>();
  const waiting = plan.hosts.filter(({ state }) => state === "waiting");
  if (plan.status === "paused") {
    for (const host of waiting) waits.set(host.hostId, plan.why);
    return { plan, waits };
  }
  const over = approvalOverWhy(plan, nowMs);
  if (over !== null) {
    await put({ status: "paused", why: [over] }, { by: planner, action: "plan.pause" });
    for (const host of waiting) waits.set(host.hostId, [over]);
    return { plan, waits };
  }

  const soak = soakWhy(plan, wave, nowMs);
  for (const host of waiting) {
    if (host.wave > wave) waits.set(host.hostId, [laterWhy(plan, host, wave)]);
    else if (soak !== null) waits.set(host.hostId, [soak]);
    else {
      const why = await begin(effects, plan, host, turn, putHost);
      if (why.length > 0) waits.set(host.hostId, why);
    }
  }
  const summary = summaryOf(plan, wave, waits);
  if (!sameCodes(summary, plan.why))
    await put({ why: summary }, { by: planner, action: "plan.wait" });
  return { plan, waits };
}

/** The same object where nothing changed. */
async function settle(
  { store }: AdvanceEffects,
  plan: PlanRecord,
  host: PlanHost,
  { index }: StartTurn,
): Promise<PlanHost> {
  if (host.operationId === null) return { ...host, state: "waiting" };
  const open = index.operationByHost.get(host.hostId);
  const operation =
    open?.id === host.operationId ? open : await store.findOperation(host.operationId);
  if (operation === undefined) return { ...host, state: "waiting" };
  const tries =
    operation.status === "failed"
      ? (
          await store.listOperations({
            hostId: host.hostId,
            planId: plan.id,
            before: null,
            limit: lifecycleNumbers.automaticAttemptsMax,
          })
        ).length
      : 1;
  return settleHost(host, operation, {
    isSilent: isSilent(index.observed(host.hostId), index),
    tries,
    nowMs: index.snapshot.nowMs,
  });
}

/** Begins one host's operation; answers what holds it back, empty where it began or dropped out. */
async function begin(
  effects: AdvanceEffects,
  plan: PlanRecord,
  host: PlanHost,
  turn: StartTurn,
  putHost: (host: PlanHost, action: string) => Promise<void>,
): Promise<readonly Why[]> {
  const { index } = turn;
  const { nowMs } = index.snapshot;
  const record = index.hosts.get(host.hostId);
  const moved = movedWhy(host, record);
  if (moved !== null || record === undefined) {
    if (await takeOver(effects, plan, host, putHost)) return [];
    const why = moved === null ? [] : [moved];
    await putHost({ ...host, state: "skipped", why, endedMs: nowMs }, "plan.host");
    return [];
  }
  if (index.operationByHost.get(host.hostId)?.planId === plan.id)
    if (await takeOver(effects, plan, host, putHost)) return [];
  const isAutomation = plan.createdByKind === "automation";
  // What a person began there is theirs: it is not made stronger, nor resumed.
  if (isAutomation && index.operationByHost.has(host.hostId)) return busyWhy(record, index);
  const retry = retryWhy(host, nowMs);
  if (retry !== null) return [retry];
  const asker = askerOf(plan);
  // Who joins a drain that runs takes nobody out who is not out already, and disturbs no site anew.
  const isJoining = operationToJoin(record, plan.action, index) !== null;
  const closed =
    keepsWindows(plan.action) && !isJoining
      ? effects.windows.whyClosed(index.sites.get(siteOf(record)), nowMs)
      : null;
  const why = [
    ...whyCannot(record, { action: plan.action, asker }, index),
    ...(closed === null ? [] : [closed]),
    ...(isJoining ? [] : turn.whyNot(record, plan.action.kind, isAutomation)),
    ...(isAutomation ? whyUrgentNoMore(record, index) : []),
  ];
  if (why.length > 0) return why;
  if (await takeOver(effects, plan, host, putHost)) return [];
  const started = await turn.start({
    hostId: host.hostId,
    action: plan.action,
    planId: plan.id,
    asker,
  });
  if (!started.ok) return whyRefused(host, started.problem);
  await putHost(runningUnder(host, started.value), "plan.host");
  return [];
}

/** Begun before a manager died, and perhaps over by now: taken over, never begun twice. */
async function takeOver(
  { store }: AdvanceEffects,
  plan: PlanRecord,
  host: PlanHost,
  putHost: (host: PlanHost, action: string) => Promise<void>,
): Promise<boolean> {
  const ask = { hostId: host.hostId, planId: plan.id, before: null, limit: 1 };
  const [newest] = await store.listOperations(ask);
  if (newest === undefined || newest.id === host.operationId) return false;
  await putHost(runningUnder(host, newest), "plan.host");
  return true;
}

function runningUnder(host: PlanHost, operation: OperationRecord): PlanHost {
  return { ...host, state: "running", operationId: operation.id, why: [] };
}

/** Who made the plan stands behind each start; where somebody else gave the word, two do. */
export function askerOf(plan: PlanRecord) {
  const { createdBy, appliedBy, reason } = plan;
  const second = appliedBy === null || appliedBy === createdBy ? {} : { approvedBy: appliedBy };
  const kind = plan.createdByKind ?? "person";
  return { name: createdBy, kind, reason, ...second } as const;
}

async function judgeTransport({ store }: AdvanceEffects, plan: PlanRecord): Promise<Why | null> {
  const recent = await store.listOperations({ before: null, limit: historyMax });
  return whyStopTransport({
    plan,
    operations: await store.listOperations({ planId: plan.id, before: null, limit: historyMax }),
    history: recent.filter(({ kind }) => kind === plan.action.kind),
  });
}
