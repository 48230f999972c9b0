import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { type BootBefore, createBootCollector } from "./boot.ts";
import { createProcessorCollector } from "./cpu-online.ts";
import { createDiskLatencyCollector } from "./disk-latency.ts";
import { createReadonlyCollector } from "./filesystem-readonly.ts";
import { createGpuCollector } from "./gpu.ts";
import { createLinksCollector } from "./links.ts";
import { createErrorsCollector } from "./machine-check-collector.ts";
import { createNumaCollector } from "./numa.ts";
import { createPartsCollector } from "./parts.ts";
import { createPressureCollector } from "./pressure.ts";
import { createRaidCollector } from "./raid.ts";
import { createSmartCollector } from "./smart.ts";
import type { Absence, SelEntry } from "#proto/messages/state.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import type { Random } from "#proto/vocabulary/random.ts";
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
  /** Spreads what is asked rarely; null: for looking once, in the order of the machine, all at once. */
  readonly random: Pick<Random, "next"> | null;
  readonly log: Log;
  /** How the agent of the boot before ended; null: none ran, or nobody knows. */
  readonly bootBefore?: BootBefore | null;
  /** Whether the time of each CPU in each mode is sampled too. */
  readonly cpuTime?: boolean;
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
  random,
  log,
  bootBefore = null,
  cpuTime = false,
}: CollectorParts): readonly Collector[] {
  let found: Virtualization | null = null;
  const virtualization = (): Virtualization => {
    if (found === null) {
      found = findVirtualization(source);
      log.debug({ virtualization: found }, "looked for a hypervisor");
    }
    return found;
  };
  const ipmi = new IpmiReader(source, virtualization, clock);
  const smart = createSmartCollector({
    source,
    sink,
    clock,
    ...(random === null ? { random: inOrder, drivesPerLook: drivesAtOnceMax } : { random }),
  });
  const readSelEntries = (): Promise<Result<readonly SelEntry[], Absence>> => {
    const missing = ipmi.deviceAbsence("boot.sel");
    return missing === null ? ipmi.readSelEntries() : Promise.resolve(fail(missing));
  };
  return [
    createCpuCollector(source, sink, { timeByCpu: cpuTime }),
    createMemoryCollector(source, sink),
    createDiskCollector(source, sink),
    createNetworkCollector(source, sink),
    createPowerCollector({ source, sink, clock, ipmi, virtualization }),
    createThermalCollector(source, sink, virtualization, clock),
    createFilesystemCollector(source, sink),
    createAgentCollector(source, sink),
    createNumaCollector(source, sink),
    createPressureCollector(source, sink),
    createProcessorCollector(source, sink),
    createErrorsCollector(source, sink),
    createDiskLatencyCollector(source, sink),
    createReadonlyCollector(source, sink),
    createLinksCollector(source, sink, clock),
    createIpmiCollector(source, sink, ipmi, { reads: "all" }),
    smart,
    createRaidCollector({
      source,
      sink,
      clock,
      isTold: smart.tellsOf,
      waitsForTools: random === null,
    }),
    createGpuCollector(source, sink),
    createIdentityCollector(source, clock, virtualization),
    createPartsCollector(source, sink),
    createBootCollector({ source, bootBefore, readSelEntries }),
  ];
}

/** Of a server with three shelves of disks, and some to spare. */
const drivesAtOnceMax = 1_024;
const inOrder = { next: () => 0 };
