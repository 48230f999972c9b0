import type { DrainDetail } from "#fleet/lifecycle/operation.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import { refusedWhy, silentPaceMs, silentWhy } from "./agent-why.ts";
import { runEvacuate } from "./evacuate-step.ts";
import { runNotify } from "./notify-step.ts";
import { runProve } from "./prove-step.ts";
import { type Next, over, retryMs, type StepRun } from "./step-run.ts";

/** The steps of a drain; each is one look, from what is so to what comes next. */
export const drainSteps: Readonly<
  Record<string, (run: StepRun, detail: DrainDetail) => Promise<Next>>
> = {
  cordon: runCordon,
  notify: runNotify,
  reserve: runReserve,
  evacuate: runEvacuate,
  prove: runProve,
};

/**
 * The hold was written with the operation. The fence is closed when tenancy has no claim under way
 * and the agent has acknowledged this epoch: no placement in flight can land after that.
 */
async function runCordon(run: StepRun, detail: DrainDetail): Promise<Next> {
  const { effects, operation, facts } = run;
  const { host } = facts;
  if (!(await run.intent())) return over;
  const tenancyRevision = await effects.tenancy.settled(host.id);
  const tenancyAckMs = effects.clock.nowUnixMs();
  const closed = { tenancyAckMs, tenancyRevision };
  if (host.trust === "rented")
    return run.end({
      outcome: "done",
      evidence: "fence acknowledged by tenancy; the agent of a rented host is no witness",
      next: "notify",
      detail: { ...detail, fence: { ...closed, agentAckMs: null } },
    });
  const answered = await run.order({ kind: "fence" });
  if (!answered.ok)
    return run.wait(
      { why: silentWhy(run, answered.problem), isUnanswered: true },
      silentPaceMs(run),
    );
  const { value: answer } = answered;
  if (answer.result !== "done")
    return run.wait(
      { why: refusedWhy(run, answer, "the fence"), isUnanswered: true },
      retryMs.refused,
    );
  const { evidence } = answer;
  if (evidence === null || evidence.epoch < operation.epoch || !evidence.isFenced)
    return run.wait(
      { why: [notFenced(run, evidence?.epoch ?? null)], isUnanswered: true },
      retryMs.refused,
    );
  return run.end({
    outcome: "done",
    evidence: `fence epoch ${operation.epoch} acknowledged by agent and tenancy`,
    next: "notify",
    detail: { ...detail, fence: { ...closed, agentAckMs: effects.clock.nowUnixMs() } },
  });
}

function notFenced({ facts, operation }: StepRun, epoch: number | null): Why {
  return {
    code: "agent",
    words:
      epoch === null
        ? `the agent of ${facts.host.name} is too old to say that it is fenced`
        : `the agent of ${facts.host.name} speaks of epoch ${epoch} and is not fenced at ${operation.epoch}`,
    who: "its agent, or an operator",
    command: null,
    untilMs: null,
  };
}

/** A place for what has to move, before anything stops. */
async function runReserve(run: StepRun): Promise<Next> {
  const { effects, facts, operation } = run;
  const leases = facts.leases.filter(
    ({ evacuation }) => evacuation === "migrate" || evacuation === "replace",
  );
  if (leases.length === 0)
    return run.end({
      outcome: "skipped",
      evidence: "nothing has to move elsewhere",
      next: "evacuate",
    });
  if (!(await run.intent())) return over;
  const reserved = await effects.reserve({ host: facts.host, operation, leases });
  run.acted();
  if (!reserved.ok)
    return run.wait({ why: reserved.problem, isUnanswered: true }, retryMs.capacity);
  return run.end({ outcome: "done", evidence: reserved.value, next: "evacuate" });
}
