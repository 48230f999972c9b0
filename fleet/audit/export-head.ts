import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { ExportedHead, HeadsFile } from "./audit.ts";
import type { AuditStore } from "./audit-entry.ts";

export const exportEveryMs = 3_600_000;
/** A month of hours. */
export const exportedHeadsMax = 744;

interface ExportParts {
  readonly store: Pick<AuditStore, "list" | "read">;
  readonly heads: HeadsFile;
  readonly clock: Clock;
  readonly log: Log;
}

/** Exports the head now, every hour, and once more when it is stopped. */
export function startHeadExport(parts: ExportParts): { stop(): Promise<void> } {
  let exporting: Promise<void> = Promise.resolve();
  const exportNow = (): Promise<void> => {
    exporting = exporting.then(() => exportHead(parts));
    return exporting;
  };
  let cancel = parts.clock.after(0, function tick() {
    void exportNow();
    cancel = parts.clock.after(exportEveryMs, tick);
  });
  return {
    async stop() {
      cancel();
      await exportNow();
    },
  };
}

/**
 * The store was restored, and people took it for what it is: the heads that it no longer has are
 * dropped, so that the next can be exported. Answers how many.
 */
export async function dropLostHeads({
  store,
  heads,
}: Pick<ExportParts, "store" | "heads">): Promise<number> {
  const known = heads.read();
  const kept: ExportedHead[] = [];
  for (const head of known) if (await isStillThere(store, head)) kept.push(head);
  if (kept.length < known.length) heads.write(kept);
  return known.length - kept.length;
}

/**
 * Writes the chain's end to the file, behind those exported before. Where the store has no longer
 * what was exported last, nothing is written and the log says so: somebody changed the audit, or the
 * store was restored. Never throws: the next hour tries again.
 */
async function exportHead({ store, heads, clock, log }: ExportParts): Promise<void> {
  try {
    const known = heads.read();
    const last = known.at(-1);
    if (last !== undefined && !(await isStillThere(store, last))) {
      log.error(
        { exportedSeq: last.seq },
        "the audit is not the one whose head was exported: run wws-fleet audit verify",
      );
      return;
    }
    const [newest] = await store.list({ beforeSeq: null, limit: 1 });
    if (newest === undefined || newest.seq === last?.seq) return;
    const head = { seq: newest.seq, sha256: newest.sha256, atMs: clock.nowUnixMs() };
    heads.write([...known, head].slice(-exportedHeadsMax));
  } catch (err) {
    log.error({ err }, "the head of the audit could not be exported");
  }
}

async function isStillThere(
  store: Pick<AuditStore, "read">,
  { seq, sha256 }: ExportedHead,
): Promise<boolean> {
  const [record] = await store.read(seq, 1);
  return record?.seq === seq && record.sha256 === sha256;
}
