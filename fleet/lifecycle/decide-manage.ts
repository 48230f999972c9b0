import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { type Actor, auditOfHost, type Decision, type HostFacts, refused } from "./decision.ts";
import { drainOfCordon } from "./drain-cordon.ts";
import { exits } from "./exits.ts";

/** Whether a host is only watched; not while something is being done to it. */
export function decideManage(
  facts: HostFacts,
  watchedOnly: boolean,
  actor: Actor,
  nowMs: UnixMs,
): Decision<HostRecord> {
  const { host, operation } = facts;
  if (host.watchedOnly === watchedOnly) return { kind: "same", value: host };
  if (watchedOnly && operation !== null)
    return refused({
      code: "operation",
      words: `a ${operation.kind} of ${host.name} is under way: it must end first`,
      who: `${operation.by}, or another operator`,
      command: exits.cancel(operation.id),
      untilMs: operation.deadlineMs,
    });
  const fence = facts.holds.find((hold) => drainOfCordon(hold) !== null);
  if (watchedOnly && fence !== undefined)
    return refused({
      code: "hold",
      words: `a drain has fenced ${host.name}: its cordon must go first`,
      who: "an operator",
      command: exits.releaseHold(fence.id),
      untilMs: null,
    });
  const record = { ...host, watchedOnly, revision: host.revision + 1 };
  return {
    kind: "change",
    value: record,
    change: {
      hosts: [{ record, expectedRevision: host.revision }],
      audit: auditOfHost(host, actor, nowMs, {
        action: watchedOnly ? "host.watch" : "host.manage",
        facts: { watchedOnly },
      }),
    },
  };
}
