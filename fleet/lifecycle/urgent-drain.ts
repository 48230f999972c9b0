import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { exits } from "./exits.ts";
import type { FaultPolicy } from "./fault-policy.ts";
import type { HoldRecord } from "./hold.ts";
import type { Asker } from "./lifecycle.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { PlanAction, PlanRecord } from "./plan.ts";
import { classOf, groupOf, rackOf, siteOf } from "./plans/places.ts";
import type { SnapshotIndex } from "./plans/snapshot-index.ts";
import type { Why } from "./why.ts";

/** Who sets fault holds and plans urgent drains, as the audit names it. */
export const healthName = "health";

export const healthAsker = (reason: string): Asker => ({
  name: healthName,
  kind: "automation",
  reason: reason.slice(0, reasonCharactersMax),
});

/** Of a plan's reason. */
const reasonCharactersMax = 400;
const graceMs = 60_000;
const { urgentDrain, drainDeadlineMs, domainEvent } = lifecycleNumbers;

/** Never forced: at its deadline it pauses, and a person decides. */
export const urgentAction: PlanAction = {
  kind: "drain",
  drain: "degraded",
  deadlineMs: drainDeadlineMs.degraded,
  force: false,
  graceMs,
};

export function isFaultOfHealth(hold: HoldRecord): boolean {
  return hold.kind === "fault" && hold.holder === healthName;
}

export type UrgentJudgement =
  | { readonly kind: "begin" }
  /** Nothing is to be done: it serves nobody, or something is under way there. */
  | { readonly kind: "none" }
  /** What keeps the automation from it; `isWatchedOnly`: only that it must not touch this host. */
  | { readonly kind: "waits"; readonly isWatchedOnly: boolean; readonly why: readonly Why[] };

/**
 * Whether a host with a fault hold is drained by itself now. Its fault must have stood for a while, the
 * host must be heard, and be one among few: where many of one class are at fault together the rule may
 * be wrong and not the hosts. `last`: the automation's newest plan for this host.
 */
export function judgeUrgent(ask: {
  readonly host: HostRecord;
  readonly hold: HoldRecord;
  readonly policy: FaultPolicy;
  readonly index: SnapshotIndex;
  readonly last: PlanRecord | null;
  /** Freeze, safe mode, a domain event. */
  readonly brakes: readonly Why[];
}): UrgentJudgement {
  const { host, hold, index } = ask;
  const { nowMs } = index.snapshot;
  if (host.phase !== "active" || index.operationByHost.has(host.id)) return { kind: "none" };
  const byHand = { who: "an operator", command: exits.drain(host), untilMs: null } as const;
  const waits = (why: readonly Why[], isWatchedOnly = false): UrgentJudgement => ({
    kind: "waits",
    isWatchedOnly,
    why,
  });
  if (host.watchedOnly)
    return waits(
      [
        {
          code: "watched-only",
          words: `${host.name} is at fault and would be drained by itself, but it is only watched`,
          who: "an operator",
          command: exits.manage(host),
          untilMs: null,
        },
      ],
      true,
    );
  if (ask.policy !== "drain")
    return waits([
      {
        ...byHand,
        code: "hold",
        words: `${host.name} is at fault; this cell does not drain by itself (health.on_fault = "${ask.policy}")`,
      },
    ]);
  const asked = askedBefore(host, hold, ask.last, nowMs);
  if (asked === "open") return { kind: "none" };
  if (asked !== null) return waits([asked]);
  if (isWell(host, index)) return { kind: "none" };
  const why: Why[] = [
    ...ask.brakes,
    ...togetherWhy(host, index),
    ...unheardWhy(host, index),
    ...graceWhy(index),
  ];
  const settledMs = hold.createdMs + urgentDrain.afterMs;
  if (nowMs < settledMs)
    why.push(timeWhy("hold", `${host.name} is drained by itself if its fault stands`, settledMs));
  return why.length > 0 ? waits(why) : { kind: "begin" };
}

/** What has changed since it was planned, so that its drain does not begin; empty: nothing has. */
export function whyUrgentNoMore(host: HostRecord, index: SnapshotIndex): readonly Why[] {
  const isHeld = index.holdsByHost.get(host.id)?.some(isFaultOfHealth) ?? false;
  const isAtFault = isHeld && !isWell(host, index);
  const over: readonly Why[] = isAtFault
    ? []
    : [
        {
          code: "moved",
          words: `${host.name} is at fault no more`,
          who: "health, which takes the plan back",
          command: null,
          untilMs: null,
        },
      ];
  return [...over, ...unheardWhy(host, index), ...graceWhy(index)];
}

/** Its hold stands only because nothing could be written: the cell is frozen, the disk is full. */
function isWell(host: HostRecord, index: SnapshotIndex): boolean {
  const { verdict } = index.observed(host.id);
  return verdict === "ok" || verdict === "degraded";
}

function graceWhy({ snapshot }: SnapshotIndex): readonly Why[] {
  const untilMs = snapshot.leadsSinceMs + lifecycleNumbers.graceMs;
  if (snapshot.nowMs >= untilMs) return [];
  return [
    timeWhy(
      "grace",
      "this manager has just begun to lead, or to hear again: it watches first",
      untilMs,
    ),
  ];
}

/** One fault is answered once; another one of the same host not before a while. */
function askedBefore(
  host: HostRecord,
  hold: HoldRecord,
  last: PlanRecord | null,
  nowMs: UnixMs,
): Why | "open" | null {
  if (last === null) return null;
  if (last.endedMs === null) return "open";
  const why = (words: string, untilMs: number | null): Why => ({
    code: "plan",
    words,
    who: "an operator",
    command: exits.drain(host),
    untilMs,
  });
  if (last.createdMs >= hold.createdMs)
    return why(`this fault of ${host.name} was answered by plan ${last.id}, which is over`, null);
  const hasBegun = last.hosts.some(({ operationId }) => operationId !== null);
  const againMs =
    last.createdMs + (hasBegun ? urgentDrain.againAfterMs : urgentDrain.replanAfterMs);
  if (nowMs >= againMs) return null;
  return why(`an earlier fault of ${host.name} was answered by plan ${last.id}`, unixMs(againMs));
}

/** Of its class in its site, of its rack, of its site: what is at fault together has one cause. */
function togetherWhy(host: HostRecord, index: SnapshotIndex): readonly Why[] {
  const rack = rackOf(host);
  const site = siteOf(host);
  const scopes = [
    [groupOf(host), index.hostsByGroup.get(groupOf(host)), `class ${classOf(host)} in ${site}`],
    ...(rack === null ? [] : [[rack, index.hostsByRack.get(rack), `rack ${rack}`] as const]),
    [site, index.hostsBySite.get(site), `site ${site}`],
  ] as const;
  const { hostsMin, shareMin } = domainEvent;
  for (const [key, alike = [], words] of scopes) {
    const ill = illBy(index).get(key) ?? 0;
    if (ill < hostsMin || ill < shareMin * alike.length) continue;
    return [
      {
        code: "domain-event",
        words: `${ill} of ${alike.length} hosts of ${words} are at fault together: that may be the rule and not the hosts`,
        who: "an operator, who drains those that are",
        command: exits.drain(host),
        untilMs: null,
      },
    ];
  }
  return [];
}

const illCounts = new WeakMap<SnapshotIndex, ReadonlyMap<string, number>>();

/** Hosts at fault by class × site, rack and site; counted once for each snapshot. */
function illBy(index: SnapshotIndex): ReadonlyMap<string, number> {
  const known = illCounts.get(index);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const [hostId, holds] of index.holdsByHost) {
    const host = index.hosts.get(hostId);
    if (host === undefined || !holds.some(isFaultOfHealth)) continue;
    const keys = [groupOf(host), rackOf(host), siteOf(host)];
    for (const key of keys) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  illCounts.set(index, counts);
  return counts;
}

/** Losing its heartbeats starts nothing, whatever was known of it before. */
function unheardWhy(host: HostRecord, index: SnapshotIndex): readonly Why[] {
  const { link } = index.observed(host.id);
  if (link === "connected") return [];
  return [
    {
      code: "link",
      words: `${host.name} is ${link === "late" ? "late" : "not connected"}: what was known of its health may be old`,
      who: "the host when it is heard again, or an operator",
      command: exits.drain(host),
      untilMs: null,
    },
  ];
}

function timeWhy(code: "grace" | "hold", words: string, untilMs: number): Why {
  return { code, words, who: "time", command: null, untilMs: unixMs(untilMs) };
}
