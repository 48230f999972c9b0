import { createHash } from "node:crypto";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { fail } from "#proto/vocabulary/result.ts";
import type { BlockFolder } from "./block-folder.ts";
import { checkpointParts } from "./checkpoint-record.ts";
import { collectTracks } from "./collect-tracks.ts";
import { createDictionaries, type KnownDictionary } from "./dictionaries.ts";
import { createHostTable, type KnownHost, type Spool } from "./host-table.ts";
import { applyReport } from "./latest-values.ts";
import { viewLatest } from "./latest-view.ts";
import { noteReport } from "./note-report.ts";
import { answerRange, checkQuery } from "./range-query.ts";
import { recoverLatest } from "./recover-latest.ts";
import { recoverSegments } from "./recover-segments.ts";
import { putReport } from "./report-record.ts";
import { createSegmentWriter, type PendingAppend } from "./segment-writer.ts";
import type { Segment } from "./segments.ts";
import { hasSeq } from "./seq-spans.ts";
import { type TelemetryConfig, telemetryDefaults } from "./telemetry-config.ts";
import { TelemetryError } from "./telemetry-error.ts";
import type { ReportEntry, Telemetry } from "./telemetry.ts";
import { tellGaps } from "./tell-gaps.ts";
import { createTimeSlices } from "./time-slices.ts";

export interface TelemetryParts {
  readonly folder: BlockFolder;
  readonly clock: Clock;
  readonly log: Log;
  /** What is left out is as in `telemetryDefaults`. */
  readonly config?: Partial<TelemetryConfig>;
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
export async function openTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const { folder, clock } = parts;
  const log = parts.log.child({ component: "telemetry" });
  const config: TelemetryConfig = { ...telemetryDefaults, ...parts.config };
  const dictionaries = createDictionaries();
  const hosts = createHostTable({
    spoolsPerHostMax: config.spoolsPerHostMax,
    onHoleClosed: (facts) => log.warn(facts, "too many holes in a spool; the lowest was closed"),
  });
  const tables = { hosts, dictionaries };
  const recovered = await recoverSegments({ folder, log, ...tables });
  const segments: Segment[] = [...recovered.segments];
  await recoverLatest({ folder, hosts }, segments);
  const counts = { reports: 0, samples: 0, duplicates: 0 };
  const newest = segments.at(-1);
  let isClosed = false;

  const onDurable = (segment: Segment, appends: readonly Append[]): void => {
    if (segments.at(-1) !== segment) segments.push(segment);
    for (const { entry, host, spool, dictionary, offset, length, resolve } of appends) {
      const { report, receivedMs } = entry;
      noteReport(segment, tables, {
        ...report,
        host,
        spool,
        dictionary,
        receivedMs,
        offset,
        length,
      });
      applyReport(host.latest, dictionary, { ...report, receivedMs }, report.columns);
      settle(spool, report.seq);
      counts.reports += 1;
      for (const { summary } of report.columns) counts.samples += summary.count;
      resolve();
    }
  };

  const writer = createSegmentWriter<Append>({
    folder,
    clock,
    log,
    config,
    salt: recovered.salt ?? newSalt(clock),
    resumed: newest ?? null,
    nextNumber: (newest?.number ?? 0) + 1,
    checkpoint: () => checkpointParts(hosts.all(), clock.nowUnixMs() - config.retentionMs),
    onDurable,
    onRefused: (appends, error) => {
      for (const { spool, entry, reject } of appends) {
        settle(spool, entry.report.seq);
        reject(error);
      }
    },
    onSealed: (segment) => {
      if (segment.durableBytes === 0) folder.remove(segment.name);
    },
  });

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
    const durable = new Promise<void>((resolve, reject) => {
      const append = { entry, host, spool, dictionary, resolve, reject, offset: 0, length: 0 };
      writer.submit(append, (bytes) => putReport(bytes, entry));
    });
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
      const problem = checkQuery(query, config.queryPointsMax);
      if (problem !== null) return fail(problem);
      const host = hosts.find(query.hostId);
      if (host === undefined) return answerRange(query, [], config.queryPointsMax);
      const slices = createTimeSlices(clock);
      const pointsMax = config.queryPointsMax;
      const tracks = await collectTracks(
        { folder, log, dictionaries, slices, pointsMax },
        query,
        host.number,
        segments.slice(),
      );
      return tracks.ok ? answerRange(query, tracks.value, pointsMax) : tracks;
    },
    async gaps(hostId, fromMs, toMs) {
      const host = hosts.find(hostId);
      if (host === undefined) return [];
      return tellGaps({ folder, segments, damages: recovered.damages }, host, { fromMs, toMs });
    },
    stats: () => ({
      ...counts,
      bytesOnDisk: segments.reduce((bytes, { durableBytes }) => bytes + durableBytes, 0),
      hosts: hosts.count(),
    }),
    async close() {
      isClosed = true;
      await writer.close();
    },
  };
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
