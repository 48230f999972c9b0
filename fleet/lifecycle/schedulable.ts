import type { LinkState } from "#fleet/inventory/links.ts";
import type { HostFacts } from "./decision.ts";
import { drainOfCordon, keepsCordon } from "./drain-cordon.ts";
import { exits } from "./exits.ts";
import type { HoldRecord } from "./hold.ts";
import type { LifeView } from "./lifecycle.ts";
import { holdsAgainst, whoReleases } from "./verbs.ts";
import type { Why } from "./why.ts";

export type DataState = LifeView["data"];

/**
 * Why nothing new may be placed on a host; empty: it may. `forWhom`: the tenant or lease that a
 * reservation may name.
 */
export function whyNotSchedulable(
  facts: HostFacts,
  world: { readonly link: LinkState; readonly data: DataState; readonly nowMs: number },
  forWhom: string | null = null,
): readonly Why[] {
  const { host, holds, leases, operation } = facts;
  const why: Why[] = [];
  if (host.watchedOnly)
    why.push({
      code: "watched-only",
      words: `${host.name} was adopted and is only watched`,
      who: "an operator",
      command: exits.manage(host),
      untilMs: null,
    });
  if (host.phase !== "active" && host.phase !== "available")
    why.push({
      code: "phase",
      words: `${host.name} is ${host.phase}`,
      who: "an operator",
      command: host.phase === "drained" ? exits.returnHost(host) : exits.explain(host),
      untilMs: null,
    });
  if (host.phase === "available" && world.data !== "clean")
    why.push({
      code: "data",
      words: `${world.data === "unknown" ? "nobody knows what is on its disks" : `its disks are ${world.data}`}: only a host whose every disk is clean is given away`,
      who: "an operator",
      command: exits.explain(host),
      untilMs: null,
    });
  if (operation !== null)
    why.push({
      code: "operation",
      words: `${operation.kind} by ${operation.by}, step ${operation.step}${operation.status === "paused" ? ", paused" : ""}`,
      who: `${operation.by}, or another operator`,
      command: exits.cancel(operation.id),
      untilMs: operation.deadlineMs,
    });
  for (const hold of holdsAgainst("place", holds, world.nowMs, forWhom)) {
    const drain = drainOfCordon(hold);
    why.push({
      code: "hold",
      words:
        drain === null
          ? `${hold.holder} holds it (${hold.kind}): ${hold.reason}`
          : drain.isLifting
            ? "its agent has not yet said that it takes new work"
            : `the cordon of a drain: ${hold.reason}`,
      ...endsHold(facts, hold),
      untilMs: hold.expiresMs,
    });
  }
  const exclusive = leases.find(({ share }) => share === "exclusive");
  if (exclusive !== undefined)
    why.push({
      code: "lease",
      words: `lease ${exclusive.id} has it for itself`,
      who: "its tenant, or an operator",
      command: exits.endLease(exclusive.id),
      untilMs: null,
    });
  if (world.link === "lost" || world.link === "never")
    why.push({
      code: "link",
      words: world.link === "lost" ? "nobody hears from it" : "it never called in",
      who: "the host, when it is heard again",
      command: null,
      untilMs: null,
    });
  return why;
}

/** Who ends a hold and with what, as things are: a cordon of a drain is not released at any time. */
function endsHold(facts: HostFacts, hold: HoldRecord): Pick<Why, "who" | "command"> {
  const drain = drainOfCordon(hold);
  if (drain?.isLifting === true) return { who: "its agent, when it answers", command: null };
  const kept = drain === null ? null : keepsCordon(facts);
  if (kept !== null) return { who: kept.who, command: kept.command };
  return { who: whoReleases(hold), command: exits.releaseHold(hold.id) };
}
