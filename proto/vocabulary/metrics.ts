/**
 * Every metric that an agent may report: OpenTelemetry names, one unit each, and how a host-wide
 * figure is made of several series. The dictionary on the wire names metrics from this list only.
 */
export type MetricKind = "counter" | "gauge";

/**
 * How the series of one metric become one figure for the host when nobody asks for a split:
 * `whole` – there is a series without attributes and it is the answer; `sum`, `mean`, `max` – over
 * all series of the metric.
 */
export type HostWide = "whole" | "sum" | "mean" | "max";

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
    hostWide: "whole",
    description: "what the host draws, by the best source it has; the source stands in the state",
  },
  "hw.power": {
    kind: "gauge",
    unit: "W",
    hostWide: "sum",
    description: "draw of one part, by hw.id, hw.type and wws.power.source",
  },
  "hw.energy": {
    kind: "counter",
    unit: "J",
    hostWide: "sum",
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
