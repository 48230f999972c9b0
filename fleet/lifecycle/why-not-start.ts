import type { HostFacts } from "./decision.ts";
import { exits } from "./exits.ts";
import { heldWhy } from "./held-why.ts";
import type { Asker } from "./lifecycle.ts";
import type { OperationRecord } from "./operation.ts";
import { operationTable, pairOf } from "./operation-table.ts";
import type { PlanAction } from "./plan.ts";
import { noBmcWhy, type PowerOrder } from "./power.ts";
import type { StartAsk, StartPolicy } from "./start-ask.ts";
import { allowedOf } from "./strengthen-drain.ts";
import type { Verb } from "./verbs.ts";
import type { Why } from "./why.ts";

/** Every reason against it, each with its exit; empty: it may begin, or runs already. */
export function whyNotStart(
  facts: HostFacts,
  { action, planId, asker }: StartAsk,
  policy: Pick<StartPolicy, "brakes" | "emergencyNeedsTwo" | "backTo" | "hasBmc" | "nowMs">,
): readonly Why[] {
  const { host } = facts;
  const running = facts.operation;
  const why: Why[] = [];
  if (host.watchedOnly) why.push(watchedOnly(facts));
  const pair = pairOf(action.kind, host.phase);
  if (!pair.isAllowed)
    why.push({
      code: "phase",
      words: `${host.name} ${pair.reason}`,
      who: "an operator",
      command: phaseExit(facts, action),
      untilMs: null,
    });
  if (running !== null && (running.kind !== action.kind || isOtherPower(action, running)))
    why.push(busy(facts, running));
  // A light that blinks changes nothing of what runs there.
  if (operationTable[action.kind].class !== "L") why.push(...policy.brakes);
  if (running === null) why.push(...heldBack(facts, action, policy.nowMs));
  else if (action.kind === "drain" && action.force)
    why.push(...heldBack(facts, action, policy.nowMs, ["force-drain"]));
  if (action.kind === "drain") why.push(...wrongDrain(facts, action, asker, policy));
  if (action.kind === "power" || action.kind === "locate") {
    if (!policy.hasBmc) why.push(noBmcWhy(host));
  }
  if (action.kind === "power" && running === null && host.phase === "active" && planId === null)
    why.push(onlyByPlan(facts, "switched", powerExit(facts, action.power)));
  if (action.kind === "reboot" && running === null) {
    if (host.phase === "active" && planId === null)
      why.push(onlyByPlan(facts, "rebooted", exits.reboot(host)));
    if (host.bootId === null)
      why.push({
        code: "agent",
        words: `${host.name} never said which boot it runs, so a restart could not be seen`,
        who: "its agent, by connecting once",
        command: null,
        untilMs: null,
      });
  }
  if (action.kind === "clear" && pair.isAllowed && policy.backTo === null && running === null)
    why.push(nowhereBack(facts));
  return why;
}

/** *Off* asked while *on* is under way is not the same order asked twice. */
export function isOtherPower(action: PlanAction, { detail }: OperationRecord): boolean {
  return action.kind === "power" && detail.kind === "power" && detail.power !== action.power;
}

function wrongDrain(
  { host }: HostFacts,
  action: Extract<PlanAction, { kind: "drain" }>,
  asker: Asker,
  policy: Pick<StartPolicy, "emergencyNeedsTwo">,
): readonly Why[] {
  const why: Why[] = [];
  const isTime = (value: number): boolean => Number.isFinite(value) && value >= 0;
  if (!isTime(action.deadlineMs) || !isTime(action.graceMs) || allowedOf(action) === 0)
    why.push(
      deadlineWhy(host.name, "a drain needs a deadline, and a graceful stop of no less than 0 s"),
    );
  else if (action.graceMs > allowedOf(action))
    why.push(
      deadlineWhy(
        host.name,
        `the graceful stop of ${seconds(action.graceMs)} does not fit into the deadline of ${seconds(allowedOf(action))}`,
      ),
    );
  const isSecond = asker.approvedBy !== undefined && asker.approvedBy !== asker.name;
  if (action.drain === "emergency" && policy.emergencyNeedsTwo && !isSecond)
    why.push({
      code: "approval",
      words: `an emergency drain of ${host.name} wants two people; ${asker.name} is one`,
      who: "another operator",
      command: null,
      untilMs: null,
    });
  return why;
}

function deadlineWhy(name: string, words: string): Why {
  return {
    code: "deadline",
    words: `${name}: ${words}`,
    who: "who asks",
    command: null,
    untilMs: null,
  };
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

function heldBack(
  facts: HostFacts,
  action: PlanAction,
  nowMs: number,
  only?: readonly Verb[],
): readonly Why[] {
  const isForced = action.kind === "drain" && action.force;
  const asked: readonly Verb[] = only ?? (isForced ? ["drain", "force-drain"] : [action.kind]);
  return heldWhy(facts, asked, nowMs);
}

function onlyByPlan({ host }: HostFacts, what: string, command: string): Why {
  return {
    code: "plan",
    words: `${host.name} is active: it is ${what} through a plan`,
    who: "an operator",
    command,
    untilMs: null,
  };
}

function powerExit({ host }: HostFacts, power: PowerOrder): string {
  const commands = {
    on: exits.powerOn,
    off: exits.powerOff,
    cycle: exits.powerCycle,
    soft: exits.powerSoft,
  } as const;
  return commands[power](host);
}

function watchedOnly({ host }: HostFacts): Why {
  return {
    code: "watched-only",
    words: `${host.name} was adopted and is only watched: nothing is done to it`,
    who: "an operator",
    command: exits.manage(host),
    untilMs: null,
  };
}

function busy({ host }: HostFacts, running: OperationRecord): Why {
  return {
    code: "operation",
    words: `${host.name} has an operation already: ${running.kind} by ${running.by}, step ${running.step}${running.status === "paused" ? ", paused" : ""}`,
    who: `${running.by}, or another operator`,
    command: exits.cancel(running.id),
    untilMs: running.deadlineMs,
  };
}

/** Nobody remembers what quarantined it. */
export function nowhereBack({ host }: HostFacts): Why {
  return {
    code: "phase",
    words: `nobody knows where ${host.name} was before it was quarantined: only a reimage leads out`,
    who: "an operator",
    command: exits.explain(host),
    untilMs: null,
  };
}

function phaseExit({ host }: HostFacts, action: PlanAction): string | null {
  if (action.kind === "drain" && host.phase === "drained") return exits.returnHost(host);
  return exits.explain(host);
}
