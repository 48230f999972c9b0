import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { LifeChange } from "#fleet/lifecycle/life-store.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Seen, StoreContents } from "#test/simulation/invariants/seen.ts";

/** Tells what is really in the store after each write, in the order of the writes. */
export interface StoreWatch {
  /** The store as one manager has it. */
  storeOf(manager: string, store: ControlStore): ControlStore;
  /** What is in it now; from here on the audit is told after its head. */
  contents(store: ControlStore): Promise<StoreContents>;
}

type Unstamped<Kind> = Kind extends Seen ? Omit<Kind, "atMs"> : never;
export type Tell = (seen: Unstamped<Seen>) => void;

export function watchStore(tell: Tell): StoreWatch {
  /** One write at a time, and read back before the next: else nobody knows whose it was. */
  let turn: Promise<unknown> = Promise.resolve();
  let auditSeq = 0;
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };
  const newAudit = async (store: ControlStore) => {
    const records = await store.audit.read(auditSeq + 1, 1_000);
    auditSeq = records.at(-1)?.seq ?? auditSeq;
    return records;
  };

  const toldCommit = async (manager: string, store: ControlStore, change: LifeChange) => {
    const answer = await store.lifecycle.commit(change);
    const audit = await newAudit(store);
    // Nothing was written: it was a repeat, or it moved.
    if (audit.length === 0) return answer;
    const hosts = await readAll(change.hosts ?? [], ({ record }) =>
      store.inventory.findHost(record.id),
    );
    const operations = await readAll(change.operations ?? [], ({ record }) =>
      store.lifecycle.findOperation(record.id),
    );
    tell({ kind: "written", manager, change, hosts, operations, audit });
    return answer;
  };

  return {
    storeOf(manager, store) {
      const { inventory, lifecycle, audit, safeMode } = store;
      const audited = async (): Promise<void> => {
        const records = await newAudit(store);
        if (records.length > 0) tell({ kind: "audited", audit: records });
      };
      const toldHost = async (id: HostId, isNew: boolean): Promise<void> => {
        const record = await inventory.findHost(id);
        if (record !== undefined) tell({ kind: "host-written", manager, record, isNew });
      };
      return {
        ...store,
        lifecycle: {
          ...lifecycle,
          commit: (change) => inTurn(() => toldCommit(manager, store, change)),
        },
        inventory: {
          ...inventory,
          insertHost: (record) =>
            inTurn(async () => {
              const answer = await inventory.insertHost(record);
              if (answer.ok) await toldHost(record.id, true);
              return answer;
            }),
          updateHost: (record, expectedRevision) =>
            inTurn(async () => {
              const answer = await inventory.updateHost(record, expectedRevision);
              if (answer.ok) await toldHost(record.id, false);
              return answer;
            }),
          removeHost: (id) =>
            inTurn(async () => {
              const removal = await inventory.removeHost(id);
              if (removal === "removed") tell({ kind: "host-removed", manager, hostId: id });
              return removal;
            }),
        },
        audit: {
          ...audit,
          append: (entry) =>
            inTurn(async () => {
              const record = await audit.append(entry);
              await audited();
              return record;
            }),
        },
        safeMode: {
          ...safeMode,
          enter: (found) =>
            inTurn(async () => {
              const mode = await safeMode.enter(found);
              await audited();
              return mode;
            }),
          acknowledge: (word) =>
            inTurn(async () => {
              const answer = await safeMode.acknowledge(word);
              await audited();
              return answer;
            }),
        },
      };
    },
    contents: (store) =>
      inTurn(async () => {
        const [head] = await store.audit.list({ beforeSeq: null, limit: 1 });
        auditSeq = head?.seq ?? 0;
        return {
          hosts: await store.inventory.listHosts(),
          operations: await store.lifecycle.listOpenOperations(),
          holds: await store.lifecycle.listHolds(),
          leases: await store.lifecycle.listLeases(),
          auditHead: head === undefined ? null : { seq: head.seq, sha256: head.sha256 },
        };
      }),
  };
}

async function readAll<Item, Found>(
  items: readonly Item[],
  read: (item: Item) => Promise<Found | undefined>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const item of items) {
    const one = await read(item);
    if (one !== undefined) found.push(one);
  }
  return found;
}
