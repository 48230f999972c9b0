import type { Rule } from "./checker.ts";

/** What an agent may still be told: to stop what it does. */
const halting = "halt-evacuation";
/** How soon a manager that was not the one asked knows of it, and what it had given away by then. */
const heardWithinMs = 35_000;
const halted = new Set(["paused", "canceled"]);
const idle = new Set(["planned", "expired"]);

/**
 * SAFETY section 4: a freeze stops all of class M and D in the cell until two people have lifted it.
 * While it stands no operation begins or takes a step, no plan is applied or goes on, no lease is placed,
 * no hold is let go and no host is ordered to do anything; what only restricts goes on, and locating.
 */
export const freeze: Rule = {
  name: "freeze",
  says: "nothing that a freeze forbids is begun during it, and lifting it takes two",
  begin({ look, broken }) {
    let frozen: { sinceMs: number; through: string } | null = null;
    /** Who asked to lift it since it began. */
    let lifters = new Set<string>();
    /** Who said it and was not answered yet, and whether it stood since. */
    const said = new Map<string, boolean>();
    return (seen) => {
      switch (seen.kind) {
        case "estate":
        case "restored":
          frozen = seen.freeze ? { sinceMs: seen.atMs, through: "the store" } : null;
          lifters = new Set(seen.freeze?.liftAsked ? [seen.freeze.liftAsked.by] : []);
          said.clear();
          return;
        case "asked":
          if (seen.verb === "unfreeze") lifters.add(seen.by);
          if (seen.verb !== "freeze") return;
          if (seen.answer === undefined) said.set(seen.by, frozen !== null);
          else if (said.get(seen.by) === false)
            broken(`${seen.by} froze the cell, was told so, and it never was`);
          return;
        case "freeze-is":
          if (seen.isFrozen) {
            for (const by of said.keys()) said.set(by, true);
            if (frozen === null) lifters = new Set();
            frozen ??= { sinceMs: seen.atMs, through: seen.manager };
            return;
          }
          if (frozen === null) return;
          look();
          if (lifters.size < 2)
            broken(`the freeze was lifted by ${[...lifters].join(", ") || "nobody"} alone`);
          frozen = null;
          return;
        case "written": {
          if (frozen === null) return;
          look();
          const { change, manager } = seen;
          const what = `${manager} wrote ${change.audit.action} of ${change.audit.subject.name} during a freeze`;
          for (const { kind, status } of seen.operations)
            if (kind !== "locate" && !halted.has(status)) broken(`${what}: a ${kind} is ${status}`);
          for (const { record } of change.plans ?? [])
            if (!halted.has(record.status) && !idle.has(record.status))
              broken(`${what}: a plan is ${record.status}`);
          for (const { record } of change.leases ?? [])
            if (record.endedMs === null) broken(`${what}: a lease was placed`);
          if ((change.holdsReleased ?? []).length > 0) broken(`${what}: a hold was let go`);
          return;
        }
        case "sent": {
          if (frozen === null || seen.order.action.kind === halting) return;
          const isLate = seen.atMs - frozen.sinceMs > heardWithinMs;
          if (seen.manager !== frozen.through && !isLate) return;
          look();
          broken(
            `${seen.manager} ordered ${seen.order.action.kind} of host ${seen.hostId} during a freeze`,
          );
          return;
        }
        default:
      }
    };
  },
};
