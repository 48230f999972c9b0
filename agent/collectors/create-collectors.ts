import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { createAgentCollector } from "./agent-itself.ts";
import type { Collector, SampleSink } from "./collector.ts";
import { createCpuCollector } from "./cpu.ts";
import { createDiskCollector } from "./disks.ts";
import { createFilesystemCollector } from "./filesystems.ts";
import { createIdentityCollector } from "./identity.ts";
import { createIpmiCollector } from "./ipmi.ts";
import { IpmiReader } from "./ipmi-reader.ts";
import { createMemoryCollector } from "./memory.ts";
import { createNetworkCollector } from "./network.ts";
import { createPowerCollector } from "./power.ts";
import { createThermalCollector } from "./thermal.ts";
import { findVirtualization, type Virtualization } from "./virtualization.ts";

export interface CollectorParts {
  readonly source: HardwareSource;
  readonly sink: SampleSink;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * One collector per subject, those that are read every step first. Beside source and sink they
 * share the reader of the BMC, which must be asked by one at a time, and the answer to whether this
 * machine is virtual, which never changes while it runs.
 */
export function createCollectors({
  source,
  sink,
  clock,
  log,
}: CollectorParts): readonly Collector[] {
  let found: Virtualization | null = null;
  const virtualization = (): Virtualization => {
    if (found === null) {
      found = findVirtualization(source);
      log.debug({ virtualization: found }, "looked for a hypervisor");
    }
    return found;
  };
  const ipmi = new IpmiReader(source, virtualization);
  return [
    createCpuCollector(source, sink),
    createMemoryCollector(source, sink),
    createDiskCollector(source, sink),
    createNetworkCollector(source, sink),
    createPowerCollector({ source, sink, clock, ipmi, virtualization }),
    createThermalCollector(source, sink, virtualization),
    createFilesystemCollector(source, sink),
    createAgentCollector(source, sink),
    createIpmiCollector(source, sink, ipmi),
    createIdentityCollector(source, clock, virtualization),
  ];
}
