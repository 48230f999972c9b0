import type { HoldId, OperationId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { HostFacts } from "./decision.ts";
import { exits } from "./exits.ts";
import type { HoldRecord } from "./hold.ts";
import type { OperationRecord } from "./operation.ts";
import type { Why } from "./why.ts";

// The cordon that a drain sets bears its name. While it is there the host's agent is, or may be,
// fenced: releasing it asks the agent to lift the fence first, and until it has, `lift` stands.

const drainPrefix = "drain ";
const liftPrefix = "lift ";

export function cordonFor(operation: OperationRecord, id: HoldId, nowMs: UnixMs): HoldRecord {
  return {
    id,
    hostId: operation.hostId,
    kind: "cordon",
    holder: `${drainPrefix}${operation.id}`,
    holderKind: "automation",
    reason: operation.reason,
    createdMs: nowMs,
    expiresMs: null,
    reviewMs: operation.deadlineMs,
    forWhom: null,
    leaseId: null,
  };
}

/** The same cordon, from now on waiting for the agent to lift its fence. */
export function liftOf(cordon: HoldRecord, id: HoldId, nowMs: UnixMs): HoldRecord {
  const drain = drainOfCordon(cordon);
  return {
    ...cordon,
    id,
    holder: `${liftPrefix}${drain?.operationId ?? ""}`,
    reason: "released; the agent has not yet said that it takes new work",
    createdMs: nowMs,
    reviewMs: null,
  };
}

/** Whose cordon it is, and whether it is being lifted; null: a person's. */
export function drainOfCordon(
  hold: HoldRecord,
): { readonly operationId: OperationId; readonly isLifting: boolean } | null {
  if (hold.kind !== "cordon" || hold.holderKind !== "automation") return null;
  for (const [prefix, isLifting] of [
    [drainPrefix, false],
    [liftPrefix, true],
  ] as const)
    if (hold.holder.startsWith(prefix))
      return { operationId: hold.holder.slice(prefix.length) as OperationId, isLifting };
  return null;
}

/** What the cordon of a drain stays for, and what ends that; null: it may be released. */
export function keepsCordon({
  host,
  operation,
}: HostFacts): Pick<Why, "words" | "who" | "command"> | null {
  if (operation !== null)
    return {
      words: `the ${operation.kind} of ${host.name} runs: its cordon stays until that has ended`,
      who: `${operation.by}, or another operator`,
      command: exits.cancel(operation.id),
    };
  if (host.phase === "drained")
    return {
      words: `${host.name} is drained: its cordon goes when it returns`,
      who: "an operator",
      command: exits.returnHost(host),
    };
  return null;
}
