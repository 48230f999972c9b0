import type { Host } from "./host-schemas.ts";
import type { RackDetail, Supply } from "./place-schemas.ts";

/** A host that is well, for tests of what is made of hosts. */
export function someHost(differs: Partial<Host> = {}): Host {
  return {
    id: "01930000-0000-7000-8000-000000000001",
    name: "host-1",
    serial: "SN-1",
    lifecycle: "active",
    phase: "active",
    op: null,
    link: { state: "connected", sinceMs: 0, lastHeardMs: 0, clockOffsetMs: 0 },
    health: { verdict: "ok", reasons: [], findings: [] },
    holds: [],
    leases: [],
    schedulable: { isSchedulable: true, why: [] },
    watchedOnly: false,
    epoch: 0,
    tags: [],
    data: "unknown",
    trust: "operated",
    revision: 1,
    generation: 1,
    cell: "test",
    position: null,
    feeds: [],
    hardwareClass: null,
    simulated: false,
    adopted: false,
    agentRelease: "0.1.0",
    bootId: null,
    createdMs: 0,
    lastReportAt: 0,
    lastReboot: null,
    power: { watts: 412, source: "rapl", reason: null },
    latest: {
      cpuUtilization: 0.31,
      memoryUtilization: 0.68,
      diskReadBytesPerSecond: 0,
      diskWriteBytesPerSecond: 0,
      temperatureCelsius: 41,
      filesystemUtilization: 0.5,
    },
    ...differs,
  };
}

export function someRack(heightUnits: number, slots: RackDetail["slots"]): RackDetail {
  const supply: Supply = {
    hosts: slots.length,
    simulated: 0,
    byLink: {},
    byLifecycle: {},
    byHealth: {},
    watts: null,
    wattsCoverage: 0,
    cpuUtilization: null,
  };
  const place = { region: "eu", site: "fra2", row: "row-b", rack: "rack-07" } as const;
  return { id: "fra2~row-b~rack-07", ...place, heightUnits, supply, slots };
}
