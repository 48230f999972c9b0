import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { AlertId, HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { type DomainScope, type DomainScopes, scopeKey, scopeKinds } from "./domain-scopes.ts";
import { exits } from "./exits.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { Why } from "./why.ts";

/** A host that nobody hears, and since when. */
export interface Loss {
  readonly host: HostRecord;
  readonly silentSinceMs: UnixMs;
}

/** Many hosts of one scope were lost together: its automation stands until a person has looked. */
export interface DomainEvent {
  readonly id: AlertId;
  readonly scope: DomainScope;
  readonly lost: readonly HostId[];
  /** Hosts of the scope that were there when it began. */
  readonly of: number;
  /** When the first of them fell silent. */
  readonly sinceMs: UnixMs;
  readonly raisedMs: UnixMs;
}

export type FoundEvent = Omit<DomainEvent, "id" | "raisedMs">;

/** What happened, in one sentence without its end. */
export function describeEvent({
  scope,
  lost,
  of,
}: Pick<DomainEvent, "scope" | "lost" | "of">): string {
  return `${lost.length} of ${of} hosts of ${scopeKey(scope)} were lost together`;
}

/** That its automation stands. */
export function stoppedWhy(event: DomainEvent): Why {
  return {
    code: "domain-event",
    words: `${describeEvent(event)}: nothing is begun there until a person has looked`,
    who: "an operator",
    command: exits.acknowledgeAlert(event.id),
    untilMs: null,
  };
}

const { shareMin, hostsMin, withinMs } = lifecycleNumbers.domainEvent;

/**
 * What the losses are, taken together: the widest scopes of which at least a fifth, and at least
 * three hosts, fell silent within a minute of each other. One that lies within a wider one is not
 * told again. `present`: hosts that are expected to be heard, the lost ones among them;
 * asked only where it matters.
 */
export function findDomainEvents(
  losses: readonly Loss[],
  present: () => readonly HostRecord[],
  scopes: DomainScopes,
): readonly FoundEvent[] {
  if (losses.length < hostsMin) return [];
  const byScope = new Map<string, { readonly scope: DomainScope; readonly losses: Loss[] }>();
  for (const loss of losses) {
    for (const scope of scopes.of(loss.host)) {
      const found = byScope.get(scopeKey(scope)) ?? { scope, losses: [] };
      found.losses.push(loss);
      byScope.set(scopeKey(scope), found);
    }
  }
  // Mostly hosts are lost one by one: then nobody counts who is there.
  const perhaps = [...byScope].flatMap(([key, { scope, losses: inScope }]) => {
    const together = mostTogether(inScope);
    return together.length < hostsMin ? [] : [{ key, scope, inScope, together }];
  });
  if (perhaps.length === 0) return [];
  const totals = new Map<string, number>(perhaps.map(({ key }) => [key, 0]));
  for (const host of present()) {
    for (const scope of scopes.of(host)) {
      const key = scopeKey(scope);
      const total = totals.get(key);
      if (total !== undefined) totals.set(key, total + 1);
    }
  }
  const found = perhaps.flatMap(({ key, scope, inScope, together }): FoundEvent[] => {
    const [first] = together;
    if (first === undefined) return [];
    // Those that were lost before are no part of what was there.
    const before = inScope.filter((loss) => loss.silentSinceMs < first.silentSinceMs).length;
    const of = Math.max(together.length, (totals.get(key) ?? 0) - before);
    if (together.length < shareMin * of) return [];
    const lost = together.map(({ host }) => host.id).toSorted();
    return [{ scope, lost, of, sinceMs: first.silentSinceMs }];
  });
  return widestOf(found);
}

/** The most losses that lie within a minute of each other, the earliest first. */
function mostTogether(losses: readonly Loss[]): readonly Loss[] {
  const sorted = losses.toSorted((left, right) => left.silentSinceMs - right.silentSinceMs);
  let from = 0;
  let best = { from: 0, to: 0 };
  for (const [at, loss] of sorted.entries()) {
    while (loss.silentSinceMs - (sorted[from]?.silentSinceMs ?? 0) > withinMs) from += 1;
    if (at + 1 - from > best.to - best.from) best = { from, to: at + 1 };
  }
  return sorted.slice(best.from, best.to);
}

/** The widest first; what they cover between them is not told again. */
function widestOf(found: readonly FoundEvent[]): readonly FoundEvent[] {
  const rank = ({ scope }: FoundEvent): number => scopeKinds.indexOf(scope.kind);
  const ordered = found.toSorted(
    (left, right) =>
      right.lost.length - left.lost.length ||
      right.of - left.of ||
      rank(right) - rank(left) ||
      (scopeKey(left.scope) < scopeKey(right.scope) ? -1 : 1),
  );
  const covered = new Set<HostId>();
  return ordered.filter(({ lost }) => {
    const isNew = lost.some((id) => !covered.has(id));
    for (const id of lost) covered.add(id);
    return isNew;
  });
}

export interface MergedEvents {
  readonly open: readonly DomainEvent[];
  readonly raised: readonly DomainEvent[];
  readonly widened: readonly DomainEvent[];
}

/** Whether all hosts of the inner scope lie in the outer one too, so that a brake on that stops them. */
export type Covers = (outer: DomainScope, inner: DomainScope) => boolean;

/** By who stands where; asked only where two scopes have lost hosts in common. */
export function coversBy(hosts: readonly HostRecord[], scopes: DomainScopes): Covers {
  return (outer, inner) => {
    const [outerKey, innerKey] = [scopeKey(outer), scopeKey(inner)];
    return hosts.every((host) => {
      const keys = scopes.of(host).map(scopeKey);
      return !keys.includes(innerKey) || keys.includes(outerKey);
    });
  };
}

/**
 * Open events with what was found now. What an open one covers already only grows it; one that
 * turns out to be wider takes the narrower ones in and keeps the oldest one's name: it is the same
 * event, and the alarm is out already. Only what it covers whole is taken in: a brake never becomes
 * narrower, however many hosts of each scope were there to be lost.
 */
export function mergeDomainEvents(
  open: readonly DomainEvent[],
  found: readonly FoundEvent[],
  covers: Covers,
  make: (event: FoundEvent) => DomainEvent,
): MergedEvents {
  let events = [...open];
  const raised: DomainEvent[] = [];
  const widened: DomainEvent[] = [];
  for (const one of found) {
    const lost = new Set(one.lost);
    const touched = events.filter((event) => event.lost.some((id) => lost.has(id)));
    const same = events.find((event) => scopeKey(event.scope) === scopeKey(one.scope));
    const around = same ?? touched.find((event) => covers(event.scope, one.scope));
    const scope = around?.scope ?? one.scope;
    const inside = touched.filter((event) => event !== around && covers(scope, event.scope));
    const target = around ?? inside[0];
    if (target === undefined) {
      const event = make(one);
      events.push(event);
      raised.push(event);
      continue;
    }
    const all = new Set([...target.lost, ...inside.flatMap((event) => event.lost), ...one.lost]);
    const grown: DomainEvent = {
      ...target,
      scope,
      of: Math.max(target.of, around === undefined ? one.of : 0, all.size),
      lost: [...all].toSorted(),
    };
    const gone = new Set([target, ...inside]);
    events = [...events.filter((event) => !gone.has(event)), grown];
    if (around === undefined) widened.push(grown);
  }
  return { open: events, raised, widened };
}
