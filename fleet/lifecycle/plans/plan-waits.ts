import type { HostId } from "#proto/vocabulary/ids.ts";
import { exits } from "../exits.ts";
import type { LifeRefusal } from "../lifecycle.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { PlanHost, PlanRecord } from "../plan.ts";
import type { Why } from "../why.ts";

// What a plan and its hosts wait for, in words.

/** A day after somebody said so nothing more begins on that word; null: it still holds. */
export function approvalOverWhy(plan: PlanRecord, nowMs: number): Why | null {
  if (plan.appliedMs === null || nowMs < plan.appliedMs + lifecycleNumbers.planValidMs) return null;
  return {
    code: "approval",
    words: "it was applied more than 24 h ago: nothing begins until somebody says so again",
    who: "an operator",
    command: exits.planResume(plan.id),
    untilMs: null,
  };
}

export function laterWhy(plan: PlanRecord, host: PlanHost, wave: number): Why {
  return {
    code: "plan",
    words: `wave ${host.wave} comes after ${wave === 0 ? "the canary" : `wave ${wave}`}`,
    who: "time: when those before have ended",
    command: exits.planShow(plan.id),
    untilMs: null,
  };
}

export function whyRefused(host: PlanHost, refusal: LifeRefusal): readonly Why[] {
  if (refusal.kind === "refused") return refusal.why;
  const words = describe(refusal);
  return [
    {
      code: "moved",
      words: `${host.name}: ${words}`,
      who: "time: it is asked again",
      command: null,
      untilMs: null,
    },
  ];
}

/** Of a plan in which nothing goes on by itself: the first reason of each kind in its wave. */
export function summaryOf(
  plan: PlanRecord,
  wave: number,
  waits: ReadonlyMap<HostId, readonly Why[]>,
): readonly Why[] {
  const running = plan.hosts.filter(({ state }) => state === "running");
  if (running.some(({ why }) => why.length === 0)) return [];
  const firsts = new Map<string, Why>();
  for (const host of plan.hosts) {
    if (host.wave !== wave) continue;
    const held = host.state === "running" ? host.why : waits.get(host.hostId);
    for (const why of held ?? []) if (!firsts.has(why.code)) firsts.set(why.code, why);
  }
  return [...firsts.values()];
}

export function describe(refusal: LifeRefusal): string {
  if (refusal.kind === "conflict") return refusal.words;
  if (refusal.kind === "unknown") return `there is no ${refusal.what}`;
  return refusal.why.map(({ words }) => words).join("; ");
}
