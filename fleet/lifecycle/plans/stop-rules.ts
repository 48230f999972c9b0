import type { HostId } from "#proto/vocabulary/ids.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { OperationRecord } from "../operation.ts";
import type { PlanRecord } from "../plan.ts";
import type { Why } from "../why.ts";
import { askAgain } from "./ask-again.ts";
import { countTries, type TryCounts } from "./failure-cause.ts";
import { classOf } from "./places.ts";

/** Fewer tries than this say nothing about the way there. */
const triesMin = 5;
/** Fewer past operations of a class than this are no history: the default stands. */
const historyMin = 20;
/** Standard deviations above a class's own rate. */
const sigmas = 3;

/**
 * Why a plan must end by what became of its hosts, judged by cause; null: it goes on. A failed
 * verification, or a canary that showed nothing, ends it at once; broken hosts are set aside up to a
 * share.
 */
export function whyStop(plan: PlanRecord): Why | null {
  const failed = plan.hosts.find(({ state }) => state === "failed");
  if (failed !== undefined)
    return stop(plan, `${failed.name} failed its verification: ${told(failed)}`);
  const canaries = plan.hosts.filter(({ wave }) => wave === 0);
  const hasEnded = canaries.every(({ endedMs }) => endedMs !== null);
  const bad = canaries.find(({ state }) => state === "set-aside");
  if (bad !== undefined) return stop(plan, `the canary ${bad.name} failed: ${told(bad)}`);
  const [first] = canaries;
  if (first !== undefined && hasEnded && !canaries.some(({ state }) => state === "done"))
    return stop(plan, `the canary ${first.name} showed nothing: ${told(first)}`);
  const aside = plan.hosts.filter(({ state }) => state === "set-aside");
  const taking = plan.hosts.filter(({ wave }) => wave < plan.pace.waves.length).length;
  const asideMax = Math.max(1, Math.floor(plan.pace.brokenShareMax * taking));
  if (aside.length <= asideMax) return null;
  return stop(
    plan,
    `${aside.length} of ${taking} hosts are broken, more than the ${asideMax} that are set aside`,
  );
}

function told(host: PlanRecord["hosts"][number]): string {
  return host.why[0]?.words ?? "no reason told";
}

/**
 * Why a plan must end by how its tries ended; null: it goes on. Failures on the way to a host are
 * tried again and end a plan only where they are clearly more than its class has anyway: real
 * controllers lose a boot entry in a third of all installs, and that is no fault of the plan.
 */
export function whyStopTransport(ask: {
  readonly plan: PlanRecord;
  /** Of this plan, ended ones too. */
  readonly operations: readonly OperationRecord[];
  /** Ended operations of this kind, of all hosts, before and beside this plan. */
  readonly history: readonly OperationRecord[];
}): Why | null {
  const classes = new Map(ask.plan.hosts.map((host) => [host.hostId, classOf(host)]));
  const mine = countByClass(ask.operations, classes);
  const before = countByClass(
    ask.history.filter(({ planId }) => planId !== ask.plan.id),
    classes,
  );
  for (const [name, { tries, transportFailures }] of [...mine].toSorted()) {
    if (tries < triesMin) continue;
    const rate = baseRate(before.get(name));
    const expected = tries * rate;
    const bound = expected + sigmas * Math.sqrt(expected * (1 - rate));
    if (transportFailures <= bound) continue;
    const words = `${transportFailures} of ${tries} tries on class ${name} failed on the way, where ${Math.round(rate * 100)} % are usual`;
    return stop(ask.plan, words);
  }
  return null;
}

function baseRate(known: TryCounts | undefined): number {
  if (known === undefined || known.tries < historyMin)
    return lifecycleNumbers.transportFailureShare;
  // Never zero: one that never failed may fail once.
  return (known.transportFailures + 1) / (known.tries + 2);
}

/** Of classes that the plan has; hosts of others are left out. */
function countByClass(
  operations: readonly OperationRecord[],
  classes: ReadonlyMap<HostId, string>,
): ReadonlyMap<string, TryCounts> {
  const groups = new Map<string, OperationRecord[]>();
  for (const operation of operations) {
    const name = classes.get(operation.hostId);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [operation]);
    else group.push(operation);
  }
  return new Map([...groups].map(([name, group]) => [name, countTries(group)]));
}

function stop(plan: PlanRecord, words: string): Why {
  return {
    code: "plan",
    words,
    who: "an operator, once the cause is gone",
    command: askAgain(plan),
    untilMs: null,
  };
}
