import { exits } from "#fleet/lifecycle/exits.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { PowerDetail } from "#fleet/lifecycle/operation.ts";
import type { PowerReading } from "#fleet/lifecycle/power.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { bmcProblemWhy, bmcWhy } from "./bmc-why.ts";
import { heldNow, heldPaceMs } from "./held-now.ts";
import { type Next, over, retryMs, type StepRun } from "./step-run.ts";

type Runner = (run: StepRun, detail: PowerDetail) => Promise<Next>;

/**
 * Order, and see. An order is written down before it is given, so that whoever goes on after a death
 * reads what is so and gives it no second time; that a BMC said *ok* is no evidence.
 */
export const powerSteps: Readonly<Record<string, Runner>> = { order: runOrder, seen: runSeen };

async function runOrder(run: StepRun, detail: PowerDetail): Promise<Next> {
  const { effects, facts, operation } = run;
  const { host } = facts;
  const { ordered } = detail;
  if (ordered !== null && ordered.atMs >= operation.stepSinceMs)
    return run.end({ outcome: "done", evidence: "ordered before", next: "seen" });
  // Before the intent: what was not ordered can still be canceled.
  const read = await run.bmc.power(host.id);
  if (!read.ok)
    return run.wait({ why: [bmcProblemWhy(run, read.problem)], isUnanswered: true }, retryMs.bmc);
  // Off by its BMC while its agent answers: one of them is wrong, and it is ordered all the same.
  const isDoubtful =
    read.value.state === "off" && effects.links.view(host.id).state === "connected";
  if (isAsWanted(detail, read.value) && detail.power !== "cycle" && !isDoubtful)
    return run.end({
      outcome: "skipped",
      evidence: `its BMC says that it is ${read.value.state} already`,
      next: "seen",
    });
  if (detail.power === "cycle" && read.value.state === "off" && !isDoubtful)
    return run.failed(bmcWhy(run, "is off: a cycle would not start it", exits.powerOn(host)));
  const held = await heldNow(run, "power");
  if (held.length > 0) return run.wait({ why: held, isUnanswered: true }, heldPaceMs(run, held));
  if (!(await run.intent())) return over;
  const given: PowerDetail = {
    ...detail,
    seenSinceMs: null,
    ordered: {
      // Never before its step: a clock that was set back a little would hide that it was given.
      atMs: unixMs(Math.max(effects.clock.nowUnixMs(), operation.stepSinceMs)),
      times: (ordered?.times ?? 0) + 1,
      wasHeard: effects.links.view(host.id).state === "connected",
    },
  };
  if ((await run.wait({ why: [], detail: given, isUnanswered: true }, 0)).kind === "over")
    return over;
  const answered = await run.bmc.setPower(host.id, detail.power, () => run.mayStill("power"));
  run.acted();
  if (answered.ok || answered.problem.kind === "unanswered")
    return run.end({
      outcome: "done",
      evidence: answered.ok
        ? `its BMC took the order: ${detail.power}`
        : `its BMC has not answered: ${answered.problem.detail}`,
      next: "seen",
    });
  // Nothing was done: it is no order that was given.
  const why = await heldNow(run, "power");
  return run.wait(
    {
      why: why.length > 0 ? why : [bmcProblemWhy(run, answered.problem)],
      detail: { ...detail, seenSinceMs: null },
      isUnanswered: true,
    },
    retryMs.bmc,
  );
}

async function runSeen(run: StepRun, detail: PowerDetail): Promise<Next> {
  const { effects, facts } = run;
  const { host } = facts;
  if (!(await run.intent())) return over;
  const read = await run.bmc.power(host.id);
  if (!read.ok) return run.wait({ why: [bmcProblemWhy(run, read.problem)] }, retryMs.bmc);
  const isHeard = effects.links.view(host.id).state === "connected";
  const nowMs = effects.clock.nowUnixMs();
  const seen = judgeSeen(run, detail, read.value, isHeard);
  if (seen.kind === "done") return run.done({ phase: host.phase, evidence: seen.evidence });
  if (seen.kind === "against") {
    if (mayOrderAgain(detail, nowMs))
      return run.end({
        outcome: "failed",
        evidence: `${host.name} ${seen.words}`,
        next: "order",
        detail: { ...detail, seenSinceMs: null },
      });
    return run.wait(
      { why: [bmcWhy(run, seen.words)], detail: { ...detail, seenSinceMs: null } },
      retryMs.bmc,
    );
  }
  // Only its BMC says so: what it says may be old, and must still be so after a while.
  const { seenSinceMs } = detail;
  if (seenSinceMs !== null && nowMs - seenSinceMs >= lifecycleNumbers.powerSettledMs)
    return run.done({ phase: host.phase, evidence: seen.evidence });
  const since = seenSinceMs ?? nowMs;
  const written = await run.wait(
    {
      why: [bmcWhy(run, `is ${read.value.state} by its BMC alone; asked again`)],
      detail: { ...detail, seenSinceMs: since },
    },
    Math.max(1_000, since + lifecycleNumbers.powerSettledMs - nowMs),
  );
  return written.kind === "over" ? over : written;
}

type Seen =
  | { readonly kind: "done"; readonly evidence: string }
  /** Its BMC alone says so. */
  | { readonly kind: "alone"; readonly evidence: string }
  | { readonly kind: "against"; readonly words: string };

function judgeSeen(
  { facts }: StepRun,
  detail: PowerDetail,
  { state }: PowerReading,
  isHeard: boolean,
): Seen {
  const { ordered, power } = detail;
  const { bootId } = facts.host;
  if (power === "cycle") {
    if (isHeard && bootId !== null && bootId !== detail.bootIdBefore)
      return { kind: "done", evidence: `boot ${bootId}` };
    if (ordered?.wasHeard === true && isHeard)
      return { kind: "against", words: "was cycled by its BMC and still runs the same boot" };
    if (state === "off") return { kind: "against", words: "went off and is not on again" };
    const gone = ordered?.wasHeard === true ? "its agent went" : "no agent was there to see it";
    return { kind: "alone", evidence: `its BMC took the cycle and says on; ${gone}` };
  }
  if (!isAsWanted(detail, { state }))
    return { kind: "against", words: `is still ${state} by its BMC` };
  if (state === "on")
    return isHeard
      ? { kind: "done", evidence: "on by its BMC, and its agent answers" }
      : { kind: "alone", evidence: "on by two readings of its BMC; its agent is not back yet" };
  if (isHeard)
    return { kind: "against", words: "is off by its BMC, and its agent answers: one is wrong" };
  return ordered?.wasHeard === true
    ? { kind: "done", evidence: "off by its BMC, and its agent is gone" }
    : { kind: "alone", evidence: "off by two readings of its BMC; no agent was heard before" };
}

/** Once more where nothing came of it; never what may have come true unseen, and no button twice. */
function mayOrderAgain({ power, ordered }: PowerDetail, nowMs: number): boolean {
  if (power === "cycle" || power === "soft") return false;
  if (ordered === null) return true;
  const isOver = nowMs - ordered.atMs >= lifecycleNumbers.powerAgainMs;
  return isOver && ordered.times < lifecycleNumbers.automaticAttemptsMax;
}

function isAsWanted({ power }: PowerDetail, { state }: Pick<PowerReading, "state">): boolean {
  return state === (power === "on" || power === "cycle" ? "on" : "off");
}
