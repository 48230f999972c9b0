import type { MetricDefinition } from "./metric-definition.ts";

/** Drives, arrays, paths to them and the file systems on them. */
export const storageMetrics = {
  "system.disk.io": {
    kind: "counter",
    unit: "By",
    hostWide: "sum",
    description: "bytes read and written by system.device and disk.io.direction",
  },
  "system.disk.operations": {
    kind: "counter",
    unit: "{operation}",
    hostWide: "sum",
    description: "operations by system.device and disk.io.direction",
  },
  "system.disk.io_time": {
    kind: "counter",
    unit: "s",
    hostWide: "max",
    description: "time with I/O in flight, by system.device",
  },
  "system.disk.operation_time": {
    kind: "counter",
    unit: "s",
    hostWide: "sum",
    description: "time summed over operations, by system.device and disk.io.direction",
  },
  "system.filesystem.usage": {
    kind: "gauge",
    unit: "By",
    hostWide: "sum",
    description: "bytes by system.filesystem.mountpoint and system.filesystem.state",
  },
  "system.filesystem.utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "share used, by system.filesystem.mountpoint",
  },
  "system.disk.operation_latency": {
    kind: "gauge",
    unit: "s",
    hostWide: "max",
    description:
      "mean time of the operations that ended since the last reading, by system.device and disk.io.direction",
  },
  "system.filesystem.readonly": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description:
      "1 where a file system that was mounted for writing is read-only, by system.filesystem.mountpoint",
  },
  "hw.physical_disk.endurance_utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "share of the rated endurance that is used, may pass 1, by hw.id",
  },
  "wws.disk.smart.passed": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "1 where the drive calls itself healthy, 0 where it does not, by hw.id",
  },
  "wws.disk.critical_warning": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "bits of the NVMe critical warning, by hw.id",
  },
  "wws.disk.spare": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "share of spare blocks that is left, by hw.id",
  },
  "wws.disk.spare_margin": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "spare that is left above the drive's own threshold, by hw.id",
  },
  "wws.disk.sectors": {
    kind: "gauge",
    unit: "{sector}",
    hostWide: "sum",
    description:
      "sectors by hw.id and wws.sector.state (reallocated, pending, offline_uncorrectable)",
  },
  "wws.disk.power_on_time": {
    kind: "gauge",
    unit: "s",
    hostWide: "max",
    description: "time in its life that the drive was on, by hw.id",
  },
  "wws.disk.self_test.passed": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "1 where the newest self-test ended well, 0 where it found a fault, by hw.id",
  },
  "wws.disk.attributes_failing": {
    kind: "gauge",
    unit: "{attribute}",
    hostWide: "sum",
    description: "SMART attributes that are at or below their threshold now, by hw.id",
  },
  "wws.raid.devices": {
    kind: "gauge",
    unit: "{device}",
    hostWide: "sum",
    description:
      "members of an array by hw.id and wws.raid.state (active, rebuilding, failed, spare, missing)",
  },
  "wws.raid.degraded": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "1 where an array has lost redundancy, by hw.id",
  },
  "wws.raid.sync": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "share done of a rebuild or check that runs, by hw.id",
  },
  "wws.raid.battery.ok": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "1 where the controller's battery or capacitor is fit, by hw.id",
  },
  "wws.multipath.paths": {
    kind: "gauge",
    unit: "{path}",
    hostWide: "sum",
    description: "paths by hw.id and wws.path.state (active, failed)",
  },
} as const satisfies Record<string, MetricDefinition>;
