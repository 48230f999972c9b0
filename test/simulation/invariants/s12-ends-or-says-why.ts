import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

const settleMs = 10 * 60_000;

/**
 * S12: ten minutes after the last fault every operation has ended, moves, or says what it waits for
 * and who can end that; and so does every host of a plan. At any time what is paused says why. What a host
 * is still emptied by is asked for: a reason that nobody looks at any more is none. Nor is a safe mode
 * that people have ended, of which the manager does not know: nobody could end that again.
 */
export const s12: Rule = {
  name: "S12",
  says: "when faults end, every operation finishes or parks with a reason within 10 minutes",
  begin({ look, broken }) {
    const moved = new Map<OperationId, number>();
    const asked = new Map<OperationId, number>();
    return (seen) => {
      if (seen.kind === "sent") asked.set(seen.order.operationId, seen.atMs);
      else if (seen.kind === "written") {
        for (const operation of seen.operations) {
          if (operation.endedMs === null) moved.set(operation.id, seen.atMs);
          else moved.delete(operation.id);
          for (const { words, who } of operation.why)
            if (words.trim() === "" || who.trim() === "")
              broken(`${operation.kind} ${operation.id} gives a reason without words or exit`);
          if (operation.status !== "paused") continue;
          look();
          if (operation.why.length === 0) broken(`a paused ${operation.kind} gives no reason`);
        }
      } else if (seen.kind === "settled") {
        look();
        if (seen.safeMode.atManager && !seen.safeMode.inStore)
          broken("people have ended safe mode, and the manager that answers still waits for them");
        for (const operation of seen.operations) {
          const { id, kind, step, status, why, deadlineMs, hostId } = operation;
          const since = moved.get(id) ?? 0;
          const isEmptied = step === "evacuate" && operation.stepState === "waiting";
          if (status === "running" && isEmptied) {
            const idleMs = seen.atMs - Math.max(since, asked.get(id) ?? 0);
            if (idleMs >= settleMs)
              broken(
                `${kind} of host ${hostId} waits in ${step}, and nobody has asked the host for ${Math.round(idleMs / 60_000)} min`,
              );
          }
          if (why.length === 0 && seen.atMs - since >= settleMs)
            broken(
              `${kind} of host ${hostId}, ${status} in ${step}, gives no reason and has not moved for ${Math.round((seen.atMs - since) / 60_000)} min`,
            );
          if (deadlineMs === null) broken(`${kind} of host ${hostId} has no deadline`);
        }
        for (const plan of seen.plans)
          for (const host of plan.hosts) {
            if (host.state !== "waiting") continue;
            const waits = seen.waitsOf(plan, host.hostId);
            if (waits.length === 0)
              broken(
                `${host.name} waits in a plan that is ${plan.status}, and nobody says for what`,
              );
          }
      }
    };
  },
};
