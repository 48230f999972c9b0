import type { Host } from "#fleet/api/host-schemas.ts";

/** A connected, active host of a rack in Frankfurt, for tests; with what differs. */
export function someHost(differs: Partial<Host> = {}): Host {
  return {
    id: "019a0000-0000-7000-8000-000000000001",
    name: "fra2-b07-u12",
    serial: "SN0001",
    lifecycle: "active",
    phase: "active",
    op: null,
    link: { state: "connected", sinceMs: 1_000, lastHeardMs: 9_000, clockOffsetMs: 3 },
    health: { verdict: "ok", reasons: [], findings: [] },
    holds: [],
    leases: [],
    data: "unknown",
    trust: "operated",
    revision: 1,
    generation: 1,
    cell: "eu",
    position: { region: "eu", site: "fra2", row: "row-b", rack: "rack-07", unit: 12 },
    hardwareClass: "c64-m256",
    simulated: false,
    adopted: false,
    agentRelease: "0.1.0",
    bootId: "b1",
    createdMs: 500,
    lastReportAt: 9_000,
    lastReboot: null,
    power: { watts: 412, source: "hwmon", reason: null },
    latest: {
      cpuUtilization: 0.25,
      memoryUtilization: 0.5,
      diskReadBytesPerSecond: 0,
      diskWriteBytesPerSecond: 1_000,
      temperatureCelsius: 55,
      filesystemUtilization: 0.7,
    },
    ...differs,
  };
}
