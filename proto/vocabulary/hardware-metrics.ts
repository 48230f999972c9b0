import type { MetricDefinition } from "./metric-definition.ts";

/** Power, heat, fans, supplies, GPUs, errors of parts and what the BMC keeps. */
export const hardwareMetrics = {
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
  "hw.errors": {
    kind: "gauge",
    unit: "{error}",
    hostWide: "sum",
    description: "errors since the part began to count, by hw.id, hw.type and error.type",
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
  "wws.bmc.sel.usage": {
    kind: "gauge",
    unit: "1",
    hostWide: "max",
    description: "share of the BMC's event log that is full",
  },
} as const satisfies Record<string, MetricDefinition>;
