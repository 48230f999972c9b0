import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { HoldId, HostId, OperationId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Decision, HostFacts, LifePieces } from "./decision.ts";
import { drainOfCordon } from "./drain-cordon.ts";
import type { Execution } from "./execution.ts";
import type { HoldRecord } from "./hold.ts";
import type { LifeConflict, LifeStore } from "./life-store.ts";
import type { LifeRefusal } from "./lifecycle.ts";
import type { OperationRecord } from "./operation.ts";
import { safeModeWhy } from "./safe-mode.ts";

export interface LifeDeskEffects {
  readonly store: LifeStore;
  readonly inventory: Pick<Inventory, "host" | "noteWritten" | "reread">;
  readonly leasesOf: (hostId: HostId) => readonly LeaseRecord[];
  /** The host's leases are read from the store again. */
  readonly rereadLeases: (hostId: HostId) => Promise<void>;
  readonly events: FleetEvents;
  readonly term: () => number;
}

/** Holds and open operations in memory, and the one way to change them. */
export interface LifeDesk extends Execution {
  hold(id: HoldId): HoldRecord | undefined;
  holds(): readonly HoldRecord[];
  holdsOf(hostId: HostId): readonly HoldRecord[];
  openOf(hostId: HostId): OperationRecord | null;
  /** A host whose record was removed; its holds and its operation go with it. */
  forget(hostId: HostId): void;
  /** Everything is read again: another manager may have led meanwhile. */
  reload(): Promise<void>;
}

/** How often a host may move under one change before it is given up as a conflict. */
const attemptsMax = 8;

/** Loads what is open. The store's errors are thrown. */
export async function openLifeDesk(effects: LifeDeskEffects): Promise<LifeDesk> {
  const { store, inventory, events } = effects;
  const holds = new Map<HoldId, HoldRecord>();
  const holdsByHost = new Map<HostId, readonly HoldRecord[]>();
  const operations = new Map<OperationId, OperationRecord>();
  const openByHost = new Map<HostId, OperationRecord>();
  /** Last change of each host that is under way. */
  const queues = new Map<HostId, Promise<unknown>>();

  const putHold = (hold: HoldRecord): void => {
    holds.set(hold.id, hold);
    const others = (holdsByHost.get(hold.hostId) ?? []).filter(({ id }) => id !== hold.id);
    holdsByHost.set(hold.hostId, [...others, hold]);
  };
  const dropHold = (id: HoldId): void => {
    const hold = holds.get(id);
    if (hold === undefined) return;
    holds.delete(id);
    const others = (holdsByHost.get(hold.hostId) ?? []).filter((other) => other.id !== id);
    if (others.length === 0) holdsByHost.delete(hold.hostId);
    else holdsByHost.set(hold.hostId, others);
  };
  const putOperation = (operation: OperationRecord): void => {
    const known = operations.get(operation.id);
    if (known !== undefined && known.version > operation.version) return;
    if (operation.endedMs === null) {
      operations.set(operation.id, operation);
      openByHost.set(operation.hostId, operation);
    } else {
      operations.delete(operation.id);
      if (openByHost.get(operation.hostId)?.id === operation.id)
        openByHost.delete(operation.hostId);
    }
  };
  const reload = async (): Promise<void> => {
    const [storedHolds, open] = await Promise.all([store.listHolds(), store.listOpenOperations()]);
    holds.clear();
    holdsByHost.clear();
    operations.clear();
    openByHost.clear();
    for (const hold of storedHolds) putHold(hold);
    for (const operation of open) putOperation(operation);
  };
  await reload();

  const facts = async (hostId: HostId): Promise<HostFacts | undefined> => {
    const host = await inventory.host(hostId);
    if (host === undefined) return undefined;
    return {
      host,
      holds: holdsByHost.get(hostId) ?? [],
      leases: effects.leasesOf(hostId),
      operation: openByHost.get(hostId) ?? null,
    };
  };

  const written = async (change: LifePieces): Promise<void> => {
    for (const id of change.holdsReleased ?? []) dropHold(id);
    for (const hold of change.holdsAdded ?? []) putHold(hold);
    for (const { record } of change.operations ?? []) putOperation(record);
    for (const { record } of change.hosts ?? []) await inventory.noteWritten(record);
    for (const { record } of change.operations ?? [])
      events.publish({
        kind: "operation-changed",
        hostId: record.hostId,
        operationId: record.id,
      });
  };

  const rereadHolds = async (hostId: HostId): Promise<void> => {
    const stored = await store.listHolds();
    for (const { id } of holdsByHost.get(hostId) ?? []) dropHold(id);
    for (const hold of stored) if (hold.hostId === hostId) putHold(hold);
  };
  /** The one in memory, and the one that the host's record names. */
  const rereadOperations = async (hostId: HostId): Promise<void> => {
    const host = await inventory.host(hostId);
    const ids = new Set([openByHost.get(hostId)?.id, host?.op?.id]);
    for (const id of ids) {
      const found = id === undefined ? undefined : await store.findOperation(id);
      if (found !== undefined) putOperation(found);
    }
  };
  /**
   * What moved is read again, so that the next judgement sees it. A host's record counts every change
   * of it, so whatever belongs to it may have moved with it.
   */
  const refresh = async (hostId: HostId, conflict: LifeConflict): Promise<void> => {
    if (conflict.kind !== "moved") return;
    if (conflict.what === "host") {
      await inventory.reread(hostId);
      await effects.rereadLeases(hostId);
    }
    if (conflict.what === "host" || conflict.what === "hold") await rereadHolds(hostId);
    if (conflict.what === "host" || conflict.what === "operation") await rereadOperations(hostId);
  };

  const attempt = async <Value>(
    hostId: HostId,
    decide: (facts: HostFacts) => Decision<Value>,
  ): Promise<Result<Value, LifeRefusal>> => {
    if (effects.term() < 1)
      return fail({ kind: "conflict", words: "this manager does not lead its cell" });
    for (let tries = 0; tries < attemptsMax; tries += 1) {
      const known = await facts(hostId);
      if (known === undefined) return fail({ kind: "unknown", what: `host ${hostId}` });
      const decision = decide(known);
      if (decision.kind === "refused") return fail({ kind: "refused", why: decision.why });
      if (decision.kind === "same") return ok(decision.value);
      const result = await store.commit({ ...decision.change, term: effects.term() });
      if (result.ok) {
        await written(decision.change);
        return ok(decision.value);
      }
      if (result.problem.kind === "term-over")
        return fail({ kind: "conflict", words: "this manager no longer leads its cell" });
      if (result.problem.kind === "frozen")
        return fail({ kind: "refused", why: [result.problem.why] });
      if (result.problem.kind === "safe-mode") return fail({ kind: "refused", why: [safeModeWhy] });
      await refresh(hostId, result.problem);
    }
    return fail({ kind: "conflict", words: `host ${hostId} moved under ${attemptsMax} tries` });
  };

  return {
    reload,
    forget(hostId) {
      for (const { id } of holdsByHost.get(hostId) ?? []) dropHold(id);
      const operation = openByHost.get(hostId);
      if (operation !== undefined) operations.delete(operation.id);
      openByHost.delete(hostId);
    },
    hold: (id) => holds.get(id),
    holds: () => [...holds.values()],
    holdsOf: (hostId) => holdsByHost.get(hostId) ?? [],
    openOf: (hostId) => openByHost.get(hostId) ?? null,
    openOperations: () => [...openByHost.values()],
    cordonedHosts: () => [
      ...new Set(
        [...holds.values()]
          .filter((hold) => drainOfCordon(hold) !== null)
          .map(({ hostId }) => hostId),
      ),
    ],
    facts,
    operation: async (id) => operations.get(id) ?? (await store.findOperation(id)),
    change(hostId, decide) {
      const before = queues.get(hostId) ?? Promise.resolve();
      const mine = before.then(
        () => attempt(hostId, decide),
        () => attempt(hostId, decide),
      );
      const settled = mine.then(
        () => {},
        () => {},
      );
      queues.set(hostId, settled);
      void settled.then(() => {
        if (queues.get(hostId) === settled) queues.delete(hostId);
      });
      return mine;
    },
  };
}
