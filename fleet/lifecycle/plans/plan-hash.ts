import { createHash } from "node:crypto";
import { canonicalJson } from "#proto/vocabulary/canonical-json.ts";
import type { PlanRecord } from "../plan.ts";

/** What apply may not find otherwise. Blast radius and warnings are evidence of their moment. */
export type FrozenPlan = Pick<
  PlanRecord,
  | "action"
  | "selector"
  | "reason"
  | "createdBy"
  | "createdMs"
  | "expiresMs"
  | "hosts"
  | "irreversible"
  | "pace"
>;

/** SHA-256 over the canonical JSON of what is frozen, hex. A host's progress is not in it. */
export function hashPlan(plan: FrozenPlan): string {
  const frozen = {
    action: { ...plan.action },
    selector: plan.selector,
    reason: plan.reason,
    createdBy: plan.createdBy,
    createdMs: plan.createdMs,
    expiresMs: plan.expiresMs,
    irreversible: plan.irreversible,
    pace: { ...plan.pace },
    hosts: plan.hosts.map((host) => ({
      hostId: host.hostId,
      name: host.name,
      serial: host.serial,
      revision: host.revision,
      phase: host.phase,
      rack: host.rack,
      hardwareClass: host.hardwareClass,
      wave: host.wave,
      steps: host.steps,
    })),
  };
  return createHash("sha256").update(canonicalJson(frozen)).digest("hex");
}
