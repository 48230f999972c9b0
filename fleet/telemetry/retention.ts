import type { Log } from "#proto/vocabulary/log.ts";
import type { Catalog } from "./catalog.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";

/**
 * Removes what is too old, by when it was received (a host's clock does not keep or lose anything),
 * then the oldest files until all fit. The last segment is never removed: it says what was
 * acknowledged before it.
 */
export function applyRetention(
  catalog: Catalog,
  { retentionMs, retentionBytes }: Pick<TelemetryConfig, "retentionMs" | "retentionBytes">,
  { nowMs, log }: { readonly nowMs: number; readonly log: Log },
): void {
  let bytes = catalog.bytesOnDisk();
  const last = catalog.segments.at(-1);
  for (const source of catalog.sources()) {
    const { newestReceivedMs, name } = source.kind === "block" ? source.block : source.segment;
    const isOld = newestReceivedMs < nowMs - retentionMs;
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
    log.info({ file: name, newestReceivedMs }, why);
  }
}
