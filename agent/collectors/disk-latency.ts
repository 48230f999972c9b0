import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { absent, absentByRead } from "./absences.ts";
import type { Collector, CollectProblem, SampleSink, SeriesHandle } from "./collector.ts";
import { DiskCounters, diskColumns } from "./disk-counters.ts";
import { findWholeDisks } from "./disk-discovery.ts";
import { IntegerScanner } from "./integer-scanner.ts";
import { openOnce } from "./open-once.ts";
import { WrappingCounters } from "./wrapping-counters.ts";

const cadenceMs = 10_000;
const directions = [
  { direction: "read", operations: columnOf("reads"), time: columnOf("readMs") },
  { direction: "write", operations: columnOf("writes"), time: columnOf("writeMs") },
] as const;

/**
 * Mean time of the operations that ended in the last ten seconds, by disk and direction, in
 * microseconds. Source: two readings of /proc/diskstats. A disk on which none ended has no latency
 * then: a gap, no zero. A counter that stepped back gives none for that interval.
 */
export function createDiskLatencyCollector(source: HardwareSource, sink: SampleSink): Collector {
  const file = openOnce(source, "/proc/diskstats");
  const scanner = new IntegerScanner();
  let disks: readonly Disk[] = [];
  let byName: ReadonlyMap<string, Disk> = new Map();
  let counters = new DiskCounters([]);
  let key = "";
  return {
    subject: "latency",
    cadenceMs,
    discover() {
      const read = file.read();
      if (!read.ok)
        return {
          absences: [absentByRead("system.disk.operation_latency", read.problem, "mount /proc")],
        };
      const found = findWholeDisks(source, read.value);
      const foundKey = found.map(({ name, rows }) => `${name}=${rows.join("+")}`).join(" ");
      if (foundKey !== key) {
        key = foundKey;
        counters = new DiskCounters(found.map(({ rows }) => rows));
        const known = byName;
        // A disk that is still there goes on: what comes or goes beside it costs it no reading.
        byName = new Map(
          found.map(({ name }) => [name, known.get(name) ?? declareDisk(sink, name)]),
        );
        disks = [...byName.values()];
      }
      if (found.length > 0) return { absences: [] };
      const detail = "/proc/diskstats names no whole disk with a device behind it";
      const what = "system.disk.operation_latency";
      return { absences: [absent({ what, reason: "no-such-hardware", detail })] };
    },
    collect(): CollectProblem | null {
      if (disks.length === 0) return null;
      const read = file.read();
      if (!read.ok) {
        const absence = absentByRead("system.disk.operation_latency", read.problem, "mount /proc");
        return { detail: absence.detail, absences: [absence] };
      }
      counters.parse(scanner, read.value);
      for (const [index, disk] of disks.entries()) {
        if (!counters.seen(index)) disk.forget();
        else disk.take((column) => counters.reading(index, column));
      }
      return null;
    },
    close: () => file.close(),
  };

  function declareDisk(to: SampleSink, name: string): Disk {
    const handles = directions.map(({ direction }) =>
      to.declare({
        metric: "system.disk.operation_latency",
        attributes: { "system.device": name, "disk.io.direction": direction },
        exponent: -6,
        cadenceMs,
      }),
    );
    return createDisk(to, handles);
  }
}

interface Disk {
  take(reading: (column: number) => number): void;
  /** It was not there: the next reading has nothing to compare with. */
  forget(): void;
}

function createDisk(sink: SampleSink, handles: readonly SeriesHandle[]): Disk {
  const wrapping = new WrappingCounters(directions.length * 2);
  let last: readonly number[] | null = null;
  return {
    forget() {
      last = null;
    },
    take(reading) {
      const now = directions.flatMap(({ operations, time }, index) => [
        wrapping.unwrap(index * 2, reading(operations)),
        wrapping.unwrap(index * 2 + 1, reading(time)),
      ]);
      const before = last;
      last = now;
      if (before === null) return;
      for (const [index, handle] of handles.entries()) {
        const ended = (now[index * 2] ?? 0) - (before[index * 2] ?? 0);
        const spentMs = (now[index * 2 + 1] ?? 0) - (before[index * 2 + 1] ?? 0);
        if (ended > 0 && spentMs >= 0) sink.set(handle, Math.round((spentMs / ended) * 1_000));
      }
    },
  };
}

function columnOf(name: (typeof diskColumns)[number]["name"]): number {
  return diskColumns.findIndex((column) => column.name === name);
}
