import type { Why } from "./why.ts";
import { exits } from "./exits.ts";
import type { HostFacts } from "./decision.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { DrainProof, OperationRecord } from "./operation.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** What an agent said of its host, and when it was asked. */
export interface AgentWitness {
  /** By the manager's clock, when the question left: what is seen is no older. */
  readonly askedMs: UnixMs;
  readonly epoch: number;
  readonly isFenced: boolean;
  /** Workloads that are not stopped. */
  readonly running: readonly string[];
  readonly tenantMounts: readonly string[];
  readonly unasked: readonly string[];
  /** When it looked, by the manager's clock as far as the host's is known to differ; null: unknown. */
  readonly observedMs: number | null;
}

/** What tenancy says of the host's leases, read at `readMs`. */
export interface TenancyWitness {
  readonly readMs: UnixMs;
  readonly leases: number;
  readonly revision: number;
}

export type ProofJudgement =
  | { readonly isProven: true; readonly proof: DrainProof }
  | { readonly isProven: false; readonly why: readonly Why[] };

/**
 * Whether a host is empty: two sources, at this operation's epoch, both fresh. An agent is no
 * evidence where a tenant is root.
 */
export function decideProof(
  facts: HostFacts,
  operation: OperationRecord,
  agent: AgentWitness | null,
  tenancy: TenancyWitness,
  nowMs: UnixMs,
): ProofJudgement {
  const { host } = facts;
  const { detail } = operation;
  const why: Why[] = [];
  const because = (words: string, who = "the host, by itself", command: string | null = null) =>
    why.push({ code: "proof", words, who, command, untilMs: null });
  if (host.trust === "rented")
    because(
      `${host.name} is rented: its agent proves nothing, only that it is off`,
      "an operator at the machine",
      exits.confirmOff(operation.id),
    );
  if (agent === null) because(`${host.name} has not said that it is empty`);
  else {
    if (agent.epoch !== operation.epoch)
      because(`its agent speaks of epoch ${agent.epoch}, the drain has ${operation.epoch}`);
    if (!agent.isFenced) because("its agent still takes new work");
    if (agent.running.length > 0)
      because(
        `still running: ${agent.running.slice(0, 5).join(", ")}`,
        "who runs it, or an operator",
      );
    if (agent.tenantMounts.length > 0)
      because(`tenants' disks are mounted: ${agent.tenantMounts.slice(0, 5).join(", ")}`);
    if (agent.unasked.length > 0)
      because(`could not be asked: ${agent.unasked.slice(0, 5).join(", ")}`, "an operator");
    if (nowMs - agent.askedMs > lifecycleNumbers.proofFreshMs || agent.askedMs > nowMs)
      because("what its agent said is older than 30 s");
    else if (
      agent.observedMs !== null &&
      Math.abs(nowMs - agent.observedMs) > 2 * lifecycleNumbers.proofFreshMs
    )
      because("what its agent said was seen at another time than it was asked");
  }
  const cordonRevision = detail.kind === "drain" ? detail.fence.tenancyRevision : null;
  if (cordonRevision === null) because("placement was not closed yet", "the drain, by itself");
  else if (tenancy.revision < cordonRevision)
    because("what tenancy says is older than the cordon", "the drain, by itself");
  if (nowMs - tenancy.readMs > lifecycleNumbers.proofFreshMs || tenancy.readMs > nowMs)
    because("what tenancy said is older than 30 s", "the drain, by itself");
  if (tenancy.leases > 0)
    why.push({
      code: "lease",
      words: `${tenancy.leases} ${tenancy.leases === 1 ? "lease runs" : "leases run"} on ${host.name}`,
      who: "the tenant, or an operator",
      command: exits.explain(host),
      untilMs: null,
    });
  if (why.length > 0 || agent === null) return { isProven: false, why };
  return {
    isProven: true,
    proof: {
      epoch: operation.epoch,
      agentMs: agent.askedMs,
      tenancyMs: tenancy.readMs,
      tenancyRevision: tenancy.revision,
      by: "agent",
    },
  };
}
