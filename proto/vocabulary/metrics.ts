/**
 * Every metric that an agent may report: OpenTelemetry names, one unit each, and how a host-wide
 * figure is made of several series. The dictionary on the wire names metrics from this list only.
 */
export type MetricKind = "counter" | "gauge";

/**
 * How the series of one metric become one figure for the host when nobody asks for a split:
 * `whole` – there is a series without attributes and it is the answer; `sum`, `mean`, `max`, `min`
 * – over all series of the metric; `newest` – the series are rival answers to one question, and the
 * one that spoke last has the say, never a mixture; `one-source` – a sum where all series name the
 * same wws.power.source, and none where they do not: parts that several instruments see would be
 * added twice.
 */
export type HostWide = "whole" | "sum" | "mean" | "max" | "min" | "newest" | "one-source";

export interface MetricDefinition {
  readonly kind: MetricKind;
  /** UCUM unit of the value as the dictionary's scale gives it; counters are answered per second. */
  readonly unit: string;
  readonly hostWide: HostWide;
  readonly description: string;
}

export const metrics = {
  "system.cpu.utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "whole",
    description:
      "share of time neither idle nor waiting for I/O; by cpu.logical_number or cpu.mode",
  },
  "system.cpu.load_average.1m": {
    kind: "gauge",
    unit: "1",
    hostWide: "whole",
    description: "load average over one minute",
  },
  "system.memory.usage": {
    kind: "gauge",
    unit: "By",
    hostWide: "sum",
    description:
      "memory by system.memory.state (used, free, cached, buffers); adds up to the limit",
  },
  "system.memory.limit": {
    kind: "gauge",
    unit: "By",
    hostWide: "whole",
    description: "memory that the kernel has",
  },
  "system.memory.utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "whole",
    description: "share of memory that is not available to new work",
  },
  "system.paging.usage": {
    kind: "gauge",
    unit: "By",
    hostWide: "sum",
    description: "swap by system.paging.state",
  },
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
  "system.network.io": {
    kind: "counter",
    unit: "By",
    hostWide: "sum",
    description:
      "bytes by network.interface.name and network.io.direction; physical interfaces only in the sum",
  },
  "system.network.packets": {
    kind: "counter",
    unit: "{packet}",
    hostWide: "sum",
    description: "packets by network.interface.name and network.io.direction",
  },
  "system.network.errors": {
    kind: "counter",
    unit: "{error}",
    hostWide: "sum",
    description: "errors by network.interface.name and network.io.direction",
  },
  "system.network.dropped": {
    kind: "counter",
    unit: "{packet}",
    hostWide: "sum",
    description: "dropped packets by network.interface.name and network.io.direction",
  },
  "hw.host.power": {
    kind: "gauge",
    unit: "W",
    hostWide: "newest",
    description:
      "what the host draws, by the best source it has; one series each wws.power.source, as they mean different things",
  },
  "hw.power": {
    kind: "gauge",
    unit: "W",
    hostWide: "one-source",
    description:
      "draw of one part, by hw.id, hw.type and wws.power.source; parts of several sources overlap and are never added",
  },
  "hw.energy": {
    kind: "counter",
    unit: "J",
    hostWide: "one-source",
    description: "energy used by one part, by hw.id and wws.power.source",
  },
  "hw.temperature": {
    kind: "gauge",
    unit: "Cel",
    hostWide: "max",
    description: "temperature by hw.id and hw.parent",
  },
  "hw.fan.speed": {
    kind: "gauge",
    unit: "rpm",
    hostWide: "max",
    description: "fan speed by hw.id",
  },
  "hw.voltage": { kind: "gauge", unit: "V", hostWide: "max", description: "voltage by hw.id" },
  "hw.power_supply.status": {
    kind: "gauge",
    unit: "1",
    hostWide: "sum",
    description: "1 where the supply works, 0 where it does not, by hw.id",
  },
  "system.cpu.frequency": {
    kind: "gauge",
    unit: "Hz",
    hostWide: "mean",
    description: "current frequency, by cpu.logical_number",
  },
  "wws.cpu.count": {
    kind: "gauge",
    unit: "{cpu}",
    hostWide: "sum",
    description: "logical processors by wws.cpu.state (online, offline)",
  },
  "wws.cpu.throttle_events": {
    kind: "counter",
    unit: "{event}",
    hostWide: "max",
    description: "thermal throttling by hw.id and wws.throttle.scope (core, package)",
  },
  "wws.numa.cpu.utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "share of time neither idle nor waiting for I/O, by wws.numa.node",
  },
  "wws.numa.memory.usage": {
    kind: "gauge",
    unit: "By",
    hostWide: "sum",
    description: "memory by wws.numa.node and system.memory.state (used, free)",
  },
  "wws.pressure.stall_time": {
    kind: "counter",
    unit: "s",
    hostWide: "max",
    description:
      "time that tasks waited, by wws.pressure.resource (cpu, memory, io) and wws.pressure.kind (some, full)",
  },
  "hw.errors": {
    kind: "gauge",
    unit: "{error}",
    hostWide: "sum",
    description: "errors since the part began to count, by hw.id, hw.type and error.type",
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
  "hw.power_supply.limit": {
    kind: "gauge",
    unit: "W",
    hostWide: "sum",
    description: "what a power supply is rated to give, by hw.id",
  },
  "hw.power_supply.redundant": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "1 where one supply may fail, 0 where none may, by hw.id",
  },
  "hw.temperature.margin": {
    kind: "gauge",
    unit: "Cel",
    hostWide: "min",
    description: "distance to the part's own critical limit, by hw.id",
  },
  "hw.fan.speed_ratio": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "fan speed as a share of its full speed, by hw.id",
  },
  "hw.fan.status": {
    kind: "gauge",
    unit: "1",
    hostWide: "min",
    description: "1 where a fan turns as it should, 0 where it is stopped or failed, by hw.id",
  },
  "hw.gpu.utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "share of time that a GPU computed, by hw.id",
  },
  "hw.gpu.memory.usage": {
    kind: "gauge",
    unit: "By",
    hostWide: "sum",
    description: "memory of a GPU in use, by hw.id",
  },
  "hw.gpu.memory.limit": {
    kind: "gauge",
    unit: "By",
    hostWide: "sum",
    description: "memory of a GPU, by hw.id",
  },
  "wws.gpu.throttled": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "1 where heat or power make a GPU slower than it could be, by hw.id",
  },
  "wws.network.link_up": {
    kind: "gauge",
    unit: "1",
    hostWide: "sum",
    description: "1 where a physical port has a link, by network.interface.name",
  },
  "wws.network.carrier_changes": {
    kind: "gauge",
    unit: "{change}",
    hostWide: "max",
    description: "times that the link came or went since boot, by network.interface.name",
  },
  "wws.network.bond_members": {
    kind: "gauge",
    unit: "{port}",
    hostWide: "sum",
    description: "ports of a bond by network.interface.name and wws.bond.member_state (up, down)",
  },
  "wws.bmc.sel.usage": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "share of the BMC's event log that is full",
  },
  "wws.agent.cpu.time": {
    kind: "counter",
    unit: "s",
    hostWide: "whole",
    description: "processor time of the agent itself",
  },
  "wws.agent.memory.usage": {
    kind: "gauge",
    unit: "By",
    hostWide: "whole",
    description: "resident memory of the agent itself",
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metrics;

export function findMetric(name: string): MetricDefinition | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name as MetricName] : undefined;
}
