import { createHash } from "node:crypto";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { fail } from "#proto/vocabulary/result.ts";
import type { BlockFolder } from "./block-folder.ts";
import type { Source } from "./catalog.ts";
import { checkpointParts } from "./checkpoint-record.ts";
import { collectTracks } from "./collect-tracks.ts";
import { createCompactor } from "./compactor.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import { createFileLeases } from "./file-leases.ts";
import type { KnownHost, Spool } from "./host-table.ts";
import { applyReport } from "./latest-values.ts";
import { viewLatest } from "./latest-view.ts";
import { noteReport } from "./note-report.ts";
import { answerRange, checkQuery } from "./range-query.ts";
import { recoverStore } from "./recover-store.ts";
import { putReport } from "./report-record.ts";
import { applyRetention, spoolsKeptSinceMs } from "./retention.ts";
import { createSegmentWriter, type PendingAppend } from "./segment-writer.ts";
import type { Segment } from "./segments.ts";
import { requireRunLeft } from "./require-run-left.ts";
import { hasSeq } from "./seq-spans.ts";
import type { ReportEntry, Telemetry } from "./telemetry.ts";
import { type TelemetryConfig, telemetryDefaults } from "./telemetry-config.ts";
import { TelemetryError } from "./telemetry-error.ts";
import { tellGaps } from "./tell-gaps.ts";
import { createTimeSlices } from "./time-slices.ts";

export interface TelemetryParts {
  readonly folder: BlockFolder;
  readonly clock: Clock;
  readonly log: Log;
  /** What is left out is as in `telemetryDefaults`. */
  readonly config?: Partial<TelemetryConfig>;
}

export interface OpenTelemetry extends Telemetry {
  /** Resolves when every sealed segment of the log has become blocks, or could not now. */
  compacted(): Promise<void>;
}

interface Append extends PendingAppend {
  readonly entry: ReportEntry;
  readonly host: KnownHost;
  readonly spool: Spool;
  readonly resolve: () => void;
  readonly reject: (error: TelemetryError) => void;
}

/**
 * Opens the store over a folder and recovers from its log what is acknowledged and what is newest.
 * One store a folder: the data folder's lock sees to that. Throws TelemetryError `FORMAT_NEWER`, or
 * the folder's own error.
 */
export async function openTelemetry(parts: TelemetryParts): Promise<OpenTelemetry> {
  const { folder, clock } = parts;
  const log = parts.log.child({ component: "telemetry" });
  const config: TelemetryConfig = { ...telemetryDefaults, ...parts.config };
  const leases = createFileLeases(folder, log);
  const recovered = await recoverStore({ folder, log, leases, config });
  const { hosts, dictionaries, catalog } = recovered;
  const { queryPointsMax: pointsMax, blockBytesMax } = config;
  const counts = { reports: 0, samples: 0, duplicates: 0 };
  const newest = catalog.segments.at(-1);
  const newestNumber = Math.max(0, newest?.number ?? 0, catalog.blocks.at(-1)?.number ?? 0);
  let isClosed = false;

  const noteDurable = (segment: Segment, append: Append): void => {
    const { entry, host, spool, dictionary, offset, length } = append;
    const { report, receivedMs } = entry;
    const durable = { ...report, host, spool, dictionary, receivedMs, offset, length };
    noteReport(segment, recovered, durable);
    applyReport(host.latest, dictionary, { ...report, receivedMs }, report.columns);
    settle(spool, report.seq);
    counts.reports += 1;
    for (const { summary } of report.columns) counts.samples += summary.count;
  };

  const onDurable = (segment: Segment, appends: readonly Append[]): void => {
    if (catalog.segments.at(-1) !== segment) catalog.addSegment(segment);
    for (const append of appends) {
      try {
        noteDurable(segment, append);
      } catch (error) {
        // On disk all the same, and read from there at the next start. It stays in flight until
        // then: when it comes again it is a duplicate. Blocks would be made without it.
        const facts = { err: error, hostId: append.host.id, file: segment.name };
        log.fatal(
          facts,
          "a durable telemetry report could not be noted; no compaction from now on",
        );
        void compactor.stop();
      }
      append.resolve();
    }
    compactor.wake();
  };

  const writer = createSegmentWriter<Append>({
    folder,
    clock,
    log,
    config,
    salt: recovered.salt ?? newSalt(clock),
    resumed: newest ?? null,
    nextNumber: newestNumber + 1,
    checkpoint: () =>
      checkpointParts(
        hosts.all(),
        spoolsKeptSinceMs(catalog, clock.nowUnixMs(), config.retentionMs),
      ),
    onDurable,
    onRefused: (appends, error) => {
      for (const { spool, entry, reject } of appends) {
        settle(spool, entry.report.seq);
        reject(error);
      }
    },
    onSealed: (segment) => {
      // Nothing of it ever became durable.
      if (segment.durableBytes === 0) leases.remove(segment.name);
      retain();
    },
  });

  const retain = (): void => applyRetention(catalog, config, { nowMs: clock.nowUnixMs(), log });
  const compactor = createCompactor({
    folder,
    hosts,
    dictionaries,
    clock,
    log,
    catalog,
    leases,
    blockBytesMax,
    onDone: retain,
  });
  retain();
  compactor.wake();

  const submit = (
    entry: ReportEntry,
    dictionary: KnownDictionary,
  ): Promise<"appended" | "duplicate"> => {
    const { hostId, spoolId, report } = entry;
    const host = hosts.require(hostId);
    const spool = hosts.requireSpool(host, spoolId);
    const inFlight = spool.inFlight?.get(report.seq);
    if (inFlight !== undefined || hasSeq(spool.spans, report.seq)) {
      counts.duplicates += 1;
      // Told only once the first one is on disk; where that fails, so does this one.
      return Promise.resolve(inFlight).then(() => "duplicate");
    }
    requireRunLeft(spool, entry, config.runsPerSpoolMax);
    const { promise: durable, resolve, reject } = Promise.withResolvers<void>();
    const append = { entry, host, spool, dictionary, resolve, reject, offset: 0, length: 0 };
    // Where this throws nothing is on its way, so nothing may be noted as such.
    writer.submit(append, (bytes) => putReport(bytes, entry));
    spool.inFlight ??= new Map();
    spool.inFlight.set(report.seq, durable);
    return durable.then(() => "appended");
  };

  return {
    knowsDictionary: (digest) => dictionaries.find(digest) !== undefined,
    addDictionary: (dictionary) => {
      dictionaries.add(dictionary);
    },
    async append(entry) {
      if (isClosed) throw new TelemetryError("STORE_FAILED", "the telemetry store is closed");
      return submit(entry, requireDictionary(dictionaries.find(entry.report.dictionary), entry));
    },
    acknowledged(hostId, spoolId) {
      const spans = hosts.find(hostId)?.spools.get(spoolId)?.spans ?? [];
      return spans.map(({ first, last }) => ({ first, last }));
    },
    latest(hostId) {
      const host = hosts.find(hostId);
      return host === undefined ? undefined : viewLatest(host.latest, dictionaries.view);
    },
    async query(query) {
      const problem = checkQuery(query, pointsMax);
      if (problem !== null) return fail(problem);
      const host = hosts.find(query.hostId);
      if (host === undefined) return answerRange(query, [], pointsMax);
      const sources = catalog.sources();
      const release = leases.hold(sources.map(fileOf));
      const slices = createTimeSlices(clock, query.signal);
      const reading = { folder, dictionaries, slices, pointsMax, onDamage: catalog.addDamage };
      const tracks = await collectTracks(reading, query, host.number, sources).finally(release);
      return tracks.ok ? answerRange(query, tracks.value, pointsMax) : tracks;
    },
    async gaps(hostId, fromMs, toMs) {
      const host = hosts.find(hostId);
      if (host === undefined) return [];
      const sources = catalog.sources();
      const release = leases.hold(sources.map(fileOf));
      const { damages } = catalog;
      return tellGaps({ folder, sources, damages }, host, { fromMs, toMs }).finally(release);
    },
    stats: () => ({ ...counts, bytesOnDisk: catalog.bytesOnDisk(), hosts: hosts.count() }),
    compacted: compactor.idle,
    async close() {
      isClosed = true;
      await writer.close();
      await compactor.stop();
    },
  };
}

function fileOf(source: Source): string {
  return source.kind === "block" ? source.block.name : source.segment.name;
}

function settle(spool: Spool, seq: number): void {
  spool.inFlight?.delete(seq);
  if (spool.inFlight?.size === 0) spool.inFlight = null;
}

function requireDictionary(
  known: KnownDictionary | undefined,
  { report }: ReportEntry,
): KnownDictionary {
  if (known === undefined) {
    throw new TelemetryError(
      "DICTIONARY_UNKNOWN",
      `report ${report.seq} names dictionary ${report.dictionary}, which was never told`,
    );
  }
  for (const { series } of report.columns) {
    if (series < known.seriesCount) continue;
    throw new TelemetryError(
      "REPORT_INVALID",
      `report ${report.seq} has a column for series ${series} of ${known.seriesCount}`,
    );
  }
  return known;
}

/** Not secret, but nothing a host could know when it makes up bytes. */
function newSalt(clock: Clock): number {
  const seed = `${clock.nowUnixMs()} ${clock.nowMonotonicMs()}`;
  return createHash("sha256").update(seed).digest().readUInt32LE(0);
}
