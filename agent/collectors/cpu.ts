import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { absent, absentByRead } from "./absences.ts";
import type {
  Collector,
  CollectProblem,
  Discovery,
  SampleSink,
  SeriesHandle,
} from "./collector.ts";
import {
  busyTicks,
  CpuTimes,
  cpuModeCount,
  cpuModes,
  cpuTicksBetween,
  wholeHostRow,
} from "./cpu-times.ts";
import { IntegerScanner } from "./integer-scanner.ts";
import { createLoadReader } from "./load.ts";
import { openOnce } from "./open-once.ts";
import { rateGapMsMax } from "./rate-limits.ts";
import { parseList } from "./text.ts";

/** Shares are whole ten-thousandths: finer than the 1/100 s ticks they are made of. */
const shareExponent = -4;
const shareScale = 10_000;
/** USER_HZ is 100 on every architecture that Linux shows to programs. */
const tickExponent = -2;

export interface CpuOptions {
  /** Also the time of each CPU in each mode: eight series more a CPU. */
  readonly timeByCpu: boolean;
}

/**
 * Share of CPU time, of the host, by mode and by CPU, and the load average.
 * Source: /proc/stat (Documentation/filesystems/proc.rst, 1.7), ticks of 1/100 s; /proc/loadavg.
 * The first reading gives nothing: a share needs two.
 */
export function createCpuCollector(
  source: HardwareSource,
  sink: SampleSink,
  { timeByCpu }: CpuOptions = { timeByCpu: false },
): Collector {
  const stat = openOnce(source, "/proc/stat");
  const load = createLoadReader(source, sink);
  const scanner = new IntegerScanner();
  const deltas = new Float64Array(cpuModeCount);
  let before = new CpuTimes();
  let now = new CpuTimes();
  let beforeAt: MonotonicMs | null = null;
  let whole: SeriesHandle = -1;
  let byMode: readonly SeriesHandle[] = [];
  let byCpu: readonly CpuSeries[] = [];

  const declare = (attributes: Readonly<Record<string, string>>): SeriesHandle =>
    sink.declare({ metric: "system.cpu.utilization", attributes, exponent: shareExponent });

  const setRow = (row: number, handle: SeriesHandle): number => {
    const total = cpuTicksBetween(before, now, row, deltas);
    if (total > 0) sink.set(handle, Math.round((busyTicks(deltas, total) / total) * shareScale));
    return total;
  };

  return {
    subject: "cpu",
    cadenceMs: 0,
    discover(): Discovery {
      const absences: Absence[] = [...load.discover()];
      const read = stat.read();
      if (!read.ok)
        return {
          absences: [
            ...absences,
            absentByRead("system.cpu.utilization", read.problem, "mount /proc"),
          ],
        };
      const found = new CpuTimes();
      if (!found.parse(scanner, read.value)) return { absences: [...absences, unreadable()] };
      whole = declare({});
      byMode = cpuModes.map((mode) => declare({ "cpu.mode": mode }));
      const online = readOnline(source);
      const listed = found.numbers();
      byCpu = listed
        .filter((number) => online === null || online.has(number))
        .map((number) => ({
          row: number + 1,
          handle: declare({ "cpu.logical_number": String(number) }),
          times: timeByCpu ? declareTimes(sink, number) : [],
        }));
      for (const number of listed)
        if (online !== null && !online.has(number)) absences.push(switchedOff(number));
      return { absences };
    },
    collect(at): CollectProblem | null {
      const loadProblem = load.collect();
      const read = stat.read();
      if (!read.ok) {
        const absence = absentByRead("system.cpu.utilization", read.problem, "mount /proc");
        return { detail: absence.detail, absences: [absence] };
      }
      [before, now] = [now, before];
      if (!now.parse(scanner, read.value))
        return { detail: "/proc/stat has no cpu line", absences: [unreadable()] };
      const elapsedMs = beforeAt === null ? Number.POSITIVE_INFINITY : at - beforeAt;
      beforeAt = at;
      if (elapsedMs <= 0 || elapsedMs > rateGapMsMax) return loadProblem;
      const total = setRow(wholeHostRow, whole);
      if (total > 0)
        for (let mode = 0; mode < byMode.length; mode += 1)
          sink.set(byMode[mode] ?? -1, Math.round(((deltas[mode] ?? 0) / total) * shareScale));
      for (let index = 0; index < byCpu.length; index += 1) {
        const cpu = byCpu[index];
        if (cpu === undefined) continue;
        setRow(cpu.row, cpu.handle);
        if (!now.has(cpu.row)) continue;
        for (let mode = 0; mode < cpu.times.length; mode += 1)
          sink.set(cpu.times[mode] ?? -1, now.ticks(cpu.row, mode));
      }
      return loadProblem;
    },
    close(): void {
      stat.close();
      load.close();
    },
  };
}

interface CpuSeries {
  /** Of `CpuTimes`. */
  readonly row: number;
  readonly handle: SeriesHandle;
  /** In the order of `cpuModes`; empty: not asked for. */
  readonly times: readonly SeriesHandle[];
}

function declareTimes(sink: SampleSink, number: number): readonly SeriesHandle[] {
  return cpuModes.map((mode) =>
    sink.declare({
      metric: "system.cpu.time",
      attributes: { "cpu.logical_number": String(number), "cpu.mode": mode },
      exponent: tickExponent,
    }),
  );
}

/** null: the kernel does not say; then every CPU with a line counts as online. */
function readOnline(source: HardwareSource): ReadonlySet<number> | null {
  const read = source.readText("/sys/devices/system/cpu/online");
  const numbers = read.ok ? parseList(read.value) : null;
  return numbers === null || numbers.length === 0 ? null : new Set(numbers);
}

function switchedOff(number: number): Absence {
  return absent({
    what: "system.cpu.utilization",
    attributes: { "cpu.logical_number": String(number) },
    reason: "switched-off",
    detail: `not in /sys/devices/system/cpu/online; echo 1 > /sys/devices/system/cpu/cpu${number}/online`,
  });
}

function unreadable(): Absence {
  return absent({
    what: "system.cpu.utilization",
    reason: "unreadable-text",
    detail: "/proc/stat has no cpu line",
  });
}
