import { drainOfCordon } from "#fleet/lifecycle/drain-cordon.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { OperationDetail, RebootDetail } from "#fleet/lifecycle/operation.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { refusedWhy, silentPaceMs, silentWhy } from "./agent-why.ts";
import { heldNow, heldPaceMs } from "./held-now.ts";
import { mayRestart } from "./may-restart.ts";
import { again, type Next, over, retryMs, type StepRun } from "./step-run.ts";

type Runner<Detail> = (run: StepRun, detail: Detail) => Promise<Next>;

/** Ask, see it go, see it come back with another boot. */
export const rebootSteps: Readonly<Record<string, Runner<RebootDetail>>> = {
  async ask(run, detail) {
    const { facts, effects } = run;
    // After a restart of ours: perhaps it was asked already, and did it.
    if (hasRebooted(run, detail))
      return run.end({ outcome: "done", evidence: bootWords(run), next: "down" });
    // Before the intent: what was not asked can still be canceled.
    if (effects.links.view(facts.host.id).state !== "connected") {
      run.memory.silent += 1;
      return run.wait(
        { why: silentWhy(run, { kind: "unanswered" }), isUnanswered: true },
        silentPaceMs(run),
      );
    }
    const held = await heldNow(run, "reboot");
    if (held.length > 0) return run.wait({ why: held, isUnanswered: true }, heldPaceMs(run, held));
    if (!(await run.intent())) return over;
    const askedUntilMs = unixMs(effects.clock.nowUnixMs() + lifecycleNumbers.commandValidMs);
    const asked = { why: [], detail: { ...detail, askedUntilMs }, isUnanswered: true };
    if ((await run.wait(asked, 0)).kind === "over") return over;
    // Once more: writing takes its time.
    if ((await heldNow(run, "reboot")).length > 0) return again;
    const answered = await run.order({ kind: "reboot", graceMs: graceOf(run) }, "reboot");
    if (!answered.ok) {
      // Withdrawn for a hold: the next look says which.
      if ((await heldNow(run, "reboot")).length > 0) return again;
      const now = await effects.execution.facts(facts.host.id);
      if (now !== undefined && now.host.bootId !== detail.bootIdBefore) return again;
      return run.wait(
        { why: silentWhy(run, answered.problem), isUnanswered: true },
        silentPaceMs(run),
      );
    }
    if (answered.value.result !== "done") {
      const [why] = refusedWhy(run, answered.value, "the restart");
      return why === undefined ? over : run.failed(why);
    }
    return run.end({
      outcome: "done",
      evidence: answered.value.detail || "the agent restarts it",
      next: "down",
    });
  },
  async down(run, detail) {
    const { facts, effects } = run;
    if (!(await run.intent())) return over;
    const { state } = effects.links.view(facts.host.id);
    if (hasRebooted(run, detail))
      return run.end({ outcome: "done", evidence: bootWords(run), next: "back" });
    if (state !== "connected")
      return run.end({ outcome: "done", evidence: `its link is ${state}`, next: "back" });
    const sinceMs = inStepMs(run);
    if (sinceMs > graceOf(run) + downMsMax)
      return run.failed(
        rebootWhy(
          run,
          "agent",
          `${facts.host.name} was told to restart and still runs the same boot`,
        ),
      );
    return run.wait(
      { why: [rebootWhy(run, "agent", `${facts.host.name} is going down`)] },
      retryMs.reboot,
    );
  },
  async back(run, detail) {
    const { facts, effects } = run;
    if (!(await run.intent())) return over;
    const { state } = effects.links.view(facts.host.id);
    if (hasRebooted(run, detail) && state === "connected")
      return run.done({ phase: facts.host.phase, evidence: bootWords(run) });
    const sinceMs = inStepMs(run);
    if (sinceMs > lifecycleNumbers.firstBootMs)
      return run.failed(
        state === "connected"
          ? rebootWhy(run, "agent", `${facts.host.name} is connected and runs the same boot`)
          : rebootWhy(
              run,
              "link",
              `${facts.host.name} is not back after ${Math.round(sinceMs / 60_000)} min`,
            ),
      );
    return run.wait(
      { why: [rebootWhy(run, "link", `${facts.host.name} is starting`)] },
      retryMs.reboot,
    );
  },
};

/** After its graceful stop a host that still answers with its old boot did not restart. */
const downMsMax = 5 * 60_000;

export const returnSteps: Readonly<Record<string, Runner<OperationDetail>>> = {
  async release(run) {
    const { facts } = run;
    if (!(await run.intent())) return over;
    const answered = await run.order({
      kind: "release",
      restart: await mayRestart(run.effects.execution, facts),
    });
    if (!answered.ok)
      return run.wait(
        { why: silentWhy(run, answered.problem), isUnanswered: true },
        silentPaceMs(run),
      );
    const { evidence, result } = answered.value;
    if (result !== "done" || evidence?.isFenced === true)
      return run.wait(
        { why: refusedWhy(run, answered.value, "lifting its fence"), isUnanswered: true },
        retryMs.refused,
      );
    return run.done({
      phase: "active",
      evidence: `the agent takes new work, identity ${facts.host.generation} as before`,
      holdsReleased: facts.holds.filter((hold) => drainOfCordon(hold) !== null).map(({ id }) => id),
    });
  },
};

export const clearSteps: Readonly<
  Record<string, Runner<Extract<OperationDetail, { kind: "clear" }>>>
> = {
  async check(run, detail) {
    const { facts, effects } = run;
    const { host } = facts;
    if (!(await run.intent())) return over;
    const why: Why[] = [];
    const { verdict, findings } = effects.health.view(host.id);
    if (verdict === "failing" || verdict === "failed")
      why.push({
        code: "data",
        words: `${host.name} is ${verdict}: ${findings[0]?.detail ?? "see its findings"}`,
        who: "who repairs it",
        command: exits.explain(host),
        untilMs: null,
      });
    const differences = await effects.inventory.hardwareDifferences(host.id);
    if (differences !== null && differences.length > 0)
      why.push({
        code: "data",
        words: `${host.name} differs from its class in ${differences.length} ${differences.length === 1 ? "part" : "parts"}`,
        who: "who repairs it",
        command: exits.explain(host),
        untilMs: null,
      });
    if (why.length > 0) return run.wait({ why }, retryMs.refused);
    return run.done({
      phase: detail.backTo,
      evidence: "its cause is gone, its parts are as before",
    });
  },
};

const hasRebooted = ({ facts }: StepRun, { bootIdBefore }: RebootDetail): boolean =>
  facts.host.bootId !== null && facts.host.bootId !== bootIdBefore;

const bootWords = ({ facts }: StepRun): string => `boot ${facts.host.bootId}`;

/** How long it has been in its step; a leap of the wall clock is no time. */
const inStepMs = ({ effects, operation, memory }: StepRun): number =>
  effects.clock.nowUnixMs() -
  operation.stepSinceMs -
  memory.leaps.since(operation.id, "step", operation.stepSinceMs);

const graceOf = ({ operation }: StepRun): number =>
  operation.detail.kind === "reboot" ? operation.detail.graceMs : 0;

function rebootWhy({ facts, operation }: StepRun, code: "agent" | "link", words: string): Why {
  return {
    code,
    words,
    who: "the host, or an operator at its console",
    command: exits.explain(facts.host),
    untilMs: operation.deadlineMs,
  };
}
