import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Catalog } from "./catalog.ts";
import { type CompactionParts, compactSegment } from "./compact-segment.ts";
import type { FileLeases } from "./file-leases.ts";
import { createTimeSlices } from "./time-slices.ts";

/** Works off sealed segments, one at a time, the oldest first. */
export interface Compactor {
  /** Looks whether there is work; returns at once. */
  wake(): void;
  /** Resolves when nothing is under way; nothing new is begun after it. */
  stop(): Promise<void>;
  /** Resolves when all that can be compacted now is. */
  idle(): Promise<void>;
}

export interface CompactorParts
  extends Omit<CompactionParts, "damages" | "onDamage" | "signal" | "slices"> {
  readonly clock: Clock;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly leases: FileLeases;
  readonly onDone: () => void;
}

/** After a failure (a full disk, mostly) the next attempt waits this long. */
export const compactionRetryMs = 60_000;

export function createCompactor(parts: CompactorParts): Compactor {
  const { clock, log, catalog } = parts;
  let running: Promise<void> | null = null;
  const stopping = new AbortController();
  let failedMs = Number.NEGATIVE_INFINITY;

  const work = async (): Promise<void> => {
    for (;;) {
      // The last one is written to, and says what was acknowledged before it.
      const segment = catalog.segments.length > 1 ? catalog.segments[0] : undefined;
      if (segment === undefined || stopping.signal.aborted) return;
      const startMs = clock.nowMonotonicMs();
      const { damages, addDamage: onDamage } = catalog;
      const { signal } = stopping;
      const slices = createTimeSlices(clock, signal);
      const release = parts.leases.hold([segment.name]);
      const blocks = await compactSegment(
        { ...parts, damages, onDamage, slices, signal },
        segment,
      ).finally(release);
      if (!catalog.segments.includes(segment)) {
        // Retention has removed it meanwhile.
        for (const block of blocks) parts.leases.remove(block.name);
        continue;
      }
      const logBytes = segment.durableBytes;
      catalog.replace(segment, blocks);
      const bytes = blocks.reduce((sum, block) => sum + block.bytes, 0);
      const durationMs = Math.round(clock.nowMonotonicMs() - startMs);
      const { name: file } = segment;
      log.info(
        { file, reports: segment.index.count(), logBytes, bytes, durationMs },
        "telemetry compacted",
      );
      parts.onDone();
    }
  };

  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (stopping.signal.aborted) return;
      failedMs = clock.nowMonotonicMs();
      log.error(
        { err: error, retryMs: compactionRetryMs },
        "telemetry could not be compacted; the log stays",
      );
    } finally {
      running = null;
    }
  };

  const wake = (): void => {
    if (stopping.signal.aborted || running !== null) return;
    if (clock.nowMonotonicMs() - failedMs < compactionRetryMs) return;
    if (catalog.segments.length < 2) return;
    running = run();
  };

  return {
    wake,
    async stop() {
      stopping.abort();
      while (running !== null) await running;
    },
    async idle() {
      wake();
      while (running !== null) await running;
    },
  };
}
