import type { MetricDefinition } from "./metric-definition.ts";

/** Processors, memory and waiting for them, of the host and of the agent itself. */
export const processorMetrics = {
  "system.cpu.utilization": {
    kind: "gauge",
    unit: "1",
    hostWide: "whole",
    description:
      "share of time neither idle nor waiting for I/O; by cpu.logical_number or cpu.mode",
  },
  "system.cpu.time": {
    kind: "counter",
    unit: "s",
    hostWide: "sum",
    description:
      "time of each CPU in each mode, by cpu.logical_number and cpu.mode; only where cpu_time is set",
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
