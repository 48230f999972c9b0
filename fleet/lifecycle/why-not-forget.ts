import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import { exits } from "./exits.ts";
import type { OperationRecord } from "./operation.ts";
import type { Why } from "./why.ts";

/**
 * Why a host must not be forgotten, with what ends each reason; empty: it may. A record that goes
 * takes with it what proves whose data the machine has, and who may end what runs there.
 */
export function whyNotForget(
  host: Pick<HostRecord, "name">,
  life: {
    readonly operation: OperationRecord | null;
    readonly leases: readonly LeaseRecord[];
  },
): readonly Why[] {
  const { operation } = life;
  const busy: readonly Why[] =
    operation === null || operation.endedMs !== null
      ? []
      : [
          {
            code: "operation",
            words: `${host.name} has an operation that has not ended: ${operation.kind} by ${operation.by}, step ${operation.step}`,
            who: `${operation.by}, or another operator`,
            command: exits.cancel(operation.id),
            untilMs: operation.deadlineMs,
          },
        ];
  const leased = life.leases
    .filter(({ endedMs }) => endedMs === null)
    .map(
      ({ id, share }): Why => ({
        code: "lease",
        words: `lease ${id} (${share}) runs on ${host.name}`,
        who: "its tenant, or an operator",
        command: exits.endLease(id),
        untilMs: null,
      }),
    );
  return [...busy, ...leased];
}
