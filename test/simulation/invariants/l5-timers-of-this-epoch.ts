import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/**
 * L5: a timer fires only for its (host, operation, epoch): an operation that has ended is never
 * written again, none goes back to a lower epoch, and by itself nothing is ordered for an epoch that
 * is over (what undoes it, a halt or a release, may be owed for long).
 */
export const l5: Rule = {
  name: "L5",
  says: "a timer fires only for its (host, op, epoch)",
  begin({ look, broken }) {
    const known = new Map<
      OperationId,
      Pick<OperationRecord, "epoch" | "endedMs" | "status" | "version" | "kind">
    >();
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        known.clear();
        for (const operation of seen.operations) known.set(operation.id, operation);
      } else if (seen.kind === "written") {
        for (const operation of seen.operations) {
          look();
          const before = known.get(operation.id);
          if (before !== undefined && operation.version > before.version) {
            if (before.endedMs !== null)
              broken(
                `${operation.kind} ${operation.id} was ${before.status} and is ${operation.status}`,
              );
            if (operation.epoch < before.epoch)
              broken(
                `${operation.kind} ${operation.id} went from epoch ${before.epoch} to ${operation.epoch}`,
              );
          }
          const { epoch, endedMs, status, version, kind } = operation;
          known.set(operation.id, { epoch, endedMs, status, version, kind });
        }
      } else if (seen.kind === "sent") {
        const { action, operationId, epoch } = seen.order;
        if (action.kind === "halt-evacuation" || action.kind === "release") return;
        look();
        const now = known.get(operationId);
        if (now === undefined || now.endedMs !== null || now.epoch !== epoch)
          broken(
            `${seen.manager} orders ${action.kind} at epoch ${epoch} of operation ${operationId}, which is ${now?.status ?? "unknown"} at ${now?.epoch ?? 0}`,
          );
      }
    };
  },
};
