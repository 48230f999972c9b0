import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/** S11: a lower term or epoch never acts: not on a host that has seen a higher one, not in the store. */
export const s11: Rule = {
  name: "S11",
  says: "a lower term or epoch never acts",
  begin({ look, broken }) {
    let highest = 0;
    const terms = new Map<HostId, number>();
    const epochs = new Map<HostId, number>();
    return (seen) => {
      if (seen.kind === "restored") highest = 0;
      else if (seen.kind === "written") {
        look();
        const { term } = seen.change;
        if (term < 1) broken(`${seen.manager} wrote ${seen.change.audit.action} without leading`);
        if (term < highest)
          broken(
            `${seen.manager} wrote ${seen.change.audit.action} at term ${term} after ${highest}`,
          );
        highest = Math.max(highest, term);
      } else if (seen.kind === "did") {
        look();
        const { term, order, hostId } = seen;
        const [seenTerm, seenEpoch] = [terms.get(hostId) ?? 0, epochs.get(hostId) ?? 0];
        if (term < 1) broken(`host ${hostId} did ${order.action.kind} for nobody who leads`);
        if (term < Math.max(seenTerm, seen.seenTerm))
          broken(`host ${hostId} did ${order.action.kind} of term ${term} after ${seenTerm}`);
        if (order.epoch < Math.max(seenEpoch, seen.seenEpoch))
          broken(
            `host ${hostId} did ${order.action.kind} of epoch ${order.epoch} after ${seenEpoch}`,
          );
        terms.set(hostId, Math.max(seenTerm, term));
        epochs.set(hostId, Math.max(seenEpoch, order.epoch));
      }
    };
  },
};
