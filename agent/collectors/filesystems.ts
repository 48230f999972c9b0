import type { FilesystemSizes, HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { Collector, SampleSink, SeriesHandle } from "./collector.ts";
import { type Mount, parseLocalMounts } from "./mount-table.ts";

const cadenceMs = 10_000;
/** Whole kibibytes: every local file system's block is a multiple of that, or 512 bytes off. */
const quantum = 1024;

/**
 * How full the local file systems are. Source: statfs of each mount point in /proc/self/mountinfo.
 * Reserved is what only root may still fill; utilization is of what others may use, as df shows it.
 */
export function createFilesystemCollector(source: HardwareSource, sink: SampleSink): Collector {
  let filesystems: readonly Filesystem[] = [];
  return {
    subject: "filesystems",
    cadenceMs,
    discover() {
      const read = source.readText("/proc/self/mountinfo");
      if (!read.ok)
        return { absences: [absentByRead("system.filesystem.usage", read.problem, "mount /proc")] };
      const mounts = parseLocalMounts(read.value);
      filesystems = mounts.map((mount) => declareFilesystem(sink, mount));
      return { absences: mounts.length > 0 ? [] : [noMounts()] };
    },
    collect() {
      const absences: Absence[] = [];
      for (const { mountpoint, handles } of filesystems) {
        const sizes = source.readFilesystem(mountpoint);
        if (sizes.ok) set(sink, handles, sizes.value);
        else {
          const attributes = { "system.filesystem.mountpoint": mountpoint };
          absences.push(
            absentByRead("system.filesystem.usage", sizes.problem, "it was unmounted", attributes),
          );
        }
      }
      return problemOf(absences);
    },
    close: () => {},
  };
}

interface Filesystem {
  readonly mountpoint: string;
  readonly handles: Handles;
}

interface Handles {
  readonly used: SeriesHandle;
  readonly free: SeriesHandle;
  readonly reserved: SeriesHandle;
  readonly utilization: SeriesHandle;
}

function declareFilesystem(sink: SampleSink, { mountpoint, type }: Mount): Filesystem {
  const attributes = { "system.filesystem.mountpoint": mountpoint, "system.filesystem.type": type };
  const state = (name: string): SeriesHandle =>
    sink.declare({
      metric: "system.filesystem.usage",
      attributes: { ...attributes, "system.filesystem.state": name },
      exponent: 0,
      quantum,
      cadenceMs,
    });
  const utilization = sink.declare({
    metric: "system.filesystem.utilization",
    attributes,
    exponent: -4,
    cadenceMs,
  });
  return {
    mountpoint,
    handles: { used: state("used"), free: state("free"), reserved: state("reserved"), utilization },
  };
}

function set(sink: SampleSink, handles: Handles, sizes: FilesystemSizes): void {
  const used = sizes.sizeBytes - sizes.freeBytes;
  const kibibytes = (bytes: number): number => Math.round(bytes / quantum);
  sink.set(handles.used, kibibytes(used));
  sink.set(handles.free, kibibytes(sizes.availableBytes));
  sink.set(handles.reserved, kibibytes(Math.max(0, sizes.freeBytes - sizes.availableBytes)));
  const usable = used + sizes.availableBytes;
  if (usable > 0) sink.set(handles.utilization, Math.round((used / usable) * 10_000));
}

function noMounts() {
  return absent({
    what: "system.filesystem.usage",
    reason: "no-such-hardware",
    detail: "/proc/self/mountinfo has no local file system that holds data",
  });
}
