import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { CollectProblem, SampleSink, SeriesHandle } from "./collector.ts";
import { parseWholeInteger } from "./integer-scanner.ts";
import { type OpenOnce, openOnce } from "./open-once.ts";

/** A small file that holds one whole number, and what the number means. */
export interface GaugeFile {
  readonly path: string;
  readonly metric: MetricName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly exponent: number;
  /** Raw numbers of the file in one unit of the series. */
  readonly rawPerUnit: number;
  /** Raw limits of what the physics of the part allows. */
  readonly plausible: { readonly min: number; readonly max: number };
  /** Raw numbers by which the driver says that there is no sensor. */
  readonly sentinels?: readonly number[];
  readonly cadenceMs: number;
  /** Read for its owner only: gives no series of its own. */
  readonly isSilent?: boolean;
}

/**
 * Reads a set of one-number files at their own pace. A reading that is refused, unreadable or
 * implausible is left out and told; the others go on.
 *
 * Reading is not free of waiting: the drivers of drives ask the drive, and one that is dying makes all
 * of the agent wait for it. A file that took long is left alone for a minute, then for ever longer.
 */
export class GaugeFiles {
  readonly #source: HardwareSource;
  readonly #sink: SampleSink;
  readonly #clock: Pick<Clock, "nowMonotonicMs"> | null;
  #gauges: readonly OpenGauge[] = [];

  /** Without a clock no read counts as slow. */
  constructor(
    source: HardwareSource,
    sink: SampleSink,
    clock: Pick<Clock, "nowMonotonicMs"> | null = null,
  ) {
    this.#source = source;
    this.#sink = sink;
    this.#clock = clock;
  }

  /** Takes this set from now on; files that are in the old set too stay open. Tells what is absent. */
  discover(files: readonly GaugeFile[]): readonly Absence[] {
    const open = new Map(this.#gauges.map((gauge) => [gauge.file.path, gauge]));
    const absences: Absence[] = [];
    const gauges: OpenGauge[] = [];
    for (const file of files) {
      const kept = open.get(file.path);
      if (kept !== undefined && kept.waitMs > 0) {
        open.delete(file.path);
        gauges.push(kept);
        continue;
      }
      const reader = kept?.reader ?? openOnce(this.#source, file.path);
      const startMs = this.#clock?.nowMonotonicMs() ?? 0;
      const reading = look(file, reader);
      const tookMs = (this.#clock?.nowMonotonicMs() ?? 0) - startMs;
      if (typeof reading !== "number" && tookMs < slowMs) {
        absences.push(reading);
        if (kept === undefined) reader.close();
        continue;
      }
      open.delete(file.path);
      const { metric, attributes, exponent, cadenceMs } = file;
      const cadence = cadenceMs > 0 ? { cadenceMs } : {};
      const handle =
        file.isSilent === true
          ? null
          : this.#sink.declare({ metric, attributes, exponent, ...cadence });
      const gauge = {
        file,
        reader,
        handle,
        dueAt: kept?.dueAt ?? 0,
        latest: Number.NaN,
        waitMs: 0,
      };
      if (tookMs >= slowMs) leaveAlone(gauge, startMs + tookMs);
      gauges.push(gauge);
    }
    for (const gauge of open.values()) gauge.reader.close();
    this.#gauges = gauges;
    return absences;
  }

  collect(at: MonotonicMs): CollectProblem | null {
    let absences: Absence[] | null = null;
    const tell = (absence: Absence): void => {
      absences ??= [];
      absences.push(absence);
    };
    // The end of one read is the beginning of the next: the clock is asked once each.
    let startMs: number | null = null;
    for (let index = 0; index < this.#gauges.length; index += 1) {
      const gauge = this.#gauges[index];
      if (gauge === undefined) continue;
      gauge.latest = Number.NaN;
      if (at < gauge.dueAt) {
        if (gauge.waitMs > 0) tell(tooSlow(gauge.file));
        continue;
      }
      if (gauge.file.cadenceMs > 0) gauge.dueAt = at + gauge.file.cadenceMs - slackMs;
      startMs ??= this.#clock?.nowMonotonicMs() ?? 0;
      const reading = look(gauge.file, gauge.reader);
      const endMs = this.#clock?.nowMonotonicMs() ?? 0;
      const tookMs: number = endMs - startMs;
      startMs = endMs;
      if (tookMs < slowMs) gauge.waitMs = 0;
      else {
        leaveAlone(gauge, endMs);
        tell(tooSlow(gauge.file));
      }
      if (typeof reading === "number") {
        gauge.latest = reading;
        if (gauge.handle !== null)
          this.#sink.set(gauge.handle, Math.round(reading / gauge.file.rawPerUnit));
      } else if (gauge.waitMs === 0) tell(reading);
    }
    return absences === null ? null : problemOf(absences);
  }

  /** Raw numbers of the last `collect`; NaN where a file was not due or gave nothing. */
  latest(path: string): number {
    return this.#gauges.find(({ file }) => file.path === path)?.latest ?? Number.NaN;
  }

  has(path: string): boolean {
    return this.#gauges.some(({ file }) => file.path === path);
  }

  close(): void {
    for (const { reader } of this.#gauges) reader.close();
    this.#gauges = [];
  }
}

interface OpenGauge {
  readonly file: GaugeFile;
  readonly reader: OpenOnce;
  readonly handle: SeriesHandle | null;
  dueAt: number;
  latest: number;
  /** For how long it was left alone because it was slow; 0: it is not. */
  waitMs: number;
}

function leaveAlone(gauge: OpenGauge, atMs: number): void {
  gauge.waitMs = Math.min(waitMsMax, Math.max(waitMsMin, gauge.waitMs * 2));
  gauge.dueAt = atMs + gauge.waitMs;
}

function tooSlow({ metric, attributes, path }: GaugeFile): Absence {
  return absent({
    what: metric,
    attributes,
    reason: "timed-out",
    detail: `${path}: its driver let everything wait for more than ${slowMs} ms; it is read rarely now`,
  });
}

function look(file: GaugeFile, reader: OpenOnce): number | Absence {
  const { metric, attributes, path } = file;
  const read = reader.read();
  if (!read.ok)
    return absentByRead(metric, read.problem, "the driver gives no reading now", attributes);
  const raw = parseWholeInteger(read.value);
  if (Number.isNaN(raw))
    return absent({
      what: metric,
      attributes,
      reason: "unreadable-text",
      detail: `${path} is not a whole number`,
    });
  if (file.sentinels?.includes(raw))
    return absent({
      what: metric,
      attributes,
      reason: "not-supported",
      detail: `${path} says ${raw}: no sensor there`,
    });
  if (raw < file.plausible.min || raw > file.plausible.max)
    return absent({
      what: metric,
      attributes,
      reason: "implausible",
      detail: `${path} says ${raw}, outside ${file.plausible.min} to ${file.plausible.max}`,
    });
  return raw;
}

/** A healthy drive answers its driver in some milliseconds. */
const slowMs = 500;
const waitMsMin = 60_000;
const waitMsMax = 3_600_000;
/** Ticks come a little early or late; a reading that is due within this time is taken. */
const slackMs = 250;
