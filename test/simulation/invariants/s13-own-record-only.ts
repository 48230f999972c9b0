import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";

/**
 * S13: what a host says affects its own record only. Every workload of the world bears its host's
 * mark (`h12/…`): none may stand in the record of another.
 */
export const s13: Rule = {
  name: "S13",
  says: "what a host says affects its own record only",
  begin({ look, broken }) {
    const marks = new Map<HostId, string>();
    return (seen) => {
      if (seen.kind === "estate")
        for (const { id, serial } of seen.hosts) marks.set(id, `h${serial?.slice(2) ?? ""}/`);
      if (seen.kind !== "written") return;
      for (const { detail, hostId, why } of seen.operations) {
        if (detail.kind !== "drain" || detail.remaining === null) continue;
        const mark = marks.get(hostId) ?? "none";
        look();
        for (const name of detail.remaining) {
          // An adapter that could not be asked, by its own name.
          if (name.startsWith("unasked:")) continue;
          if (!name.startsWith(mark))
            broken(`the record of host ${hostId} (${mark}) holds ${name}`);
        }
        for (const { words } of why)
          for (const [found] of words.matchAll(/\bh\d+\//g))
            if (found !== mark) broken(`a reason of host ${hostId} (${mark}) names ${found}`);
      }
    };
  },
};
