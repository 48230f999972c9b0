import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Audit, AuditNote, HeadsFile } from "./audit.ts";
import type { AuditStore } from "./audit-entry.ts";
import { createDenialBrake } from "./denial-brake.ts";
import { exportHead, exportEveryMs } from "./export-head.ts";
import { readChain, verifyChain } from "./verify.ts";

/** The audit over its store; exports the head when it begins, and every hour from then on. */
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
  let exporting: Promise<void> = Promise.resolve();
  const exportNow = (): Promise<void> => {
    exporting = exporting.then(() => exportHead(parts));
    return exporting;
  };
  let cancel = clock.after(0, function tick() {
    void exportNow();
    cancel = clock.after(exportEveryMs, tick);
  });
  return {
    append: (note) => (note.outcome === "denied" ? brake.denied(note) : write(note)),
    list: (ask) => store.list(ask),
    verify: () =>
      verifyChain(
        readChain(store, () => sleep(clock, 0)),
        heads.read(),
      ),
    async stop() {
      cancel();
      await brake.stop();
      await exportNow();
    },
  };
}
