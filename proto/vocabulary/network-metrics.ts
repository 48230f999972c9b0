import type { MetricDefinition } from "./metric-definition.ts";

/** Network ports, physical ones and bonds. */
export const networkMetrics = {
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
} as const satisfies Record<string, MetricDefinition>;
