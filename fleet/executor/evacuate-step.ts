import { stalledWhy } from "#fleet/lifecycle/decide-deadline.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { DrainDetail, OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { OrderProgress, Workload } from "#proto/messages/orders.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { refusedWhy, silentPaceMs, silentWhy } from "./agent-why.ts";
import { heldNow, heldPaceMs } from "./held-now.ts";
import { type Next, over, retryMs, type RunnerMemory, type StepRun } from "./step-run.ts";

/**
 * The host moves or stops what runs, once every lease's strategy allows it, and tells how it gets
 * on. What it tells may be lost: it is asked as well.
 */
export async function runEvacuate(run: StepRun, detail: DrainDetail): Promise<Next> {
  const { facts, operation, effects } = run;
  const nowMs = effects.clock.nowUnixMs();
  if (facts.host.trust === "rented")
    return run.end({
      outcome: "skipped",
      evidence: "rented: the tenant empties it, and its agent is no witness",
      next: "prove",
    });
  const { deadlineMs } = operation;
  // What it is by the wall clock now, whatever that has leapt since.
  const leaptMs =
    deadlineMs === null ? 0 : run.memory.leaps.since(operation.id, "deadline", deadlineMs);
  const dueMs = deadlineMs === null ? null : unixMs(deadlineMs + leaptMs);
  if (operation.stepState !== "waiting") {
    const holding = leasesToWaitFor(facts.leases, detail, dueMs, nowMs);
    if (holding !== null)
      return run.wait(
        { why: [leaseWhy(run, holding)], isUnanswered: true },
        Math.min(retryMs.capacity, Math.max(1_000, (holding.untilMs ?? Infinity) - nowMs)),
      );
    if (!(await run.intent())) return over;
    const held = detail.force ? await heldNow(run, "force-drain") : [];
    if (held.length > 0) return run.wait({ why: held, isUnanswered: true }, heldPaceMs(run, held));
    const answered = await run.order(
      {
        kind: "evacuate",
        deadlineMs: dueMs ?? nowMs,
        graceMs: detail.graceMs,
        force: detail.force,
      },
      detail.force ? "force-drain" : undefined,
    );
    // Withdrawn for a hold, perhaps too late: another epoch halts it where it was taken.
    if (!answered.ok && detail.force && (await heldNow(run, "force-drain")).length > 0)
      return run.anew(detail);
    if (!answered.ok)
      return run.wait(
        { why: silentWhy(run, answered.problem), isUnanswered: true },
        silentPaceMs(run),
      );
    if (answered.value.result !== "done")
      return run.wait(
        { why: refusedWhy(run, answered.value, "the evacuation"), isUnanswered: true },
        retryMs.refused,
      );
    const left = namesLeft(answered.value.evidence?.workloads ?? []);
    return run.wait(
      {
        why: [evacuatingWhy(operation, answered.value.evidence?.workloads ?? [])],
        detail: { ...detail, remaining: left },
        isProgress: true,
      },
      1_000,
    );
  }
  // What was ordered ends hard at its deadline: another epoch halts it on the host.
  if (detail.force && (await heldNow(run, "force-drain")).length > 0) return run.anew(detail);
  const answered = await run.order({ kind: "prove-empty" });
  if (!answered.ok)
    return run.wait(
      { why: [...silentWhy(run, answered.problem), ...stalled(run, nowMs)] },
      silentPaceMs(run),
    );
  const { evidence, result } = answered.value;
  if (result !== "done" || evidence === null)
    return run.wait({ why: refusedWhy(run, answered.value, "saying what runs") }, retryMs.refused);
  const left = namesLeft(evidence.workloads);
  if (left.length === 0 && evidence.unasked.length === 0)
    return run.end({
      outcome: "done",
      evidence: "the agent finds nothing running any more",
      next: "prove",
      detail: { ...detail, remaining: [] },
    });
  const isProgress = !sameNames(left, detail.remaining);
  const trouble = [
    ...(isProgress ? [] : stalled(run, nowMs)),
    ...(evidence.unasked.length > 0 ? [unaskedWhy(run, evidence.unasked)] : []),
    ...(run.memory.evacuation === "running" || left.length === 0
      ? []
      : [endedWhy(run, evidence.workloads)]),
  ];
  const why = trouble.length > 0 ? trouble : [evacuatingWhy(operation, evidence.workloads)];
  return run.wait(
    { why, ...(isProgress && { detail: { ...detail, remaining: left }, isProgress }) },
    retryMs.evacuation,
  );
}

/** Not stopped yet, by name; bounded by the wire. */
export function namesLeft(workloads: readonly Workload[]): readonly string[] {
  return workloads
    .filter(({ state }) => state !== "stopped")
    .map(({ name }) => name)
    .toSorted();
}

/** Notes what an agent tells; whether others than before do not stop when they are asked. */
export function isNewsOf(memory: RunnerMemory, { state, workloads }: OrderProgress): boolean {
  const stuck = workloads.filter((workload) => workload.state === "stuck");
  const names = stuck.map(({ name }) => name).toSorted();
  const isNews = !sameNames(names, memory.stuck);
  memory.stuck = names;
  memory.evacuation = state;
  return isNews;
}

export function sameNames(left: readonly string[], right: readonly string[] | null): boolean {
  return (
    right !== null && left.length === right.length && left.every((name, at) => name === right[at])
  );
}

/** So much of what a unit or hook says of a workload is shown. */
const detailCharactersMax = 160;

/** The first five that are not stopped, each with what its unit or hook says of it. */
function wordsLeft(workloads: readonly Workload[]): string {
  const left = workloads
    .filter(({ state }) => state !== "stopped")
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const more = left.length - 5;
  const named = left
    .slice(0, 5)
    .map(({ name, detail }) =>
      detail === "" ? name : `${name} (${detail.slice(0, detailCharactersMax)})`,
    );
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Nothing is wrong: it takes its time. */
export function evacuatingWhy(operation: OperationRecord, workloads: readonly Workload[]): Why {
  const left = wordsLeft(workloads);
  const what = left === "" ? " what runs there" : `: ${left}`;
  return {
    code: "agent",
    words: `moving or stopping${what}`,
    who: "time, when that has gone; or an operator, who leaves it there",
    command: exits.cancel(operation.id),
    untilMs: operation.deadlineMs,
  };
}

/**
 * The lease that must still be waited for, and until when: one that waits for its tenant, or one
 * that is stopped so that it is over by the deadline. null: everything may move now.
 */
function leasesToWaitFor(
  leases: readonly LeaseRecord[],
  detail: DrainDetail,
  deadlineMs: number | null,
  nowMs: number,
): { readonly lease: LeaseRecord; readonly untilMs: number | null } | null {
  if (detail.drain === "emergency") return null;
  const stopMs =
    deadlineMs === null ? nowMs : deadlineMs - detail.graceMs - lifecycleNumbers.stopRoomMs;
  const waiting = leases.find(({ evacuation }) => evacuation === "wait");
  if (waiting !== undefined && !detail.force) return { lease: waiting, untilMs: null };
  const late = waiting ?? leases.find(({ evacuation }) => evacuation === "stop-at-deadline");
  return late === undefined || nowMs >= stopMs ? null : { lease: late, untilMs: stopMs };
}

function leaseWhy(
  { facts }: StepRun,
  { lease, untilMs }: { readonly lease: LeaseRecord; readonly untilMs: number | null },
): Why {
  return {
    code: "lease",
    words:
      untilMs === null
        ? `lease ${lease.id} on ${facts.host.name} waits until its tenant ends it`
        : `lease ${lease.id} on ${facts.host.name} runs on, and is stopped in time for the deadline`,
    who: "its tenant, or an operator",
    command: exits.endLease(lease.id),
    untilMs,
  };
}

function unaskedWhy({ facts }: StepRun, unasked: readonly string[]): Why {
  return {
    code: "agent",
    words: `on ${facts.host.name} could not be asked: ${unasked.slice(0, 5).join(", ")}`,
    who: "an operator at the host",
    command: exits.explain(facts.host),
    untilMs: null,
  };
}

function endedWhy({ facts, operation, memory }: StepRun, workloads: readonly Workload[]): Why {
  return {
    code: "agent",
    words: `the evacuation of ${facts.host.name} ${memory.evacuation === "failed" ? "failed" : "is over"}, and there is left: ${wordsLeft(workloads)}`,
    who: "who runs it, or an operator",
    command: exits.forceDrain(facts.host),
    untilMs: operation.deadlineMs,
  };
}

function stalled(
  { operation }: { readonly operation: OperationRecord },
  nowMs: number,
): readonly Why[] {
  const why = stalledWhy(operation, nowMs);
  return why === null ? [] : [why];
}
