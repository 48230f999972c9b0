import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { LifeChange } from "#fleet/lifecycle/life-store.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { AuditRecord } from "#fleet/audit/audit-entry.ts";
import type { Seen } from "../invariants/seen.ts";

/** Between a manager and the store that it shares with others: one for each manager. */
export type WatchedStore = Omit<ControlStore, "kind" | "meta" | "check" | "backup" | "close">;

/** The store as the world sees it, over the life of many managers. */
export interface StoreWitness {
  /** For one manager: `gate` is passed before each call and before each answer. */
  forManager(name: string, gate: () => Promise<void> | undefined): WatchedStore;
  /** What the audit has that was not told yet. */
  readAudit(): Promise<readonly AuditRecord[]>;
  /** The journal of a host that comes from elsewhere: nothing of it was done here. */
  takeOver(change: LifeChange): Promise<void>;
  /** What the audit has by now is told as the head of a store that was restored. */
  skipAudit(): Promise<void>;
}

const auditPageMax = 1_000;

/**
 * Tells what was really written: each write is read back before anybody else writes, whether or not its
 * writer lives to hear of it.
 */
export function createStoreWitness(
  store: ControlStore,
  see: (seen: Seen) => void,
  nowMs: () => number,
): StoreWitness {
  let auditSeq = 0;
  let last: Promise<unknown> = Promise.resolve();

  const alone = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const mine = last.then(run, run);
    last = mine.then(
      () => {},
      () => {},
    );
    return mine;
  };
  const readAudit = async (): Promise<readonly AuditRecord[]> => {
    const records = await store.audit.read(auditSeq + 1, auditPageMax);
    auditSeq = records.at(-1)?.seq ?? auditSeq;
    return records;
  };
  const readBack = async (manager: string, change: LifeChange): Promise<void> => {
    const hosts: HostRecord[] = [];
    for (const { record } of change.hosts ?? []) {
      const stored = await store.inventory.findHost(record.id);
      if (stored !== undefined) hosts.push(stored);
    }
    const operations: OperationRecord[] = [];
    for (const { record } of change.operations ?? []) {
      const stored = await store.lifecycle.findOperation(record.id);
      if (stored !== undefined) operations.push(stored);
    }
    const audit = await readAudit();
    see({ kind: "written", atMs: nowMs(), manager, change, hosts, operations, audit });
  };

  const grown = async (): Promise<void> => {
    const records = await readAudit();
    if (records.length > 0) see({ kind: "audited", atMs: nowMs(), audit: records });
  };

  return {
    readAudit: () => alone(readAudit),
    takeOver: (change) =>
      alone(async () => {
        const written = await store.lifecycle.commit(change);
        const operations = (change.operations ?? []).map(({ record }) => record);
        if (written.ok) see({ kind: "taken-over", atMs: nowMs(), operations });
        await grown();
      }),
    async skipAudit() {
      const [newest] = await store.audit.list({ beforeSeq: null, limit: 1 });
      auditSeq = newest?.seq ?? 0;
    },
    forManager(manager, gate) {
      /** Every method waits at the gate, going and coming: there a manager is paused, or dies. */
      const gated = <Port extends object>(port: Port): Port => {
        const watched: Record<string, unknown> = {};
        for (const [name, method] of Object.entries(port)) {
          watched[name] =
            typeof method === "function"
              ? async (...given: unknown[]) => {
                  await gate();
                  const answer: unknown = await method(...given);
                  await gate();
                  return answer;
                }
              : method;
        }
        return watched as Port;
      };
      const {
        kind: _kind,
        meta: _meta,
        check: _check,
        backup: _backup,
        close: _close,
        ...ports
      } = store;
      const { lifecycle, inventory, audit, safeMode, freeze } = ports;
      const gatedAll = (all: WatchedStore): WatchedStore =>
        Object.fromEntries(
          Object.entries(all).map(([name, port]) => [name, gated(port as object)]),
        ) as unknown as WatchedStore;
      /** About the freeze. */
      const said = <Answer>(run: () => Promise<Answer>): Promise<Answer> =>
        alone(async () => {
          const answer = await run();
          const isFrozen = (await freeze.read()) !== null;
          see({ kind: "freeze-is", atMs: nowMs(), manager, isFrozen });
          await grown();
          return answer;
        });
      return {
        ...gatedAll(ports),
        lifecycle: gated({
          ...lifecycle,
          commit: (change) =>
            alone(async () => {
              const written = await lifecycle.commit(change);
              if (written.ok) await readBack(manager, change);
              return written;
            }),
        }),
        audit: gated({
          ...audit,
          append: (entry) =>
            alone(async () => {
              const record = await audit.append(entry);
              await grown();
              return record;
            }),
        }),
        safeMode: gated({
          ...safeMode,
          enter: (ask) =>
            alone(async () => {
              const entered = await safeMode.enter(ask);
              await grown();
              return entered;
            }),
          acknowledge: (word) =>
            alone(async () => {
              const answer = await safeMode.acknowledge(word);
              await grown();
              return answer;
            }),
        }),
        freeze: gated({
          ...freeze,
          begin: (wanted) => said(() => freeze.begin(wanted)),
          lift: (word, isAlone) => said(() => freeze.lift(word, isAlone)),
        }),
        inventory: gated({
          ...inventory,
          insertHost: (record) =>
            alone(async () => {
              const written = await inventory.insertHost(record);
              if (written.ok)
                see({ kind: "host-written", atMs: nowMs(), manager, record, isNew: true });
              return written;
            }),
          updateHost: (record, expectedRevision) =>
            alone(async () => {
              const written = await inventory.updateHost(record, expectedRevision);
              if (written.ok)
                see({ kind: "host-written", atMs: nowMs(), manager, record, isNew: false });
              return written;
            }),
          removeHost: (hostId) =>
            alone(async () => {
              const removed = await inventory.removeHost(hostId);
              if (removed === "removed")
                see({ kind: "host-removed", atMs: nowMs(), manager, hostId });
              return removed;
            }),
        }),
      };
    },
  };
}
