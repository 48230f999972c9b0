import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { AlertKind, Cause } from "./alert.ts";
import type { AlertFacts } from "./alert-facts.ts";
import { placeOf } from "./alert-place.ts";

/** What waits for a person among operations and plans. */
export function findWorkCauses(facts: AlertFacts): readonly Cause[] {
  const hosts = new Map(facts.hosts.map(({ host }) => [host.id, host]));
  const operations = facts.operations.flatMap((operation): readonly Cause[] => {
    const told = tellOf(operation, facts);
    const host = hosts.get(operation.hostId);
    if (told === null) return [];
    const name = host?.name ?? operation.hostId;
    return [
      {
        key: `${told.kind}:${operation.id}`,
        kind: told.kind,
        severity: told.severity,
        words: `${name}: ${told.words}`,
        command: told.command,
        scope: { kind: "host", name },
        place: placeOf(host === undefined ? [] : [host]),
        hosts: [{ id: operation.hostId, name }],
        of: 1,
        sinceMs: unixMs(told.sinceMs),
        id: null,
        acknowledged: null,
        work: null,
      },
    ];
  });
  return [...operations, ...facts.stoppedPlans.map((plan) => planCause(plan, facts))];
}

type Told = Pick<Cause, "severity" | "words" | "command"> & {
  readonly kind: AlertKind;
  readonly sinceMs: number;
};

const drainWaits = [
  { code: "deadline", kind: "drain-deadline" },
  { code: "capacity", kind: "drain-capacity" },
  { code: "stalled", kind: "drain-stalled" },
] as const;

function tellOf(operation: OperationRecord, { nowMs }: AlertFacts): Told | null {
  const { detail, why } = operation;
  if (operation.kind === "service") {
    const dueMs = operation.startedMs + lifecycleNumbers.operationDeadlineMs.service;
    if (nowMs < dueMs) return null;
    return {
      kind: "service-overdue",
      severity: "page",
      words: "its service takes longer than 4 h",
      command: exits.operationList(),
      sinceMs: dueMs,
    };
  }
  if (detail.kind !== "drain") return null;
  for (const { code, kind } of drainWaits) {
    const found = why.find((one) => one.code === code);
    if (found === undefined) continue;
    return {
      kind,
      severity: detail.drain === "emergency" ? "page" : "warn",
      words: `its drain waits: ${found.words}`,
      command: found.command ?? exits.operationList(),
      sinceMs: kind === "drain-stalled" ? operation.progressMs : operation.stepSinceMs,
    };
  }
  return null;
}

function planCause(plan: PlanRecord, facts: AlertFacts): Cause {
  const failed = plan.hosts.filter(({ state }) => state === "failed");
  const ids = new Set(plan.hosts.map(({ hostId }) => hostId));
  const records = facts.hosts.flatMap(({ host }) => (ids.has(host.id) ? [host] : []));
  return {
    key: `plan-stopped:${plan.id}`,
    kind: "plan-stopped",
    severity: "warn",
    words: `a plan to ${plan.action.kind} ${plan.hosts.length} hosts was stopped: ${plan.why[0]?.words ?? "by its stop rules"}`,
    command: exits.planShow(plan.id),
    scope: { kind: "plan", name: plan.id },
    place: placeOf(records),
    hosts: failed.map(({ hostId, name }) => ({ id: hostId, name })),
    of: plan.hosts.length,
    sinceMs: plan.endedMs ?? facts.nowMs,
    id: null,
    acknowledged: null,
    work: null,
  };
}
