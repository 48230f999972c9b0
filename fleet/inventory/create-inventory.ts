import type { CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { FleetEvents } from "./fleet-events.ts";
import { deriveHardwareClass } from "./hardware-class.ts";
import { compareHardware, profileOf } from "./hardware-profile.ts";
import type { HostRecord } from "./host-record.ts";
import type { Inventory, NewHost } from "./inventory.ts";
import { createInventoryCache, type InventoryCache } from "./inventory-cache.ts";
import type { InventoryConflict, InventoryStore } from "./inventory-store.ts";
import { estateWrite } from "./estate-write.ts";
import { noteComponents, noteHardwareClass } from "./note-components.ts";
import { findHostConflict, preparePlace } from "./placing.ts";
import { bmcMacOf, usableSerial } from "./serial.ts";

export interface InventoryEffects {
  readonly cell: CellId;
  readonly store: InventoryStore;
  readonly clock: Clock;
  readonly events: FleetEvents;
  readonly log: Log;
  /** Newest report of a host that is on disk; noted in its record whenever that is written. */
  readonly lastReportMs?: (id: HostId) => UnixMs | null;
}

/** How often a record may move under a change before we believe in a defect. */
const attemptsMax = 8;

/**
 * The inventory over a store: read from memory, written through. A change is on disk when its
 * promise resolves, and its event is published after that.
 */
export function createInventory(effects: InventoryEffects): Inventory {
  const { cell, store, clock, events, log } = effects;
  let loading: Promise<InventoryCache> | undefined;
  const load = (): Promise<InventoryCache> => {
    loading ??= createInventoryCache(store).catch((cause: unknown) => {
      loading = undefined;
      throw cause;
    });
    return loading;
  };

  const reread = async (id: HostId): Promise<HostRecord | undefined> => {
    const cache = await load();
    const found = await store.findHost(id);
    if (found !== undefined) cache.put(found);
    else if (cache.host(id) !== undefined) dropTold(cache, id);
    return cache.host(id);
  };
  const dropTold = (cache: InventoryCache, id: HostId): void => {
    cache.drop(id);
    events.publish({ kind: "host-removed", hostId: id });
  };

  /** Compare-and-swap until it holds; the record is read again when somebody else was faster. */
  const change = async (
    id: HostId,
    alter: (record: HostRecord) => HostRecord,
  ): Promise<Result<HostRecord, InventoryConflict | { readonly kind: "no-such-host" }>> => {
    const cache = await load();
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const known = cache.host(id);
      if (known === undefined) return fail({ kind: "no-such-host" });
      const altered = alter(known);
      if (altered === known) return ok(known);
      const lastReportMs = effects.lastReportMs?.(id) ?? known.lastReportMs;
      const record = { ...altered, lastReportMs, revision: known.revision + 1 };
      const written = await store.updateHost(record, known.revision);
      if (written.ok) {
        cache.put(record);
        events.publish({ kind: "host-changed", hostId: id });
        return ok(record);
      }
      if (written.problem.kind !== "revision-moved") return written;
      await reread(id);
    }
    invariant(false, `host ${id} moved under ${attemptsMax} changes in a row`);
  };

  return {
    hosts: async () => (await load()).hosts(),
    host: async (id) => (await load()).host(id),
    resolve: async (idOrName) => (await load()).resolve(idOrName),
    state: (id) => store.readState(id),
    sites: async () => (await load()).sites(),
    racks: async () => (await load()).racks(),

    async addHost(host) {
      const cache = await load();
      const record = newRecord(host, cell, clock.nowUnixMs());
      const conflict = findHostConflict(cache, record);
      if (conflict !== undefined) return fail(conflict);
      if (host.position !== null) await preparePlace(cache, store, host.position, cell);
      const written = await store.insertHost(record);
      if (!written.ok) return written;
      cache.put(record);
      log.info({ hostId: record.id, host: record.name, simulated: record.simulated }, "host added");
      events.publish({ kind: "host-changed", hostId: record.id });
      return ok(record);
    },

    async place(id: HostId, position: Position) {
      const cache = await load();
      const known = cache.host(id);
      if (known === undefined) return fail({ kind: "no-such-host" });
      const conflict = findHostConflict(cache, { ...known, position });
      if (conflict !== undefined) return fail(conflict);
      await preparePlace(cache, store, position, cell);
      return change(id, (record) =>
        samePosition(record.position, position) ? record : { ...record, position },
      );
    },

    async remove(id) {
      const cache = await load();
      const removed = await store.removeHost(id);
      if (removed === "in-use") return removed;
      if (removed === "removed") log.info({ hostId: id }, "host removed");
      // Another manager may have been told first, and we know of the host still.
      if (removed === "removed" || cache.host(id) !== undefined) dropTold(cache, id);
      return removed;
    },

    async applyEstate(changes, newHostId) {
      const cache = await load();
      const write = estateWrite(changes, cache, (facts) => ({
        ...newRecord({ ...plannedHost, id: newHostId(), ...facts }, cell, clock.nowUnixMs()),
        ...facts,
      }));
      if (!write.ok) return write;
      const written = await store.applyEstate(write.value);
      if (!written.ok) return written;
      const { sites, racks, added, changed } = write.value;
      for (const site of sites) cache.putSite(site.record);
      for (const rack of racks) cache.putRack(rack.record);
      const hosts = [...added, ...changed.map(({ record }) => record)];
      for (const host of hosts) cache.put(host);
      for (const { id } of hosts) events.publish({ kind: "host-changed", hostId: id });
      return ok({ hosts });
    },

    async claimPlanned(id, { adopted, simulated }) {
      let isMine = false;
      const claimed = await change(id, (record) => {
        isMine = record.phase === "planned";
        const phase = adopted ? "active" : "new";
        return isMine ? { ...record, phase, adopted, watchedOnly: adopted, simulated } : record;
      });
      if (!claimed.ok || !isMine) return fail({ kind: "not-planned" });
      log.info({ hostId: id, from: "planned", to: claimed.value.phase }, "host state changed");
      return claimed;
    },

    async noteWritten(record) {
      (await load()).put(record);
      events.publish({ kind: "host-changed", hostId: record.id });
    },

    reread,
    async reload() {
      const { changed, removed } = await (await load()).reload();
      for (const hostId of changed) events.publish({ kind: "host-changed", hostId });
      for (const hostId of removed) events.publish({ kind: "host-removed", hostId });
    },

    async recordSession(id, hello) {
      const { bootId, agentRelease } = hello;
      const changed = await change(id, (record) =>
        record.bootId === bootId && record.agentRelease === agentRelease
          ? record
          : { ...record, bootId, agentRelease },
      );
      if (!changed.ok) log.warn({ hostId: id, problem: changed.problem }, "session not recorded");
    },

    components: (id) => store.listComponents(id),
    componentChanges: (id, limit) => store.listComponentChanges(id, limit),

    async hardwareDifferences(id) {
      const hardwareClass = (await load()).host(id)?.hardwareClass ?? null;
      if (hardwareClass === null) return null;
      const expected = await store.readHardwareProfile(hardwareClass);
      const state = await store.readState(id);
      if (expected === undefined || state === undefined) return null;
      return compareHardware(expected, profileOf(state));
    },

    async acceptHardware(id) {
      const state = await store.readState(id);
      if (state === undefined) return undefined;
      const hardwareClass = deriveHardwareClass(state);
      if (hardwareClass !== null)
        await noteHardwareClass(store, hardwareClass, state, clock.nowUnixMs());
      const changed = await change(id, (record) =>
        record.hardwareClass === hardwareClass ? record : { ...record, hardwareClass },
      );
      if (!changed.ok) return undefined;
      log.info({ hostId: id, hardwareClass }, "hardware accepted as it is");
      return changed.value;
    },

    async recordState(id, state) {
      const host = (await load()).host(id);
      // Before the state: a state that was written is not sent again.
      if (host !== undefined) await noteComponents(store, host, state, log);
      await store.writeState(id, state);
      const serial = usableSerial(state.identity);
      const hardwareClass = deriveHardwareClass(state);
      const changed = await change(id, (record) => {
        // What was known once stays known: a host that no longer says is not another machine.
        const next = {
          serial: serial ?? record.serial,
          // As planned, where it was planned: that it is another one is for a person to see.
          bmcMac: record.bmcMac ?? bmcMacOf(state.identity),
          hardwareClass: isSettled(record, clock.nowUnixMs())
            ? record.hardwareClass
            : (hardwareClass ?? record.hardwareClass),
        };
        return next.serial === record.serial &&
          next.bmcMac === record.bmcMac &&
          next.hardwareClass === record.hardwareClass
          ? record
          : { ...record, ...next };
      });
      const own = changed.ok ? changed.value.hardwareClass : null;
      // A class that was planned under a name of its own is described by its first host too.
      const isDescribed = own === null || own === hardwareClass;
      const isFirst = !isDescribed && (await store.readHardwareProfile(own)) === undefined;
      if (own !== null && hardwareClass !== null && (isDescribed || isFirst))
        await noteHardwareClass(store, own, state, clock.nowUnixMs());
      if (!changed.ok) log.warn({ hostId: id, problem: changed.problem }, "state not recorded");
      else events.publish({ kind: "host-state", hostId: id });
    },
  };
}

/**
 * Slow facts trickle in after enrolment; from then on the class is what the host shall be, and a
 * part that goes missing makes it differ from its class, not go to another.
 */
const settlesMs = 3_600_000;

function isSettled(record: HostRecord, nowMs: number): boolean {
  // `new`: it was planned, and its class with it.
  const isPlanned = record.phase === "new" || nowMs - record.createdMs > settlesMs;
  return record.hardwareClass !== null && isPlanned;
}

const plannedHost = {
  phase: "planned",
  simulated: false,
  adopted: false,
  watchedOnly: false,
} as const;

function newRecord(host: NewHost, cell: CellId, createdMs: UnixMs): HostRecord {
  return {
    ...host,
    cell,
    heightUnits: 1,
    trust: "operated",
    op: null,
    epoch: 0,
    tags: [],
    bmcMac: null,
    switchPort: null,
    nameplateWatts: null,
    hardwareClass: null,
    generation: 1,
    revision: 1,
    bootId: null,
    agentRelease: null,
    createdMs,
    lastReportMs: null,
  };
}

function samePosition(left: Position | null, right: Position): boolean {
  return (
    left !== null &&
    left.region === right.region &&
    left.site === right.site &&
    left.row === right.row &&
    left.rack === right.rack &&
    left.unit === right.unit
  );
}
