import type { HostRecord, Phase } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Rule } from "./checker.ts";
import type { Seen } from "./seen.ts";

/** LIFECYCLE section 8, copied by hand. */
const most = { share: 0.2, hosts: 3, withinMs: 60_000, lostAfterMs: 90_000, graceMs: 300_000 };
/** From when it must bite to when it is asked for: a burst is judged together, a store takes its time. */
const slackMs = 20_000;
/** Locating changes nothing. */
const harmless = new Set(["locate"]);

interface Place {
  phase: Phase;
  readonly scopes: readonly string[];
  isBusy: boolean;
  /** null: it is heard. */
  silentSinceMs: number | null;
  /** Its silence is told by itself: nothing was under way on it, and nobody has looked at it yet. */
  isNews: boolean;
}

interface Scope {
  readonly hosts: Set<HostId>;
  readonly silent: Set<HostId>;
  /** It has bitten: until somebody has looked. */
  isOn: boolean;
}

/**
 * LIFECYCLE section 3: where a fifth and three hosts of a rack, power line or site fall silent within a
 * minute, nothing is begun there from when they are lost (or a manager's grace is over) until a person
 * has looked, also where they came back and whoever leads meanwhile. Counted on the safe side: of all
 * hosts that stand there, only silences that nothing else explains, and only while one manager leads
 * and runs all the time.
 */
export const brake: Rule = {
  name: "brake",
  says: "nothing is begun where many hosts were lost together, until a person has looked",
  begin({ look, broken }) {
    const places = new Map<HostId, Place>();
    const scopes = new Map<string, Scope>();
    const linesOf = new Map<string, readonly string[]>();
    /** Since when each manager runs without a break, and leads at which term. */
    const runningSince = new Map<string, number>();
    let leader: { manager: string; term: number; sinceMs: number } | null = null;

    const put = (record: HostRecord): void => {
      const { id, position, phase, op } = record;
      const known = places.get(id);
      if (known !== undefined) {
        known.phase = phase;
        known.isBusy = op !== null;
        if (op !== null) known.isNews = false;
        return;
      }
      const rack = position && `${position.site}/${position.row}/${position.rack}`;
      const names =
        rack === null
          ? []
          : [`site ${position?.site ?? ""}`, `rack ${rack}`, ...(linesOf.get(rack) ?? [])];
      places.set(id, {
        phase,
        scopes: names,
        isBusy: op !== null,
        silentSinceMs: null,
        isNews: false,
      });
      for (const name of names) {
        const scope = scopes.get(name) ?? { hosts: new Set(), silent: new Set(), isOn: false };
        scopes.set(name, scope);
        scope.hosts.add(id);
      }
    };
    const drop = (id: HostId): void => {
      for (const name of places.get(id)?.scopes ?? []) {
        scopes.get(name)?.hosts.delete(id);
        scopes.get(name)?.silent.delete(id);
      }
      places.delete(id);
    };
    /** Since when the brake is on there by what was lost; null: it need not be. */
    const bitesSince = (scope: Scope): number | null => {
      const stands = [...scope.hosts].filter((id) => isStanding(places.get(id)?.phase)).length;
      const atLeast = Math.max(most.hosts, Math.ceil(most.share * stands));
      if (scope.silent.size < atLeast) return null;
      const since = [...scope.silent]
        .flatMap((id) => {
          const { isNews = false, silentSinceMs = null, phase } = places.get(id) ?? {};
          return isNews && silentSinceMs !== null && isServing(phase) ? [silentSinceMs] : [];
        })
        .toSorted((left, right) => left - right);
      for (let from = 0; from + atLeast <= since.length; from += 1) {
        const [first, last] = [since[from] ?? 0, since[from + atLeast - 1] ?? 0];
        if (last - first <= most.withinMs) return last + most.lostAfterMs;
      }
      return null;
    };
    /** It is on, or must be by now. */
    const isOn = (scope: Scope, atMs: number): boolean => {
      if (scope.isOn || leader === null || scope.silent.size < most.hosts) return scope.isOn;
      const since = bitesSince(scope);
      if (since === null) return false;
      const ranSince = runningSince.get(leader.manager);
      if (ranSince === undefined || ranSince > since - most.lostAfterMs - most.withinMs)
        return false;
      const dueMs = Math.max(since, leader.sinceMs + most.graceMs, ranSince + most.graceMs);
      scope.isOn = atMs >= dueMs + slackMs;
      return scope.isOn;
    };
    const latchAll = (atMs: number): void => {
      for (const scope of scopes.values()) isOn(scope, atMs);
    };
    const restart = (seen: Extract<Seen, { kind: "estate" | "restored" }>): void => {
      const stored = new Set(seen.hosts.map(({ id }) => id));
      for (const id of [...places.keys()]) if (!stored.has(id)) drop(id);
      for (const scope of scopes.values()) scope.isOn = false;
      for (const record of seen.hosts) put(record);
      leader = null;
    };

    return (seen) => {
      switch (seen.kind) {
        case "estate":
          for (const { id, site, row, feeds } of seen.racks)
            linesOf.set(
              id,
              feeds.flatMap(({ name, upstream }) =>
                upstream === null ? [] : [`line ${site}/${row} ${name} of ${upstream}`],
              ),
            );
          restart(seen);
          return;
        case "restored":
          restart(seen);
          return;
        case "manager":
          latchAll(seen.atMs);
          if (seen.is === "started" || seen.is === "resumed")
            runningSince.set(seen.manager, seen.atMs);
          else runningSince.delete(seen.manager);
          return;
        case "heard": {
          const place = places.get(seen.hostId);
          if (place === undefined) return;
          for (const name of place.scopes) {
            const scope = scopes.get(name);
            if (scope === undefined) continue;
            if (!seen.isHeard) scope.silent.add(seen.hostId);
            // What must be on by now stays on, also where they are back.
            else if (isOn(scope, seen.atMs) || scope.silent.size > 0)
              scope.silent.delete(seen.hostId);
          }
          place.silentSinceMs = seen.isHeard ? null : seen.atMs;
          place.isNews = !seen.isHeard && !place.isBusy;
          return;
        }
        case "asked":
          if (seen.verb !== "acknowledge") return;
          for (const id of seen.hostIds)
            for (const name of places.get(id)?.scopes ?? []) {
              const scope = scopes.get(name);
              if (scope === undefined) continue;
              scope.isOn = false;
              for (const silent of scope.silent) {
                const place = places.get(silent);
                if (place !== undefined) place.isNews = false;
              }
            }
          return;
        case "host-written":
          put(seen.record);
          return;
        case "host-removed":
          drop(seen.hostId);
          return;
        case "written": {
          const { manager, change, atMs } = seen;
          if (leader?.term !== change.term) leader = { manager, term: change.term, sinceMs: atMs };
          for (const { hostId, kind, version } of seen.operations) {
            if (version > 1 || harmless.has(kind)) continue;
            look();
            for (const name of places.get(hostId)?.scopes ?? []) {
              const scope = scopes.get(name);
              if (scope !== undefined && isOn(scope, atMs))
                broken(
                  `a ${kind} began on host ${hostId}, and hosts of ${name} were lost together: nobody has looked yet`,
                );
            }
          }
          for (const record of seen.hosts) put(record);
          return;
        }
        default:
      }
    };
  },
};

function isStanding(phase: Phase | undefined): boolean {
  return phase !== undefined && phase !== "planned" && phase !== "retired";
}

function isServing(phase: Phase | undefined): boolean {
  return phase === "active" || phase === "available";
}
