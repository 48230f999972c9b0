import { exits } from "#fleet/lifecycle/exits.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import { silentRetryMs, type StepRun } from "./step-run.ts";
import type { OrderAnswer, OrderProblem } from "./host-port.ts";

/** What a host that does not answer is waited for with, and the ways out. */
export function silentWhy(run: StepRun, problem: OrderProblem): readonly Why[] {
  const { host } = run.facts;
  const { operation, effects } = run;
  const { state } = effects.links.view(host.id);
  const isThere = state === "connected";
  const isComparable =
    host.serial !== null && (operation.kind === "drain" || operation.kind === "return");
  // Without a serial nobody can say of this machine that it is off.
  const exit = isComparable
    ? exits.confirmOff(operation.id)
    : operation.kind === "drain" || operation.kind === "reboot"
      ? exits.cancel(operation.id)
      : null;
  return [
    {
      code: isThere ? "agent" : "link",
      words: isThere
        ? `the agent of ${host.name} has not answered${problem.kind === "queue-full" ? ", its queue is full" : " in time"}; it is asked again`
        : `${host.name} is ${state === "late" ? "late" : "not connected"}: a host that cannot be asked is not taken for empty`,
      who: isThere
        ? "its agent"
        : isComparable
          ? "the host when it is back, or who has seen it off"
          : "the host when it is back, or an operator",
      command: exit,
      untilMs: null,
    },
  ];
}

/** An agent that said no, or could not. */
export function refusedWhy(run: StepRun, answer: OrderAnswer, what: string): readonly Why[] {
  const { host } = run.facts;
  return [
    {
      code: "agent",
      words: `the agent of ${host.name} ${answer.result} to ${what}: ${answer.detail.slice(0, 300) || "without a reason"}`,
      who: "an operator",
      command: exits.explain(host),
      untilMs: null,
    },
  ];
}

export const silentPaceMs = (run: StepRun): number => silentRetryMs(run.memory.silent);
