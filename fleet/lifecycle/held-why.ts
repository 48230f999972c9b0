import type { HostFacts } from "./decision.ts";
import { exits } from "./exits.ts";
import { holdsAgainst, type Verb, whoReleases } from "./verbs.ts";
import type { Why } from "./why.ts";

/** The holds that forbid any of these verbs on this host now, each with its exit; empty: none does. */
export function heldWhy(
  { host, holds }: Pick<HostFacts, "host" | "holds">,
  verbs: readonly Verb[],
  nowMs: number,
): readonly Why[] {
  const against = new Set(verbs.flatMap((verb) => holdsAgainst(verb, holds, nowMs)));
  return [...against].map((hold) => ({
    code: "hold",
    words: `${hold.holder} holds ${host.name} (${hold.kind}): ${hold.reason}`,
    who: whoReleases(hold),
    command: exits.releaseHold(hold.id),
    untilMs: hold.expiresMs,
  }));
}
