import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { exits } from "../exits.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { OperationRecord } from "../operation.ts";
import type { PlanHost, PlanRecord } from "../plan.ts";
import type { Why } from "../why.ts";
import { causeOf } from "./failure-cause.ts";
import { rackOf } from "./places.ts";

/** Between two tries of one host. */
export const retryMs = 60_000;

/** What a host of a plan has become by its operation. The same object where nothing changed. */
export function settleHost(
  host: PlanHost,
  operation: OperationRecord,
  facts: { readonly isSilent: boolean; readonly tries: number; readonly nowMs: UnixMs },
): PlanHost {
  const endedMs = operation.endedMs ?? facts.nowMs;
  switch (operation.status) {
    case "running":
    case "paused": {
      const why = operation.status === "paused" ? operation.why : [];
      return host.state === "running" && sameCodes(host.why, why)
        ? host
        : { ...host, state: "running", why };
    }
    case "done":
      return { ...host, state: "done", why: [], endedMs };
    case "canceled":
      return { ...host, state: "skipped", why: [canceledWhy(host, operation)], endedMs };
    case "failed":
      return settleFailed(host, operation, { ...facts, endedMs });
  }
}

function settleFailed(
  host: PlanHost,
  operation: OperationRecord,
  facts: { readonly isSilent: boolean; readonly tries: number; readonly endedMs: UnixMs },
): PlanHost {
  const { endedMs, tries } = facts;
  const cause = causeOf(operation, facts.isSilent);
  const [first] = operation.why;
  const words = first?.words ?? `its ${operation.kind} failed`;
  const why: Why = {
    code: first?.code ?? "operation",
    words,
    who: first?.who ?? "an operator",
    command: first?.command ?? exits.explain(host),
    untilMs: null,
  };
  if (cause === "verification") return { ...host, state: "failed", why: [why], endedMs };
  const triesMax = lifecycleNumbers.automaticAttemptsMax;
  if (cause === "broken" || tries >= triesMax)
    return { ...host, state: "set-aside", why: [why], endedMs };
  const again: Why = {
    ...why,
    words: `try ${tries} of ${triesMax} failed on the way: ${words}`,
    who: "time: it is tried again",
    untilMs: unixMs(endedMs + retryMs),
  };
  return { ...host, state: "waiting", why: [again] };
}

/** The wave that is under way or next; null: nothing is left to do. */
export function currentWave(plan: PlanRecord): number | null {
  let wave: number | null = null;
  for (const host of plan.hosts) {
    if (host.state !== "waiting" && host.state !== "running") continue;
    if (wave === null || host.wave < wave) wave = host.wave;
  }
  return wave;
}

/** Until when the wave before is looked at; null: it may go on. */
export function soakWhy(plan: PlanRecord, wave: number, nowMs: UnixMs): Why | null {
  let lastMs: number = Number.NEGATIVE_INFINITY;
  for (const host of plan.hosts) {
    if (host.wave < wave && host.operationId !== null && host.endedMs !== null)
      lastMs = Math.max(lastMs, host.endedMs);
  }
  const untilMs = lastMs + plan.pace.soakMs;
  if (nowMs >= untilMs) return null;
  return {
    code: "plan",
    words: `${wave === 1 ? "the canary" : `wave ${wave - 1}`} is watched before wave ${wave} begins`,
    who: "time",
    command: null,
    untilMs: unixMs(untilMs),
  };
}

/** Until when a host is not tried again; null: it may be. */
export function retryWhy(host: PlanHost, nowMs: UnixMs): Why | null {
  return host.why.find(({ untilMs }) => untilMs !== null && untilMs > nowMs) ?? null;
}

/** What of a host is not as it was when it was planned; null: all is. */
export function movedWhy(host: PlanHost, record: HostRecord | undefined): Why | null {
  const changes: string[] = [];
  if (record === undefined) changes.push("it is gone");
  else {
    if (record.phase !== host.phase) changes.push(`phase ${host.phase} → ${record.phase}`);
    if (record.serial !== host.serial) changes.push("another serial");
    if (rackOf(record) !== host.rack) changes.push("another place");
    if (record.hardwareClass !== host.hardwareClass) changes.push("another class");
  }
  return changes.length === 0 ? null : moved(host, changes.join(", "));
}

/** The same at the apply, where any change of its record counts. */
export function revisedWhy(host: PlanHost, record: HostRecord | undefined): Why | null {
  const why = movedWhy(host, record);
  if (why !== null || record === undefined || record.revision === host.revision) return why;
  return moved(host, `revision ${host.revision} → ${record.revision}`);
}

function moved(host: PlanHost, what: string): Why {
  return {
    code: "moved",
    words: `${host.name} changed since it was planned: ${what}`,
    who: "an operator, who looks why and plans anew",
    command: exits.explain(host),
    untilMs: null,
  };
}

function canceledWhy(host: PlanHost, operation: OperationRecord): Why {
  return {
    code: "operation",
    words: `the ${operation.kind} of ${host.name} was canceled`,
    who: "an operator, who looks why and plans anew",
    command: exits.explain(host),
    untilMs: null,
  };
}

export function sameCodes(left: readonly Why[], right: readonly Why[]): boolean {
  return left.length === right.length && left.every(({ code }, at) => code === right[at]?.code);
}
