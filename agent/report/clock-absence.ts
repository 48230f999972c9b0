import type { Absence } from "#proto/messages/state.ts";
import type { TimeAnchor } from "./time-anchor.ts";

/** What the state says of a clock that is not believed; null while it is. Whole seconds. */
export function clockAbsence(time: Pick<TimeAnchor, "standing" | "offsetMs">): Absence | null {
  const offsetMs = time.offsetMs();
  if (time.standing() !== "wrong" || offsetMs === null) return null;
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  const way = offsetMs > 0 ? "ahead of" : "behind";
  return {
    what: "clock",
    attributes: [],
    reason: "implausible",
    detail: `the host's clock is ${seconds} s ${way} the manager's; the manager's time is used`,
  };
}
