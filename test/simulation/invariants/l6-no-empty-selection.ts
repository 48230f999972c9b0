import type { Rule } from "./checker.ts";

/** L6: an empty or unresolved selection is an error. */
export const l6: Rule = {
  name: "L6",
  says: "an empty or unresolved selection is an error",
  begin({ look, broken }) {
    return (seen) => {
      if (seen.kind === "asked" && seen.verb.startsWith("plan ") && seen.hostIds.length === 0) {
        look();
        if (seen.answer === "ok") broken(`${seen.by} made a plan of no host`);
      } else if (seen.kind === "written") {
        for (const { record } of seen.change.plans ?? [])
          if (record.hosts.length === 0) broken(`plan ${record.id} has no host`);
      }
    };
  },
};
