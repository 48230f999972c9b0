import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Collector, SampleSink } from "./collector.ts";
import { createCpuCollector } from "./cpu.ts";
import { createDiskCollector } from "./disks.ts";
import { createMemoryCollector } from "./memory.ts";
import { createNetworkCollector } from "./network.ts";

export interface CollectorParts {
  readonly source: HardwareSource;
  readonly sink: SampleSink;
  readonly clock: Clock;
  readonly log: Log;
}

/** One collector per subject, cheapest first. They share nothing but the source and the sink. */
export function createCollectors(parts: CollectorParts): readonly Collector[] {
  const { source, sink } = parts;
  return [
    createCpuCollector(source, sink),
    createMemoryCollector(source, sink),
    createDiskCollector(source, sink),
    createNetworkCollector(source, sink),
  ];
}
