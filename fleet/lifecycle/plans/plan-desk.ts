import type { Clock } from "#proto/vocabulary/clock.ts";
import type { PlanId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { exits } from "../exits.ts";
import type { LifeStore } from "../life-store.ts";
import type { Asker, Lifecycle, LifeRefusal, Plans } from "../lifecycle.ts";
import type { PlanHost, PlanRecord, PlanStatus } from "../plan.ts";
import type { Why } from "../why.ts";
import { askAgain } from "./ask-again.ts";
import { approvalWhy, judgeApply, secondPerson } from "./apply-checks.ts";
import type { PlanPolicy } from "./plan-policy.ts";
import type { PlanChange, PlanWriter } from "./plan-store.ts";
import type { StartGate, StartTurn } from "./start-gate.ts";

export interface PlanDeskEffects {
  readonly store: Pick<LifeStore, "findPlan">;
  readonly lifecycle: Pick<Lifecycle, "cancel">;
  readonly gate: StartGate;
  readonly writer: PlanWriter;
  readonly policy: PlanPolicy;
  readonly clock: Clock;
  readonly onOpened: () => void;
  /** It ended while hosts of it still run. */
  readonly onClosed: (id: PlanId) => void;
}

type Answer = Result<PlanRecord, LifeRefusal>;
type Controls = Pick<Plans, "apply" | "pause" | "resume" | "cancel">;

/** What people say to a plan. Each is a turn of its own, so no round of the plans is under way. */
export function createPlanDesk(effects: PlanDeskEffects): Controls {
  const { store, lifecycle, gate, writer, policy, clock } = effects;

  const onPlan = (
    id: PlanId,
    run: (plan: PlanRecord, turn: StartTurn) => Promise<Answer>,
  ): Promise<Answer> =>
    gate.alone(async (turn) => {
      const plan = await store.findPlan(id);
      return plan === undefined ? fail({ kind: "unknown", what: `plan ${id}` }) : run(plan, turn);
    });

  /** Asked twice it is the same. */
  const change = (
    id: PlanId,
    asker: Asker,
    to: { readonly from: PlanStatus; readonly status: PlanStatus; readonly action: string },
    alter: (plan: PlanRecord) => Partial<PlanRecord>,
    whyNot: (plan: PlanRecord) => Why | null = () => null,
  ): Promise<Answer> =>
    onPlan(id, async (plan) => {
      if (plan.status === to.status) return ok(plan);
      if (plan.status !== to.from) return fail(wrongStatus(plan, to.action));
      const why = whyNot(plan);
      if (why !== null) return fail({ kind: "refused", why: [why] });
      const told: PlanChange = { by: asker, action: to.action, facts: { words: asker.reason } };
      return writer.write(plan, { status: to.status, ...alter(plan) }, told);
    });

  return {
    async apply(id, hash, asker) {
      const applied = await onPlan(id, async (plan, { index }) => {
        if (plan.status === "applying" && plan.hash === hash) return ok(plan);
        if (plan.status !== "planned") return fail(wrongStatus(plan, "plan.apply"));
        const { why, hosts } = judgeApply({ plan, hash, asker, index, policy });
        const { nowMs } = index.snapshot;
        if (nowMs >= plan.expiresMs) {
          const written = await writer.write(
            plan,
            { status: "expired", endedMs: nowMs, why },
            { by: asker, action: "plan.expire" },
          );
          return written.ok ? fail({ kind: "refused", why }) : written;
        }
        if (why.length > 0) return fail({ kind: "refused", why });
        return writer.write(
          plan,
          {
            status: "applying",
            // Who gave the word: the second person where there is one.
            appliedBy: secondPerson(plan, asker) ?? asker.name,
            appliedMs: nowMs,
            hosts,
            why: [],
          },
          { by: asker, action: "plan.apply", facts: { hosts: hosts.filter(isWaiting).length } },
        );
      });
      if (applied.ok) effects.onOpened();
      return applied;
    },
    pause: (id, asker) =>
      change(id, asker, { from: "applying", status: "paused", action: "plan.pause" }, () => ({
        why: [pausedWhy(id, asker)],
      })),
    async resume(id, asker) {
      const resumed = await change(
        id,
        asker,
        { from: "paused", status: "applying", action: "plan.resume" },
        // Whoever resumes says so again: hosts may begin for another day.
        () => ({ why: [], appliedMs: clock.nowUnixMs() }),
        // As at the apply: that is another day on somebody's word.
        (plan) => {
          const why = approvalWhy({ plan, asker, policy });
          return why && { ...why, command: exits.planResume(id), untilMs: null };
        },
      );
      if (resumed.ok) effects.onOpened();
      return resumed;
    },
    cancel: (id, asker) =>
      onPlan(id, async (plan, { index }) => {
        if (plan.status === "canceled") return ok(plan);
        if (plan.endedMs !== null) return fail(wrongStatus(plan, "plan.cancel"));
        const endedMs = clock.nowUnixMs();
        const why = canceledWhy(plan, asker);
        const hosts = plan.hosts.map((host): PlanHost => {
          if (!isWaiting(host)) return host;
          // Begun by a manager that died before it could say so.
          const open = index.operationByHost.get(host.hostId);
          return open?.planId === plan.id
            ? { ...host, state: "running", operationId: open.id, why: [] }
            : { ...host, state: "skipped", why: [why], endedMs };
        });
        // Written first: what runs is asked to end only when nothing more can begin.
        const canceled = await writer.write(
          plan,
          { status: "canceled", endedMs, hosts, why: [why] },
          { by: asker, action: "plan.cancel", facts: { words: asker.reason } },
        );
        if (!canceled.ok) return canceled;
        effects.onClosed(id);
        for (const { state, operationId } of hosts) {
          // One that cannot be taken back runs to its end, and the plan tells how that was.
          if (state === "running" && operationId !== null)
            await lifecycle.cancel(operationId, asker);
        }
        effects.onOpened();
        return canceled;
      }),
  };
}

function isWaiting({ state }: PlanHost): boolean {
  return state === "waiting";
}

function wrongStatus(plan: PlanRecord, action: string): LifeRefusal {
  return {
    kind: "refused",
    why: [
      {
        code: "plan",
        words: `the plan is ${plan.status}: ${action.replace("plan.", "")} is not for that; where it is wanted still, make a new one`,
        who: "nobody",
        command: null,
        untilMs: null,
      },
    ],
  };
}

function pausedWhy(id: PlanId, asker: Asker): Why {
  return {
    code: "plan",
    words: `paused by ${asker.name}: ${asker.reason}`,
    who: "an operator",
    command: exits.planResume(id),
    untilMs: null,
  };
}

function canceledWhy(plan: PlanRecord, asker: Asker): Why {
  return {
    code: "plan",
    words: `canceled by ${asker.name}: ${asker.reason}`,
    who: "an operator",
    command: askAgain(plan),
    untilMs: null,
  };
}
