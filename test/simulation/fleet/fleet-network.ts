import type { Verdict } from "#fleet/health/verdict.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import type { Hello } from "#proto/messages/frames.ts";
import type { OrderProgress } from "#proto/messages/orders.ts";
import type { CancelTimer } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { Seen } from "../invariants/seen.ts";
import type { SimulatedManager } from "./simulated-manager.ts";
import { SimulatedServer } from "./simulated-server.ts";

export interface WayFaults {
  /** Share of orders, answers and progress that is lost. */
  readonly loss: number;
  /** An order arrives twice, the second time late. */
  readonly duplicate: number;
  /** Up to this long on each way. */
  readonly delayMs: number;
}

/** All servers and what lies between them and their managers. */
export interface FleetNetwork {
  readonly ids: readonly HostId[];
  /** A server that comes later, on the bench: in no rack, and not among `ids`, which are drawn from. */
  add(record: HostRecord, number: number): void;
  server(hostId: HostId): SimulatedServer | undefined;
  record(hostId: HostId): HostRecord | undefined;
  /** `sinceMs`: since when, by the world's time; silence begins with the last sign of life. */
  heard(hostId: HostId): { readonly isHeard: boolean; readonly sinceMs: number };
  /** The same in one word, for who asks it of all. */
  isHeard(hostId: HostId): boolean;
  verdict(hostId: HostId): Verdict;
  /** A host has a record; one that has no server here is heard by nobody. */
  recorded(hostId: HostId): void;
  mayReach(hostId: HostId): boolean;
  mayAnswer(hostId: HostId): boolean;
  faults(hostId: HostId): WayFaults;
  setFaults(faults: WayFaults): void;
  /** A rack (`fra2/row-a/rack-01`), a site (`fra2`) or a host's id is cut off, or joined again. */
  cut(scope: string): void;
  join(scope: string): void;
  /** One way only: it hears nothing, or nobody hears it. */
  setDeaf(hostId: HostId, isDeaf: boolean): void;
  setMute(hostId: HostId, isMute: boolean): void;
  /** Something about the server has changed: whether it is heard is looked at. */
  look(hostId: HostId): void;
  setVerdict(hostId: HostId, verdict: Verdict): void;
  attach(manager: SimulatedManager): void;
  detach(manager: SimulatedManager): void;
  managers(): readonly SimulatedManager[];
  scopes(): { readonly racks: readonly string[]; readonly sites: readonly string[] };
  see(seen: Seen): void;
  /** A host says of another's operation what only that one could know; `luck` is what its way draws from. */
  gossip(from: HostId, progress: OrderProgress, luck?: SeededRandom): void;
}

interface Station {
  readonly server: SimulatedServer;
  readonly record: HostRecord;
  cuts: number;
  isDeaf: boolean;
  isMute: boolean;
  isHeard: boolean;
  sinceMs: number;
  /** Its newest boot is in a manager's record. */
  recordedBoot: number;
  timers: CancelTimer[];
}

export const calmWay: WayFaults = { loss: 0, duplicate: 0, delayMs: 80 };
const graceMs = 300_000;
const unheard = { isHeard: false, sinceMs: 0 };

export function createFleetNetwork(parts: {
  readonly hosts: readonly HostRecord[];
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly see: (seen: Seen) => void;
  readonly onDown: (server: SimulatedServer) => void;
}): FleetNetwork {
  const { clock, random, see } = parts;
  const stations = new Map<HostId, Station>();
  const scopes = new Map<string, Station[]>();
  const cutScopes = new Set<string>();
  const racks: string[] = [];
  const sites: string[] = [];
  const managers: SimulatedManager[] = [];
  /** Those that are not heard, those that are not well, and hosts without a server: few of them all. */
  const silent = new Set<HostId>();
  const unwell = new Map<HostId, Verdict>();
  const strangers = new Set<HostId>();
  let faults = calmWay;

  const world = {
    nowMs: (): number => clock.nowUnixMs(),
    after: (delayMs: number, run: () => void): void => void clock.after(delayMs, run),
    see,
    goDown: parts.onDown,
    tell(server: SimulatedServer, progress: OrderProgress): void {
      carry(server.id, progress);
    },
  };
  const carry = (from: HostId, progress: OrderProgress, luck = random): void => {
    if (luck.chance(faults.loss) || !mayAnswer(from)) return;
    const deliver = (): void => {
      for (const manager of managers) manager.way.hear(from, progress);
    };
    clock.after(20 + luck.next() * faults.delayMs, deliver);
    if (luck.chance(faults.duplicate)) clock.after(2_000 + luck.next() * faults.delayMs, deliver);
  };

  const add = (record: HostRecord, number: number): Station => {
    const station: Station = {
      server: new SimulatedServer(record.id, number, world),
      record,
      cuts: 0,
      isDeaf: false,
      isMute: false,
      isHeard: true,
      sinceMs: clock.nowUnixMs() - 3_600_000,
      recordedBoot: 1,
      timers: [],
    };
    stations.set(record.id, station);
    // Its record may have come before it.
    silent.delete(record.id);
    strangers.delete(record.id);
    scopes.set(record.id, [station]);
    return station;
  };
  for (const [at, record] of parts.hosts.entries()) {
    const station = add(record, at + 1);
    const { position } = record;
    const rack = position === null ? "" : `${position.site}/${position.row}/${position.rack}`;
    for (const [scope, names] of [
      [rack, racks],
      [position?.site ?? "", sites],
    ] as const) {
      const known = scopes.get(scope);
      if (known === undefined) names.push(scope);
      scopes.set(scope, [...(known ?? []), station]);
    }
  }

  function mayReach(hostId: HostId): boolean {
    const station = stations.get(hostId);
    return station?.server.answers === true && station.cuts === 0 && !station.isDeaf;
  }
  function mayAnswer(hostId: HostId): boolean {
    const station = stations.get(hostId);
    return station?.server.answers === true && station.cuts === 0 && !station.isMute;
  }

  const publish = (station: Station, state: LinkState): void => {
    for (const manager of managers)
      if (manager.state() === "running")
        manager.events.publish({ kind: "link-changed", hostId: station.record.id, state });
  };
  /** Its session opens: each says what it knows. */
  const hello = (station: Station, manager: SimulatedManager): void => {
    if (manager.state() !== "running") return;
    const { server } = station;
    manager.life.safeMode.told(server.id, server.term);
    server.term = Math.max(server.term, manager.life.term());
    if (station.recordedBoot !== server.boot) {
      const { boot, bootId } = server;
      manager.inventory
        .recordSession(server.id, { bootId, agentRelease: "0.1.0" } as unknown as Hello)
        .then(
          () => {
            if (boot === server.boot) station.recordedBoot = boot;
          },
          () => {},
        );
    }
  };
  const home = (): SimulatedManager | undefined =>
    managers.find((manager) => manager.state() === "running" && manager.life.isLeader()) ??
    managers.find((manager) => manager.state() === "running");

  const look = (hostId: HostId): void => {
    const station = stations.get(hostId);
    if (station === undefined) return;
    const isHeard = mayAnswer(hostId);
    if (isHeard === station.isHeard) {
      // It came back before anybody missed it.
      if (isHeard && station.recordedBoot !== station.server.boot) greet(station);
      return;
    }
    for (const cancel of station.timers) cancel();
    station.timers = [];
    station.isHeard = isHeard;
    if (isHeard) silent.delete(hostId);
    else silent.add(hostId);
    const silentMs = clock.nowUnixMs() - station.sinceMs;
    station.sinceMs = clock.nowUnixMs();
    see({ kind: "heard", atMs: clock.nowUnixMs(), hostId, isHeard });
    if (isHeard) {
      if (silentMs >= 30_000) publish(station, "connected");
      greet(station);
    } else
      station.timers = [
        clock.after(30_000, () => publish(station, "late")),
        clock.after(90_000, () => publish(station, "lost")),
      ];
  };
  function greet(station: Station): void {
    const one = home();
    if (one !== undefined) hello(station, one);
    for (const manager of managers) manager.way.back(station.record.id);
  }

  return {
    ids: parts.hosts.map(({ id }) => id),
    add: (record, number) => void add(record, number),
    server: (hostId) => stations.get(hostId)?.server,
    record: (hostId) => stations.get(hostId)?.record,
    heard: (hostId) => stations.get(hostId) ?? unheard,
    isHeard: (hostId) => !silent.has(hostId),
    verdict: (hostId) => unwell.get(hostId) ?? (strangers.has(hostId) ? "unknown" : "ok"),
    recorded(hostId) {
      if (stations.has(hostId)) return;
      strangers.add(hostId);
      silent.add(hostId);
    },
    mayReach,
    mayAnswer,
    faults: () => faults,
    setFaults(next) {
      faults = next;
    },
    cut(scope) {
      if (cutScopes.has(scope)) return;
      cutScopes.add(scope);
      for (const station of scopes.get(scope) ?? []) {
        station.cuts += 1;
        look(station.record.id);
      }
    },
    join(scope) {
      if (!cutScopes.delete(scope)) return;
      for (const station of scopes.get(scope) ?? []) {
        station.cuts -= 1;
        clock.after(random.next() * 20_000, () => look(station.record.id));
      }
    },
    setDeaf(hostId, isDeaf) {
      const station = stations.get(hostId);
      if (station !== undefined) station.isDeaf = isDeaf;
      if (!isDeaf) for (const manager of managers) manager.way.back(hostId);
    },
    setMute(hostId, isMute) {
      const station = stations.get(hostId);
      if (station === undefined) return;
      station.isMute = isMute;
      look(hostId);
    },
    look,
    setVerdict(hostId, verdict) {
      const station = stations.get(hostId);
      if (station === undefined) return;
      station.server.setVerdict(verdict);
      if (verdict === "ok") unwell.delete(hostId);
      else unwell.set(hostId, verdict);
      for (const manager of managers)
        if (manager.state() === "running")
          manager.events.publish({ kind: "health-changed", hostId, verdict });
    },
    attach(manager) {
      managers.push(manager);
      for (const station of stations.values()) if (station.isHeard) hello(station, manager);
      // What it found silent is called lost when its grace is over.
      clock.after(graceMs, () => {
        if (manager.state() !== "running") return;
        for (const { isHeard, record, sinceMs } of stations.values())
          if (!isHeard && clock.nowUnixMs() - sinceMs >= 90_000)
            manager.events.publish({ kind: "link-changed", hostId: record.id, state: "lost" });
      });
    },
    detach(manager) {
      const at = managers.indexOf(manager);
      if (at >= 0) managers.splice(at, 1);
    },
    managers: () => managers,
    scopes: () => ({ racks, sites }),
    see,
    gossip: carry,
  };
}
