import {
  type AgentWitness,
  decideProof,
  type TenancyWitness,
} from "#fleet/lifecycle/decide-proof.ts";
import type { HostFacts } from "#fleet/lifecycle/decision.ts";
import { phaseAfter } from "#fleet/lifecycle/operation-table.ts";
import type { DrainDetail } from "#fleet/lifecycle/operation.ts";
import type { OrderEvidence } from "#proto/messages/orders.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { refusedWhy, silentPaceMs, silentWhy } from "./agent-why.ts";
import { namesLeft } from "./evacuate-step.ts";
import { type Next, over, retryMs, type StepRun } from "./step-run.ts";

/**
 * Two sources, one epoch, both fresh. The agent is asked first; when it finds nothing, the leases
 * that were evacuated end; then both are judged at the moment in which `drained` is written.
 */
export async function runProve(run: StepRun, detail: DrainDetail): Promise<Next> {
  const { facts, operation, effects } = run;
  const { host } = facts;
  const { tenancy, clock } = effects;
  if (!(await run.intent())) return over;
  const books = (leases: number): TenancyWitness => ({
    readMs: clock.nowUnixMs(),
    leases,
    revision: tenancy.revisionOf(host.id),
  });
  const judge = (current: HostFacts, witness: AgentWitness | null) =>
    decideProof(current, operation, witness, books(current.leases.length), clock.nowUnixMs());
  if (host.trust === "rented") {
    const judged = judge(facts, null);
    return run.wait({ why: judged.isProven ? [] : judged.why.slice(0, 1) }, retryMs.refused);
  }
  const askedMs = clock.nowUnixMs();
  const answered = await run.order({ kind: "prove-empty" });
  if (!answered.ok) return run.wait({ why: silentWhy(run, answered.problem) }, silentPaceMs(run));
  const { evidence, result } = answered.value;
  if (result !== "done" || evidence === null)
    return run.wait({ why: refusedWhy(run, answered.value, "saying what runs") }, retryMs.refused);
  const witness = witnessOf(evidence, askedMs);
  const isEmpty = judge({ ...facts, leases: [] }, witness);
  if (!isEmpty.isProven)
    return run.wait({ why: isEmpty.why, detail: keepLeft(detail, witness.running) }, retryMs.proof);
  for (const { id } of tenancy.leasesOf(host.id)) {
    const ended = await tenancy.end(id, `drain ${operation.id}`);
    if (!ended.ok && ended.problem.kind === "moved") return run.wait({ why: operation.why }, 1_000);
  }
  await tenancy.settled(host.id);
  const current = await effects.execution.facts(host.id);
  if (current === undefined) return over;
  const judged = judge(current, witness);
  if (!judged.isProven) return run.wait({ why: judged.why }, retryMs.proof);
  const { proof } = judged;
  return run.done(
    {
      phase: phaseAfter("drain", host.phase, host.phase) ?? host.phase,
      evidence: `empty at epoch ${proof.epoch}: agent and tenancy agree, revision ${proof.tenancyRevision}`,
      detail: { ...detail, remaining: [], proof },
    },
    (now) => judge(now, witness).isProven,
  );
}

function witnessOf(evidence: OrderEvidence, askedMs: UnixMs): AgentWitness {
  return {
    askedMs,
    epoch: evidence.epoch,
    isFenced: evidence.isFenced,
    running: namesLeft(evidence.workloads),
    tenantMounts: evidence.tenantMounts,
    unasked: evidence.unasked,
    // The agent tells it by our clock.
    observedMs: evidence.observedMs,
  };
}

function keepLeft(detail: DrainDetail, left: readonly string[]): DrainDetail {
  const before = detail.remaining ?? [];
  const isSame = before.length === left.length && before.every((name, at) => name === left[at]);
  return isSame ? detail : { ...detail, remaining: left };
}
