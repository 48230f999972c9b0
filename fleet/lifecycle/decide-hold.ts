import type { Verdict } from "#fleet/health/verdict.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HoldId } from "#proto/vocabulary/ids.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { type Actor, auditOfHost, type Decision, type HostFacts, refused } from "./decision.ts";
import { drainOfCordon, keepsCordon, liftOf } from "./drain-cordon.ts";
import { exits } from "./exits.ts";
import type { HoldKind, HoldRecord } from "./hold.ts";
import { lifecycleNumbers } from "./numbers.ts";
import { mayRelease, type Releaser, whoReleases } from "./verbs.ts";
import type { Why } from "./why.ts";

export interface HoldAsk {
  readonly kind: HoldKind;
  readonly expiresMs: UnixMs | null;
  readonly reviewMs: UnixMs | null;
  readonly forWhom: string | null;
}

/** A hold of one's own. The same one again (kind, holder, for whom) is the same one. */
export function decideAddHold(
  facts: HostFacts,
  ask: HoldAsk,
  actor: Actor,
  id: HoldId,
  nowMs: UnixMs,
): Decision<HoldRecord> {
  const { host } = facts;
  const why: Why[] = [];
  const wrong = (words: string) =>
    why.push({ code: "hold", words, who: "who asks", command: null, untilMs: null });
  if (host.phase === "retired") wrong(`${host.name} is retired`);
  if (ask.kind === "fault" && actor.kind === "person")
    wrong("fault is set by health and clears itself: use cordon");
  if (ask.expiresMs !== null && ask.expiresMs <= nowMs) wrong("its end is in the past");
  if (ask.kind === "reservation" && ask.forWhom === null)
    wrong("a reservation names the tenant or lease that it is for");
  if (ask.kind === "tenant" && (ask.forWhom === null || ask.expiresMs === null))
    wrong("a tenant's hold names the tenant, and the date before which nothing is drained");
  if (why.length > 0) return { kind: "refused", why };
  const isTenants = ask.kind === "tenant";
  if (facts.holds.length >= lifecycleNumbers.holdsPerHostMax)
    return refused({
      code: "hold",
      words: `${host.name} has ${facts.holds.length} holds already`,
      who: "an operator",
      command: exits.explain(host),
      untilMs: null,
    });
  const holder = isTenants ? `tenant ${ask.forWhom}` : actor.name;
  const known = facts.holds.find(
    (hold) => hold.kind === ask.kind && hold.holder === holder && hold.forWhom === ask.forWhom,
  );
  if (known !== undefined && known.expiresMs === ask.expiresMs)
    return { kind: "same", value: known };
  const hold: HoldRecord = {
    id,
    hostId: host.id,
    kind: ask.kind,
    holder,
    holderKind: isTenants ? "tenant" : actor.kind === "person" ? "operator" : "automation",
    reason: actor.reason ?? "",
    createdMs: nowMs,
    expiresMs: ask.expiresMs,
    reviewMs:
      ask.reviewMs ??
      (ask.expiresMs === null && actor.kind === "person"
        ? unixMs(nowMs + lifecycleNumbers.holdReviewMs)
        : null),
    forWhom: ask.forWhom,
    leaseId: null,
  };
  return {
    kind: "change",
    value: hold,
    change: {
      hosts: [counted(host)],
      holdsAdded: [hold],
      ...(known !== undefined && { holdsReleased: [known.id] }),
      audit: auditOfHost(host, actor, nowMs, {
        action: "hold.add",
        facts: { hold: hold.id, kind: hold.kind, holder, expiresMs: hold.expiresMs },
      }),
    },
  };
}

/**
 * Releases a hold, or refuses with who can. A drain's cordon stays while the drain runs and while the
 * host is drained; after a cancel it is lifted: the agent is asked to take new work, and what stands
 * in its place goes when the agent has.
 */
export function decideReleaseHold(
  facts: HostFacts,
  hold: HoldRecord,
  by: Releaser,
  actor: Actor,
  newId: () => HoldId,
  nowMs: UnixMs,
): Decision<HoldRecord> {
  const { host } = facts;
  const refuse = (words: string, who: string, command: string | null) =>
    refused({ code: "hold", words, who, command, untilMs: hold.expiresMs });
  if (!mayRelease(hold, by))
    return refuse(
      `${by.name} cannot release what ${hold.holder} holds (${hold.kind}): ${hold.reason}`,
      whoReleases(hold),
      null,
    );
  const drain = drainOfCordon(hold);
  if (drain !== null) {
    const kept = keepsCordon(facts);
    if (kept !== null) return refuse(kept.words, kept.who, kept.command);
    if (drain.isLifting) return { kind: "same", value: hold };
  }
  const raised = drain === null ? {} : { epoch: host.epoch + 1 };
  return {
    kind: "change",
    value: hold,
    change: {
      hosts: [counted({ ...host, ...raised }, host.revision)],
      holdsReleased: [hold.id],
      ...(drain !== null && { holdsAdded: [liftOf(hold, newId(), nowMs)] }),
      audit: auditOfHost(host, actor, nowMs, {
        action: "hold.release",
        facts: { hold: hold.id, kind: hold.kind, holder: hold.holder },
      }),
    },
  };
}

/** The agent has lifted its fence: what stood in the cordon's place goes. */
export function decideLifted(
  facts: HostFacts,
  hold: HoldRecord,
  actor: Actor,
  nowMs: UnixMs,
): Decision<HoldRecord> {
  return dropHold(facts, hold, actor, "hold.lifted", nowMs);
}

/** A hold whose time is over is taken away; it had no effect any more. */
export function decideExpiry(
  facts: HostFacts,
  hold: HoldRecord,
  nowMs: UnixMs,
): Decision<HoldRecord> {
  if (hold.expiresMs === null || hold.expiresMs > nowMs) return { kind: "same", value: hold };
  return dropHold(
    facts,
    hold,
    { name: "clock", kind: "automation", reason: null },
    "hold.expire",
    nowMs,
  );
}

/** What a health verdict does: `failing` and `failed` set the fault hold, `ok` and `degraded` end it. */
export function decideFault(
  facts: HostFacts,
  verdict: Verdict,
  reasons: readonly string[],
  newId: () => HoldId,
  nowMs: UnixMs,
): Decision<HoldRecord | null> {
  const known = facts.holds.find(({ kind, holder }) => kind === "fault" && holder === "health");
  const isIll = verdict === "failing" || verdict === "failed";
  const reason = reasons.slice(0, 3).join("; ") || `health says ${verdict}`;
  const actor: Actor = { name: "health", kind: "automation", reason };
  if (isIll && known === undefined && facts.host.phase !== "retired")
    return decideAddHold(
      facts,
      { kind: "fault", expiresMs: null, reviewMs: null, forWhom: null },
      actor,
      newId(),
      nowMs,
    );
  if (!isIll && verdict !== "unknown" && known !== undefined)
    return dropHold(facts, known, actor, "hold.release", nowMs);
  return { kind: "same", value: known ?? null };
}

function dropHold(
  facts: HostFacts,
  hold: HoldRecord,
  actor: Actor,
  action: string,
  nowMs: UnixMs,
): Decision<HoldRecord> {
  return {
    kind: "change",
    value: hold,
    change: {
      hosts: [counted(facts.host)],
      holdsReleased: [hold.id],
      audit: auditOfHost(facts.host, actor, nowMs, {
        action,
        facts: { hold: hold.id, kind: hold.kind, holder: hold.holder },
      }),
    },
  };
}

/** A hold that comes or goes is a change of its host: whoever judged it before judges again. */
function counted(
  host: HostRecord,
  expectedRevision = host.revision,
): { readonly record: HostRecord; readonly expectedRevision: number } {
  return { record: { ...host, revision: expectedRevision + 1 }, expectedRevision };
}
