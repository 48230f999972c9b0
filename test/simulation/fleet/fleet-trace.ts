import type { Seen } from "../invariants/seen.ts";

/** What happened so far, counted. */
export type FleetCounts = Record<
  "changes" | "operations" | "orders" | "did" | "audit" | "killed" | "paused" | "restores",
  number
>;

export function tally(seen: Seen, count: FleetCounts, ended: Record<string, number>): void {
  if (seen.kind === "written") {
    count.changes += 1;
    count.audit += seen.audit.length;
    for (const { record, expectedVersion } of seen.change.operations ?? []) {
      if (expectedVersion === 0) count.operations += 1;
      const { kind, status, endedMs } = record;
      if (endedMs !== null) ended[`${kind} ${status}`] = (ended[`${kind} ${status}`] ?? 0) + 1;
    }
  } else if (seen.kind === "audited") count.audit += seen.audit.length;
  else if (seen.kind === "sent") count.orders += 1;
  else if (seen.kind === "did") count.did += 1;
  else if (seen.kind === "manager") {
    if (seen.is === "killed") count.killed += 1;
    if (seen.is === "paused") count.paused += 1;
  }
}

/** What a trace keeps of one event. */
export function digest(seen: Seen): string {
  const at = `${seen.kind} ${seen.atMs}`;
  switch (seen.kind) {
    case "written":
      return `${at} ${seen.manager} ${seen.change.term} ${seen.audit.map(({ sha256 }) => sha256).join()}\n`;
    case "sent":
    case "told":
    case "did":
      return `${at} ${seen.hostId} ${seen.term} ${seen.order.operationId} ${seen.order.epoch} ${seen.order.action.kind}\n`;
    case "host-is":
      return `${at} ${seen.hostId} ${seen.isOn} ${seen.isFenced} ${seen.running.join()} ${seen.verdict}\n`;
    case "heard":
      return `${at} ${seen.hostId} ${seen.isHeard}\n`;
    case "asked":
      return `${at} ${seen.by} ${seen.verb} ${seen.hostIds.length} ${seen.answer ?? ""}\n`;
    case "audited":
      return `${at} ${seen.audit.map(({ sha256 }) => sha256).join()}\n`;
    case "manager":
      return `${at} ${seen.manager} ${seen.is}\n`;
    default:
      return `${at}\n`;
  }
}
