import { foldSerial, usableSerial } from "#fleet/inventory/serial.ts";
import type { Identity } from "#proto/messages/state.ts";
import type { PendingId } from "#proto/vocabulary/ids.ts";
import type { IdentityStore } from "./identity-store.ts";

/**
 * How many of the machines that wait say one serial, without reading them all each time one asks.
 * Read from the store at first; what happens afterwards is told.
 */
export interface WaitingSerials {
  count(serial: string): Promise<number>;
  note(id: PendingId, identity: Identity): void;
  remove(id: PendingId): void;
  /** Some went without being named. */
  reset(): void;
}

export function createWaitingSerials(store: IdentityStore): WaitingSerials {
  let loading: Promise<Known> | undefined;
  let known: Known | undefined;
  const load = async (): Promise<Known> => {
    loading ??= store.listPending().then((all) => {
      const found: Known = { serialOf: new Map(), idsOf: new Map() };
      for (const { id, identity } of all) add(found, id, identity);
      known = found;
      return found;
    });
    try {
      return await loading;
    } catch (cause) {
      loading = undefined;
      throw cause;
    }
  };
  return {
    count: async (serial) => (await load()).idsOf.get(foldSerial(serial))?.size ?? 0,
    note: (id, identity) => {
      if (known === undefined) loading = undefined;
      else add(known, id, identity);
    },
    remove: (id) => {
      if (known === undefined) loading = undefined;
      else drop(known, id);
    },
    reset: () => {
      known = undefined;
      loading = undefined;
    },
  };
}

interface Known {
  readonly serialOf: Map<PendingId, string>;
  readonly idsOf: Map<string, Set<PendingId>>;
}

function add(known: Known, id: PendingId, identity: Identity): void {
  drop(known, id);
  const said = usableSerial(identity);
  if (said === null) return;
  const serial = foldSerial(said);
  known.serialOf.set(id, serial);
  const ids = known.idsOf.get(serial);
  if (ids === undefined) known.idsOf.set(serial, new Set([id]));
  else ids.add(id);
}

function drop(known: Known, id: PendingId): void {
  const serial = known.serialOf.get(id);
  if (serial === undefined) return;
  known.serialOf.delete(id);
  const ids = known.idsOf.get(serial);
  ids?.delete(id);
  if (ids?.size === 0) known.idsOf.delete(serial);
}
