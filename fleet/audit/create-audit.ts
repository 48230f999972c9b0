import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Audit, AuditNote, HeadsFile } from "./audit.ts";
import type { AuditStore } from "./audit-entry.ts";
import { createDenialBrake } from "./denial-brake.ts";
import { readChain, verifyChain } from "./verify.ts";

/** The audit over its store. */
export function createAudit(parts: {
  readonly store: AuditStore;
  readonly heads: HeadsFile;
  readonly clock: Clock;
  readonly log: Log;
}): Audit {
  const { store, heads, clock } = parts;
  const write = async (note: AuditNote): Promise<void> => {
    await store.append({ atMs: clock.nowUnixMs(), ...note });
  };
  const brake = createDenialBrake({ ...parts, write });
  return {
    append: (note) => (note.outcome === "denied" ? brake.denied(note) : write(note)),
    list: (ask) => store.list(ask),
    async verify() {
      const known = heads.read();
      const chain = readChain(store, () => sleep(clock, 0));
      return { ...(await verifyChain(chain, known)), exported: known.at(-1) ?? null };
    },
    stop: brake.stop,
  };
}
