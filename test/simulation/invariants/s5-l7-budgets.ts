import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { Rule, RuleWatch } from "./checker.ts";
import type { Seen } from "./seen.ts";

/** LIFECYCLE section 8, copied by hand. */
const most = { rack: 1, feed: 2, siteShare: 0.02, siteMin: 1, cell: 50, startsPerMinute: 10 };
const floorShare = 0.7;
/** Nine heartbeats missed: from this very moment on it is lost. */
const lostAfterMs = 90_000;
/** Under which a host serves nobody. */
const taking = new Set([
  "drain",
  "reboot",
  "power",
  "service",
  "repair",
  "reimage",
  "retire",
  "deploy",
]);

interface Counted {
  readonly rack: string | null;
  readonly feeds: readonly string[];
  readonly site: string;
  readonly group: string;
  phase: HostRecord["phase"];
  faults: number;
  verdict: Verdict;
  /** null: it is heard. */
  silentSinceMs: number | null;
  operation: OperationRecord | null;
  /** It was silent when its operation began: then it costs nothing until it is heard. */
  wasSilent: boolean;
  /** It had failed before its drain began: that takes nothing that was not lost already. */
  hadFailed: boolean;
}

/** Who stands where, and what is so of it in truth: counted here, by hand, host by host. */
function createCount(
  onStart: (host: Counted, operation: OperationRecord, atMs: number, all: Count) => void,
) {
  const hosts = new Map<HostId, Counted>();
  const groups = new Map<string, Set<HostId>>();
  const siteSizes = new Map<string, number>();
  const busy = new Set<HostId>();
  const faultHolds = new Map<string, HostId>();
  const feedsOf = new Map<string, readonly string[]>();
  /** How each operation began, by the world's time: what a manager noted by its own clock is not asked. */
  const begun = new Map<OperationId, { readonly atMs: number; readonly hadFailed: boolean }>();
  /** What is so of a machine is so whether its record stands, is gone, or is back from a backup. */
  const truths = new Map<HostId, { verdict: Verdict; silentSinceMs: number | null }>();
  const truthOf = (id: HostId) => {
    const truth = truths.get(id) ?? { verdict: "ok", silentSinceMs: null };
    truths.set(id, truth);
    return truth;
  };
  const all: Count = { hosts, groups, siteSizes, busy };

  const stands = (phase: HostRecord["phase"]): boolean =>
    phase !== "planned" && phase !== "retired";
  const move = (host: Counted, id: HostId, by: 1 | -1): void => {
    if (!stands(host.phase)) return;
    siteSizes.set(host.site, (siteSizes.get(host.site) ?? 0) + by);
    const group = groups.get(host.group) ?? new Set();
    groups.set(host.group, group);
    if (by === 1) group.add(id);
    else group.delete(id);
  };
  const put = (record: HostRecord): void => {
    const { position, hardwareClass, id, phase } = record;
    const known = hosts.get(id);
    if (known !== undefined) move(known, id, -1);
    const rack = position && `${position.site}/${position.row}/${position.rack}`;
    const site = position?.site ?? "nowhere";
    const fresh: Counted = {
      faults: 0,
      operation: null,
      wasSilent: false,
      hadFailed: false,
      ...known,
      ...truthOf(id),
      rack,
      site,
      phase,
      feeds: feedsOf.get(rack ?? "") ?? [],
      group: `${site} ${hardwareClass ?? "none"}`,
    };
    hosts.set(id, fresh);
    move(fresh, id, 1);
  };
  const setOperation = (operation: OperationRecord, wasSilent: boolean): void => {
    const host = hosts.get(operation.hostId);
    if (host === undefined) return;
    if (operation.endedMs === null) {
      if (host.operation?.id !== operation.id) {
        host.wasSilent = wasSilent;
        // A backup brings it back as it began, however its host is by then.
        host.hadFailed = begun.get(operation.id)?.hadFailed ?? hasFailed(host, operation);
      }
      host.operation = operation;
      busy.add(operation.hostId);
    } else if (host.operation?.id === operation.id) {
      host.operation = null;
      busy.delete(operation.hostId);
    }
  };

  return (seen: Seen): void => {
    switch (seen.kind) {
      case "estate":
        for (const { id, site, row, feeds } of seen.racks)
          feedsOf.set(
            id,
            feeds.map(({ name, upstream }) =>
              upstream === null ? `${id} ${name}` : `${site}/${row} ${name} of ${upstream}`,
            ),
          );
        for (const record of seen.hosts) put(record);
        return;
      case "restored": {
        const stored = new Set(seen.hosts.map(({ id }) => id));
        for (const [id, host] of hosts) {
          host.operation = null;
          host.faults = 0;
          if (!stored.has(id)) move(host, id, -1);
        }
        busy.clear();
        faultHolds.clear();
        for (const record of seen.hosts) put(record);
        for (const hold of seen.holds) addHold(hold.id, hold.hostId, hold.kind);
        for (const operation of seen.operations) {
          const since = hosts.get(operation.hostId)?.silentSinceMs ?? null;
          const fromMs = begun.get(operation.id)?.atMs ?? operation.startedMs;
          setOperation(operation, since !== null && since + lostAfterMs <= fromMs);
        }
        return;
      }
      case "heard": {
        const silentSinceMs = seen.isHeard ? null : seen.atMs;
        truthOf(seen.hostId).silentSinceMs = silentSinceMs;
        const host = hosts.get(seen.hostId);
        if (host !== undefined) host.silentSinceMs = silentSinceMs;
        if (host !== undefined && seen.isHeard) host.wasSilent = false;
        return;
      }
      case "host-is": {
        truthOf(seen.hostId).verdict = seen.verdict;
        const host = hosts.get(seen.hostId);
        if (host !== undefined) host.verdict = seen.verdict;
        return;
      }
      case "host-written":
        put(seen.record);
        return;
      case "host-removed": {
        const host = hosts.get(seen.hostId);
        if (host !== undefined) move(host, seen.hostId, -1);
        hosts.delete(seen.hostId);
        busy.delete(seen.hostId);
        return;
      }
      case "written":
        // Judged on what was so before it began.
        for (const operation of seen.operations) {
          const host = hosts.get(operation.hostId);
          if (host === undefined || operation.version > 1) continue;
          begun.set(operation.id, { atMs: seen.atMs, hadFailed: hasFailed(host, operation) });
          onStart(host, operation, seen.atMs, all);
        }
        for (const operation of seen.operations) {
          const since = hosts.get(operation.hostId)?.silentSinceMs ?? null;
          setOperation(operation, since !== null && seen.atMs - since >= lostAfterMs);
        }
        for (const record of seen.hosts) put(record);
        for (const id of seen.change.holdsReleased ?? []) {
          const host = hosts.get(faultHolds.get(id) ?? ("" as HostId));
          if (faultHolds.delete(id) && host !== undefined) host.faults -= 1;
        }
        for (const { id, hostId, kind } of seen.change.holdsAdded ?? []) addHold(id, hostId, kind);
        return;
      default:
    }
  };

  function addHold(id: string, hostId: HostId, kind: string): void {
    const host = hosts.get(hostId);
    if (kind !== "fault" || host === undefined || faultHolds.has(id)) return;
    faultHolds.set(id, hostId);
    host.faults += 1;
  }
}

interface Count {
  readonly hosts: ReadonlyMap<HostId, Counted>;
  readonly groups: ReadonlyMap<string, ReadonlySet<HostId>>;
  readonly siteSizes: ReadonlyMap<string, number>;
  readonly busy: ReadonlySet<HostId>;
}

const inService = (phase: HostRecord["phase"]): boolean =>
  phase === "active" || phase === "available";
const isSilent = ({ silentSinceMs }: Counted, atMs: number): boolean =>
  silentSinceMs !== null && atMs - silentSinceMs >= lostAfterMs;

function isTaken(host: Counted): boolean {
  const { operation, wasSilent, silentSinceMs, hadFailed, verdict } = host;
  if (operation === null || !taking.has(operation.kind) || !inService(operation.fromPhase))
    return false;
  if (hadFailed && verdict === "failed") return false;
  return !(wasSilent && silentSinceMs !== null);
}

const hasFailed = ({ verdict }: Counted, { kind }: OperationRecord): boolean =>
  kind === "drain" && verdict === "failed";

function serves(host: Counted, atMs: number): boolean {
  const isBusy = host.operation !== null && taking.has(host.operation.kind);
  return (
    inService(host.phase) &&
    !isSilent(host, atMs) &&
    host.verdict !== "failed" &&
    host.faults === 0 &&
    !isBusy
  );
}

/** S5: no budget is exceeded by what we begin: by rack, power line, site, cell, and in a minute. */
export const s5: Rule = {
  name: "S5",
  says: "budgets never exceeded",
  begin({ look, broken }) {
    let starts: number[] = [];
    return createCount((host, operation, atMs, all) => {
      look();
      starts = [...starts.filter((ms) => atMs - ms < 60_000), atMs];
      if (starts.length > most.startsPerMinute)
        broken(`${starts.length} operations began within a minute`);
      if (!taking.has(operation.kind) || !inService(host.phase) || isSilent(host, atMs)) return;
      if (hasFailed(host, operation)) return;
      let [rack, site, cell] = [1, 1, 1];
      const feeds = new Map(host.feeds.map((feed) => [feed, 1]));
      for (const id of all.busy) {
        const other = all.hosts.get(id);
        if (other === undefined || other === host || !isTaken(other)) continue;
        cell += 1;
        if (other.site === host.site) site += 1;
        if (host.rack !== null && other.rack === host.rack) rack += 1;
        for (const feed of other.feeds) {
          const count = feeds.get(feed);
          if (count !== undefined) feeds.set(feed, count + 1);
        }
      }
      const siteMost = Math.max(
        most.siteMin,
        Math.floor((all.siteSizes.get(host.site) ?? 0) * most.siteShare),
      );
      const what = `${operation.kind} of host ${operation.hostId}`;
      if (rack > most.rack) broken(`${what}: ${rack} hosts of rack ${host.rack ?? ""} are taken`);
      for (const [feed, count] of feeds)
        if (count > most.feed) broken(`${what}: ${count} hosts of feed ${feed} are taken`);
      if (site > siteMost)
        broken(`${what}: ${site} hosts of ${host.site} are taken, of ${siteMost}`);
      if (cell > most.cell) broken(`${what}: ${cell} hosts of the cell are taken`);
    });
  },
};

/** L7: what is out for any reason is counted in the serving floor of its class and site. */
export const l7: Rule = {
  name: "L7",
  says: "what is out for any reason is counted in the capacity floor",
  begin({ look, broken }: RuleWatch) {
    return createCount((host, operation, atMs, all) => {
      if (!taking.has(operation.kind) || !serves(host, atMs)) return;
      look();
      const group = all.groups.get(host.group) ?? new Set();
      let serving = 0;
      for (const id of group) {
        const other = all.hosts.get(id);
        if (other !== undefined && serves(other, atMs)) serving += 1;
      }
      const floor = Math.max(0, Math.min(Math.ceil(group.size * floorShare), group.size - 1));
      if (serving - 1 < floor)
        broken(
          `${operation.kind} of host ${operation.hostId}: ${serving - 1} of ${group.size} hosts of ${host.group} serve, ${floor} must`,
        );
    });
  },
};
