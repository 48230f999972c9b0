import { exits } from "../exits.ts";
import type { Asker } from "../lifecycle.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { PlanHost, PlanRecord } from "../plan.ts";
import type { Why } from "../why.ts";
import { askAgain } from "./ask-again.ts";
import { hashPlan } from "./plan-hash.ts";
import type { PlanPolicy } from "./plan-policy.ts";
import { revisedWhy } from "./plan-progress.ts";
import { isSilent } from "./serving.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

export interface ApplyJudgement {
  /** Empty: it may be applied. */
  readonly why: readonly Why[];
  /** As they are when it begins: what moved since is skipped. */
  readonly hosts: readonly PlanHost[];
}

/** Whether what was shown is still so, and who may say so. Pure; nothing is written. */
export function judgeApply(ask: {
  readonly plan: PlanRecord;
  readonly hash: string;
  readonly asker: Asker;
  readonly index: SnapshotIndex;
  readonly policy: PlanPolicy;
}): ApplyJudgement {
  const { plan, hash, index } = ask;
  const { nowMs } = index.snapshot;
  const why: Why[] = [];
  const refuse = (code: Why["code"], words: string, who: string, command: string): void =>
    void why.push({ code, words, who, command, untilMs: null });
  const anew = ["an operator", askAgain(plan)] as const;
  if (hash !== plan.hash)
    refuse(
      "plan",
      `the plan's hash is ${plan.hash.slice(0, 12)}…, not the one given`,
      "who asks",
      exits.planShow(plan.id),
    );
  else if (hashPlan(plan) !== plan.hash)
    refuse("plan", "the plan is not what its hash says: it was altered after it was made", ...anew);
  if (nowMs >= plan.expiresMs)
    refuse(
      "plan",
      `the plan is older than ${(plan.expiresMs - plan.createdMs) / 3_600_000} h`,
      ...anew,
    );

  const hosts = plan.hosts.map((host): PlanHost => {
    if (host.state !== "waiting") return host;
    const moved = revisedWhy(host, index.hosts.get(host.hostId));
    return moved === null ? host : { ...host, state: "skipped", why: [moved], endedMs: nowMs };
  });
  const taking = plan.hosts.filter(({ state }) => state === "waiting");
  const moved = hosts.filter(({ state }, at) => state !== plan.hosts[at]?.state);
  const canary = moved.find(({ wave }) => wave === 0);
  if (canary !== undefined)
    refuse("moved", `the canary moved: ${canary.why[0]?.words ?? canary.name}`, ...anew);
  else if (moved.length > lifecycleNumbers.movedShareMax * taking.length)
    refuse(
      "moved",
      `${moved.length} of ${taking.length} hosts moved since it was planned, more than 5 %`,
      ...anew,
    );

  // What goes over the BMC is for hosts that nobody hears, too.
  const isByBmc = plan.action.kind === "power" || plan.action.kind === "locate";
  const stale = isByBmc ? 0 : taking.filter((host) => fellSilentSince(host, plan, index)).length;
  if (stale > lifecycleNumbers.movedShareMax * taking.length)
    refuse(
      "stale",
      `${stale} of ${taking.length} hosts fell silent since it was planned: what is known of them is old`,
      "time, or who brings them back",
      exits.planShow(plan.id),
    );

  const approval = approvalWhy(ask);
  if (approval !== null) why.push(approval);
  return { why, hosts };
}

/** Who was silent when it was planned was shown so; who became silent since was not. */
function fellSilentSince(host: PlanHost, plan: PlanRecord, index: SnapshotIndex): boolean {
  const observed = index.observed(host.hostId);
  const { lastHeardMs } = observed;
  if (lastHeardMs === null || !isSilent(observed, index)) return false;
  return lastHeardMs >= plan.createdMs - lifecycleNumbers.lostAfterMs;
}

/** null: one person is enough, or two have agreed. */
export function approvalWhy(ask: {
  readonly plan: PlanRecord;
  readonly asker: Asker;
  readonly policy: PlanPolicy;
}): Why | null {
  const { plan, asker, policy } = ask;
  if (policy.approval === "none") return null;
  if (secondPerson(plan, asker) !== null) return null;
  const need = whyTwo(plan);
  if (need === null) return null;
  return {
    code: "approval",
    words: `${need}: two people must agree, and ${plan.createdBy} is one`,
    who: "another operator",
    command: exits.planApply(plan.id),
    untilMs: plan.expiresMs,
  };
}

/** Somebody other than who made the plan, who stands behind it; null: nobody does yet. */
export function secondPerson(plan: PlanRecord, asker: Asker): string | null {
  const others = [asker.approvedBy, asker.name];
  return others.find((name) => name !== undefined && name !== plan.createdBy) ?? null;
}

function whyTwo({ action, blast }: PlanRecord): string | null {
  if (action.kind === "locate") return null;
  const { aboveHosts, aboveRacks } = lifecycleNumbers.secondApprover;
  if (action.kind === "drain" && action.drain === "emergency") return "it is an emergency";
  if (blast.hosts > aboveHosts) return `it touches ${blast.hosts} hosts, more than ${aboveHosts}`;
  if (blast.racks.length > aboveRacks)
    return `it touches ${blast.racks.length} racks, more than ${aboveRacks}`;
  return null;
}
