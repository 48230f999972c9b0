import type { Log } from "#proto/vocabulary/log.ts";
import type { Catalog, Source } from "./catalog.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";

/**
 * Removes what is too old, by when it was received (a host's clock does not keep or lose anything),
 * then the oldest files until all fit. The last segment is never removed: it says what was
 * acknowledged before it.
 *
 * The manager's clock alone makes nothing old, since it may be wrong by any amount. A file's age is
 * the time from one file to the next up to the newest, and a step of more than a day counts as
 * nothing: there the clock was moved, or nothing was received. As a file is sealed an hour after it
 * was begun, reports have to go on coming for the retention to pass before what was there is removed,
 * whatever the clock says and however often the manager is started. The price: what lies before a
 * pause of more than a day is kept for longer, by that pause; `retentionBytes` bounds it.
 */
export function applyRetention(
  catalog: Catalog,
  { retentionMs, retentionBytes }: Pick<TelemetryConfig, "retentionMs" | "retentionBytes">,
  { nowMs, log }: { readonly nowMs: number; readonly log: Log },
): void {
  const sources = catalog.sources();
  tellStep(sources, nowMs, log);
  const ages = agesOf(sources, nowMs);
  let bytes = catalog.bytesOnDisk();
  const last = catalog.segments.at(-1);
  for (const [index, source] of sources.entries()) {
    const ageMs = ages[index] ?? 0;
    const isOld = ageMs > retentionMs;
    if (!isOld && bytes <= retentionBytes) continue;
    if (source.kind === "block") {
      bytes -= source.block.bytes;
      catalog.removeBlock(source.block);
    } else if (source.segment !== last) {
      bytes -= source.segment.durableBytes;
      catalog.removeSegment(source.segment);
    } else {
      continue;
    }
    const why = isOld ? "telemetry aged out" : "telemetry over its size, oldest removed";
    const { name } = fileOf(source);
    log.info({ file: name, ...spanOf(source), ageMs }, why);
  }
}

/**
 * Spools that were not heard of since are forgotten with the next segment: nothing of theirs is in
 * any file. By what the files say, not by the clock, for the same reason as above.
 */
export function spoolsKeptSinceMs(catalog: Catalog, nowMs: number, retentionMs: number): number {
  let oldestMs = nowMs;
  for (const source of catalog.sources()) {
    const { newestReceivedMs } = fileOf(source);
    if (newestReceivedMs > 0 && newestReceivedMs < oldestMs) oldestMs = newestReceivedMs;
  }
  return oldestMs - retentionMs;
}

/** A longer step between two files, or from the newest to now, is no time that has passed. */
const stepMsMax = 24 * 3_600_000;

/** In ms, one of each source; by the time that passed from file to file, the newest first. */
function agesOf(sources: readonly Source[], nowMs: number): readonly number[] {
  const ages: number[] = [];
  let laterMs = nowMs;
  let ageMs = 0;
  for (const source of sources.toReversed()) {
    const { newestReceivedMs } = fileOf(source);
    // A file without reports says nothing of time.
    if (newestReceivedMs > 0) {
      const stepMs = laterMs - newestReceivedMs;
      // A small step back makes up for one forth.
      if (Math.abs(stepMs) <= stepMsMax) ageMs += stepMs;
      laterMs = newestReceivedMs;
    }
    ages.push(ageMs);
  }
  return ages.reverse();
}

function tellStep(sources: readonly Source[], nowMs: number, log: Log): void {
  const newest = sources.findLast((source) => fileOf(source).newestReceivedMs > 0);
  if (newest === undefined) return;
  const { newestReceivedMs } = fileOf(newest);
  if (Math.abs(nowMs - newestReceivedMs) <= stepMsMax) return;
  log.warn(
    { nowMs, newestReceivedMs },
    "the clock is more than a day away from the newest telemetry; that time is not counted as its age",
  );
}

function fileOf(source: Source): { readonly name: string; readonly newestReceivedMs: number } {
  return source.kind === "block" ? source.block : source.segment;
}

/** Which time the points in a file stand for, by the clocks of their hosts. */
function spanOf(source: Source): { readonly fromMs: number; readonly toMs: number } {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  const add = (span: { readonly fromMs: number; readonly toMs: number }): void => {
    fromMs = Math.min(fromMs, span.fromMs);
    toMs = Math.max(toMs, span.toMs);
  };
  if (source.kind === "block") {
    for (const host of source.block.hosts) add(source.block.find(host) ?? { fromMs, toMs });
  } else {
    const { index } = source.segment;
    for (const host of index.hosts())
      for (const { startMs, endMs } of index.ofHost(host)) add({ fromMs: startMs, toMs: endMs });
  }
  return { fromMs, toMs };
}
