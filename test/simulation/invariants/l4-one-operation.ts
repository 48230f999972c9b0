import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/**
 * L4: one operation per host; a lower epoch is refused everywhere; no epoch ever falls, and what
 * begins has one that its host never had: else nobody could tell its orders from those before it.
 */
export const l4: Rule = {
  name: "L4",
  says: "one operation per host; a lower epoch is refused everywhere",
  begin({ look, broken }) {
    const open = new Map<HostId, Map<OperationId, OperationRecord>>();
    const epochs = new Map<HostId, number>();
    const put = (operation: OperationRecord): void => {
      const ofHost = open.get(operation.hostId) ?? new Map();
      open.set(operation.hostId, ofHost);
      if (operation.endedMs === null) ofHost.set(operation.id, operation);
      else ofHost.delete(operation.id);
    };
    return (seen) => {
      if (seen.kind === "estate" || seen.kind === "restored") {
        open.clear();
        epochs.clear();
        for (const { id, epoch } of seen.hosts) epochs.set(id, epoch);
        for (const operation of seen.operations) put(operation);
      } else if (seen.kind === "written") {
        for (const operation of seen.operations) {
          look();
          const known = epochs.get(operation.hostId) ?? 0;
          const isNew = operation.version === 1 && !open.get(operation.hostId)?.has(operation.id);
          if (isNew && operation.epoch <= known)
            broken(
              `${operation.kind} begins on host ${operation.hostId} at epoch ${operation.epoch}, which had ${known} before`,
            );
          put(operation);
          const count = open.get(operation.hostId)?.size ?? 0;
          if (count > 1) broken(`${count} operations are open on host ${operation.hostId}`);
        }
        for (const { id, epoch, op, name } of seen.hosts) {
          look();
          const before = epochs.get(id) ?? 0;
          if (epoch < before) broken(`the epoch of ${name} fell from ${before} to ${epoch}`);
          epochs.set(id, epoch);
          const [one] = open.get(id)?.values() ?? [];
          if ((op?.id ?? null) !== (one?.id ?? null) || (op?.epoch ?? 0) !== (one?.epoch ?? 0))
            broken(
              `the record of ${name} says ${op?.kind ?? "nothing"} at ${op?.epoch ?? 0}, the journal ${one?.kind ?? "nothing"} at ${one?.epoch ?? 0}`,
            );
          if (one !== undefined && one.epoch > epoch)
            broken(`${name}: an operation at epoch ${one.epoch}, its record at ${epoch}`);
        }
      } else if (seen.kind === "host-removed") {
        open.delete(seen.hostId);
      } else if (seen.kind === "did") {
        look();
        if (seen.order.epoch < seen.seenEpoch)
          broken(
            `host ${seen.hostId} did ${seen.order.action.kind} of epoch ${seen.order.epoch} after it had seen ${seen.seenEpoch}`,
          );
      }
    };
  },
};
