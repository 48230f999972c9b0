import type { Rule } from "./checker.ts";

/** What an agent may be ordered in this release: none of it writes a disk. */
const harmless = new Set([
  "fence",
  "evacuate",
  "halt-evacuation",
  "prove-empty",
  "release",
  "reboot",
]);
/** Class D by LIFECYCLE section 3 and SAFETY section 4. */
const destructive = new Set(["reimage", "deploy", "retire", "erase"]);

/** S4: nothing of class D without valid approvals; nobody can approve it in this release. */
export const s4: Rule = {
  name: "S4",
  says: "nothing of class D without valid approvals over that plan",
  begin({ look, broken }) {
    return (seen) => {
      if (seen.kind === "written") {
        for (const { kind, hostId, version } of seen.operations) {
          if (version > 1) continue;
          look();
          if (destructive.has(kind)) broken(`a ${kind} began on host ${hostId}`);
        }
      } else if (seen.kind === "did") {
        look();
        if (!harmless.has(seen.order.action.kind))
          broken(`host ${seen.hostId} did ${seen.order.action.kind}`);
      }
    };
  },
};

/** L2: never erased or overwritten with a lease, without a fence proof, or without a live token. */
export const l2: Rule = {
  name: "L2",
  says: "never erased or overwritten with a lease, without a fence proof, or without a live token",
  begin({ look, broken }) {
    return (seen) => {
      if (seen.kind !== "told") return;
      look();
      if (!harmless.has(seen.order.action.kind))
        broken(`host ${seen.hostId} was told to ${seen.order.action.kind}`);
    };
  },
};
