import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { absent, absentByRead } from "./absences.ts";
import type { Collector, CollectProblem, SampleSink, SeriesHandle } from "./collector.ts";
import { DiskCounters, diskColumnCount } from "./disk-counters.ts";
import { findWholeDisks, type WholeDisk } from "./disk-discovery.ts";
import { IntegerScanner } from "./integer-scanner.ts";
import { openOnce } from "./open-once.ts";
import { countersWrapAfter, WrappingCounters } from "./wrapping-counters.ts";

/**
 * What each whole disk moved, and how long it took.
 * Source: /proc/diskstats (Documentation/admin-guide/iostats.rst): sectors of 512 bytes whatever
 * the disk's own sector is, times in milliseconds.
 */
export function createDiskCollector(source: HardwareSource, sink: SampleSink): Collector {
  const file = openOnce(source, "/proc/diskstats");
  const scanner = new IntegerScanner();
  let disks: readonly Disk[] = [];
  let counters = new DiskCounters([]);
  let key = "";

  return {
    subject: "disks",
    cadenceMs: 0,
    discover() {
      const read = file.read();
      if (!read.ok)
        return { absences: [absentByRead("system.disk.io", read.problem, "mount /proc")] };
      const found = findWholeDisks(source, read.value);
      // The same disks as before keep their counters: a rediscovery costs no point.
      const foundKey = found.map(({ name, rows }) => `${name}=${rows.join("+")}`).join(" ");
      if (foundKey !== key) {
        key = foundKey;
        counters = new DiskCounters(found.map(({ rows }) => rows));
        disks = found.map((disk) => declareDisk(sink, disk));
      }
      return { absences: found.length > 0 ? [] : [noDisks()] };
    },
    collect(): CollectProblem | null {
      if (disks.length === 0) return null;
      const read = file.read();
      if (!read.ok) {
        const absence = absentByRead("system.disk.io", read.problem, "mount /proc");
        return { detail: absence.detail, absences: [absence] };
      }
      counters.parse(scanner, read.value);
      for (let index = 0; index < disks.length; index += 1) {
        const disk = disks[index];
        if (disk === undefined || !counters.seen(index)) continue;
        for (let column = 0; column < diskColumnCount; column += 1) {
          const reading = counters.reading(index, column);
          sink.set(disk.handles[column] ?? -1, disk.wrapping.unwrap(column, reading));
        }
      }
      return null;
    },
    close: () => file.close(),
  };
}

interface Disk {
  readonly handles: readonly SeriesHandle[];
  readonly wrapping: WrappingCounters;
}

/** In the order of `diskColumns`. */
function declareDisk(sink: SampleSink, { name }: WholeDisk): Disk {
  const device = { "system.device": name };
  const wrapsAfter = countersWrapAfter;
  const of = (direction: "read" | "write") => {
    const attributes = { ...device, "disk.io.direction": direction };
    return [
      sink.declare({ metric: "system.disk.operations", attributes, exponent: 0, wrapsAfter }),
      sink.declare({ metric: "system.disk.io", attributes, exponent: 0, quantum: 512, wrapsAfter }),
      sink.declare({ metric: "system.disk.operation_time", attributes, exponent: -3, wrapsAfter }),
    ];
  };
  const ioTime = sink.declare({
    metric: "system.disk.io_time",
    attributes: device,
    exponent: -3,
    wrapsAfter,
  });
  return {
    handles: [...of("read"), ...of("write"), ioTime],
    wrapping: new WrappingCounters(diskColumnCount),
  };
}

function noDisks() {
  return absent({
    what: "system.disk.io",
    reason: "no-such-hardware",
    detail: "/proc/diskstats names no whole disk with a device behind it",
  });
}
