import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/**
 * S3: an order is done at most once by a host for its (operation, epoch, action), and one operation
 * restarts a host at most once, whatever its epochs.
 */
export const s3: Rule = {
  name: "S3",
  says: "a command runs at most once per generation",
  begin({ look, broken }) {
    const done = new Map<HostId, Set<string>>();
    return (seen) => {
      if (seen.kind !== "did" || seen.order.action.kind === "prove-empty") return;
      look();
      const { action, operationId, epoch, generation } = seen.order;
      const ofHost = done.get(seen.hostId) ?? new Set();
      done.set(seen.hostId, ofHost);
      const key =
        action.kind === "reboot"
          ? `${generation} ${operationId} reboot`
          : `${generation} ${operationId} ${epoch} ${JSON.stringify(action)}`;
      if (ofHost.has(key)) broken(`host ${seen.hostId} did ${action.kind} of ${operationId} twice`);
      ofHost.add(key);
    };
  },
};
