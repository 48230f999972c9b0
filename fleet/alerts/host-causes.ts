import type { Finding } from "#fleet/health/finding.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import { describeEvent } from "#fleet/lifecycle/domain-events.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { Cause } from "./alert.ts";
import type { AlertFacts, HostFacts } from "./alert-facts.ts";
import { placeOf } from "./alert-place.ts";
import { workThere } from "./planned-work.ts";

/** What is wrong with hosts; what was lost together is one cause with its hosts in it. */
export function findHostCauses(facts: AlertFacts): readonly Cause[] {
  const named = new Map(facts.hosts.map((one) => [one.host.id, one]));
  const events = facts.events.map((known) => eventCause(known, named, facts.nowMs));
  const isCovered = createCover(facts.events);
  const single = facts.hosts.flatMap((host): readonly Cause[] => [
    ...lostCause(host, facts, isCovered),
    ...healthCause(host, facts),
    ...cloneCause(host, facts),
  ]);
  return [...events, ...single];
}

function eventCause(
  known: KnownEvent,
  named: ReadonlyMap<HostId, HostFacts>,
  nowMs: UnixMs,
): Cause {
  const { event, acknowledged } = known;
  const lost = event.lost.flatMap((id) => named.get(id) ?? []);
  const away = lost.filter(({ link }) => link.state === "lost").length;
  const still =
    away === event.lost.length ? "" : away === 0 ? "; all are back" : `; ${away} still are`;
  return {
    key: `domain-event:${event.id}`,
    kind: "domain-event",
    severity: "page",
    words: `${describeEvent(event)}${still}`,
    command: acknowledged === null ? exits.acknowledgeAlert(event.id) : null,
    scope: event.scope,
    place: placeOf(lost.map(({ host }) => host)),
    hosts: event.lost
      .map((id) => ({ id, name: named.get(id)?.host.name ?? id }))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    of: event.of,
    sinceMs: event.sinceMs > nowMs ? nowMs : event.sinceMs,
    id: event.id,
    acknowledged:
      acknowledged === null
        ? null
        : { by: acknowledged.by, atMs: acknowledged.atMs, reason: acknowledged.reason },
    work: null,
  };
}

/** Is a host's silence part of what is told as one? */
type Cover = (hostId: HostId, silentSinceMs: UnixMs) => boolean;

function createCover(events: readonly KnownEvent[]): Cover {
  /** Until when a silence that began then is covered; an open event covers whatever is silent. */
  const until = new Map<HostId, number>();
  for (const { event, acknowledged } of events) {
    if (acknowledged === null) for (const id of event.lost) until.set(id, Number.POSITIVE_INFINITY);
    else
      for (const { hostId, sinceMs } of acknowledged.silences)
        until.set(hostId, Math.max(sinceMs, until.get(hostId) ?? 0));
  }
  return (hostId, silentSinceMs) => silentSinceMs <= (until.get(hostId) ?? -1);
}

function lostCause(facts: HostFacts, all: AlertFacts, isCovered: Cover): readonly Cause[] {
  const { host, link } = facts;
  if (link.state !== "lost" || link.lastHeardMs === null) return [];
  if (isCovered(host.id, link.lastHeardMs)) return [];
  return [
    {
      ...about(facts, "host-lost", all),
      severity: "warn",
      words: `${host.name} is not heard any more`,
      command: exits.explain(host),
      sinceMs: link.lastHeardMs,
    },
  ];
}

/** What is about to fail or has failed, worst first; what only works with less is for the console. */
function healthCause(facts: HostFacts, all: AlertFacts): readonly Cause[] {
  const { host, health, holds } = facts;
  const bad = health.findings.filter(({ verdict }) => verdict !== "degraded");
  const held = holds.filter(({ kind }) => kind === "fault");
  const [worst] = bad;
  if (worst === undefined) {
    const [hold] = held;
    if (hold === undefined) return [];
    return [
      {
        ...about(facts, "fault-hold", all),
        severity: "warn",
        words: `${host.name} takes no new work: fault hold of ${hold.holder}: ${hold.reason}`,
        command: exits.explain(host),
        sinceMs: hold.createdMs,
      },
    ];
  }
  const more = bad.length === 1 ? "" : `; and ${bad.length - 1} more`;
  const closed = held.length === 0 ? "" : "; it takes no new work";
  return [
    {
      ...about(facts, "health", all),
      severity: "warn",
      words: `${host.name}: ${findingWords(worst)}${more}${closed}`,
      command: exits.explain(host),
      sinceMs: unixMs(Math.min(...bad.map(({ sinceMs }) => sinceMs))),
    },
  ];
}

function findingWords({ component, verdict, detail }: Finding): string {
  const name = component.kind === "host" ? "" : `${component.kind} ${component.name} `;
  return `${name}${verdict}: ${detail}`;
}

function cloneCause(facts: HostFacts, all: AlertFacts): readonly Cause[] {
  const sinceMs = all.clones.get(facts.host.id);
  if (sinceMs === undefined) return [];
  const { host } = facts;
  return [
    {
      ...about(facts, "host-cloned", all),
      severity: "page",
      words: `two machines use the identity of ${host.name}: nothing is ordered of it until one is enrolled anew`,
      command: exits.explain(host),
      sinceMs,
    },
  ];
}

function about(
  facts: HostFacts,
  kind: Cause["kind"],
  all: AlertFacts,
): Omit<Cause, "severity" | "words" | "command" | "sinceMs"> {
  const { host } = facts;
  return {
    key: `${kind}:${host.id}`,
    kind,
    scope: { kind: "host", name: host.name },
    place: placeOf([host]),
    hosts: [{ id: host.id, name: host.name }],
    of: 1,
    id: null,
    acknowledged: null,
    work: workThere(kind, host, all.openWindows),
  };
}
