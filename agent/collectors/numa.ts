import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { Collector, Discovery, SampleSink, SeriesHandle } from "./collector.ts";
import { busyTicks, CpuTimes, cpuModeCount, cpuTicksBetween } from "./cpu-times.ts";
import { IntegerScanner } from "./integer-scanner.ts";
import { nodeFolder, numaMemoryPath, parseNumaMemory, readNumaNodes } from "./numa-nodes.ts";
import { openOnce } from "./open-once.ts";
import { rateGapMsMax } from "./rate-limits.ts";

/** A node's figures move slowly, and the kernel walks its zones for them. */
const cadenceMs = 10_000;
const shareScale = 10_000;

/**
 * Processor time and memory of each NUMA node.
 * Source: /proc/stat over the CPUs of nodeN/cpulist; nodeN/meminfo. A node without CPUs has memory
 * and no utilization. A share needs two readings; a CPU whose time went back, or that is in one of
 * the two only, is left out of it.
 */
export function createNumaCollector(source: HardwareSource, sink: SampleSink): Collector {
  const stat = openOnce(source, "/proc/stat");
  const scanner = new IntegerScanner();
  const deltas = new Float64Array(cpuModeCount);
  let before = new CpuTimes();
  let now = new CpuTimes();
  let beforeAt: MonotonicMs | null = null;
  let nodes: readonly WatchedNode[] = [];

  const watch = (node: number, cpus: readonly number[]): WatchedNode => {
    const attributes = { "wws.numa.node": String(node) };
    const memory = (state: string): SeriesHandle =>
      sink.declare({
        metric: "wws.numa.memory.usage",
        attributes: { ...attributes, "system.memory.state": state },
        exponent: 0,
        quantum: 1024,
        cadenceMs,
      });
    return {
      node,
      rows: cpus.map((cpu) => cpu + 1),
      share:
        cpus.length === 0
          ? null
          : sink.declare({
              metric: "wws.numa.cpu.utilization",
              attributes,
              exponent: -4,
              cadenceMs,
            }),
      used: memory("used"),
      free: memory("free"),
    };
  };

  const collectShares = (at: MonotonicMs): Absence | null => {
    const read = stat.read();
    if (!read.ok) return absentByRead("wws.numa.cpu.utilization", read.problem, "mount /proc");
    [before, now] = [now, before];
    now.parse(scanner, read.value);
    const elapsedMs = beforeAt === null ? Number.POSITIVE_INFINITY : at - beforeAt;
    beforeAt = at;
    if (elapsedMs <= 0 || elapsedMs > rateGapMsMax) return null;
    for (const { rows, share } of nodes) {
      if (share === null) continue;
      let [busy, total] = [0, 0];
      for (const row of rows) {
        const passed = cpuTicksBetween(before, now, row, deltas);
        total += passed;
        if (passed > 0) busy += busyTicks(deltas, passed);
      }
      if (total > 0) sink.set(share, Math.round((busy / total) * shareScale));
    }
    return null;
  };

  const collectMemory = (node: WatchedNode): Absence | null => {
    const path = numaMemoryPath(node.node);
    const attributes = { "wws.numa.node": String(node.node) };
    const read = source.readText(path);
    if (!read.ok)
      return absentByRead(
        "wws.numa.memory.usage",
        read.problem,
        "the kernel shows none",
        attributes,
      );
    const memory = parseNumaMemory(read.value);
    if (memory === null)
      return absent({
        what: "wws.numa.memory.usage",
        attributes,
        reason: "unreadable-text",
        detail: `${path} has no MemTotal and MemFree that fit each other`,
      });
    sink.set(node.used, memory.totalKibibytes - memory.freeKibibytes);
    sink.set(node.free, memory.freeKibibytes);
    return null;
  };

  return {
    subject: "numa",
    cadenceMs,
    discover(): Discovery {
      const found = readNumaNodes(source);
      if (found === null) {
        nodes = [];
        return { absences: [noNodes()] };
      }
      const listed = found.flatMap(({ cpus }) => cpus);
      // Some firmware lists every CPU in every node: a share by node would then be the host's.
      const overlaps = new Set(listed).size !== listed.length;
      nodes = found.map(({ node, cpus }) => watch(node, overlaps ? [] : cpus));
      return { absences: overlaps ? [overlapping()] : [] };
    },
    collect(at) {
      if (nodes.length === 0) return null;
      const absences = [collectShares(at), ...nodes.map(collectMemory)];
      return problemOf(absences.filter((absence) => absence !== null));
    },
    close: () => stat.close(),
  };
}

interface WatchedNode {
  readonly node: number;
  /** Rows of CpuTimes: CPU n is in row n + 1. */
  readonly rows: readonly number[];
  readonly share: SeriesHandle | null;
  readonly used: SeriesHandle;
  readonly free: SeriesHandle;
}

function noNodes(): Absence {
  return absent({
    what: "wws.numa.cpu.utilization",
    reason: "no-kernel-interface",
    detail: `${nodeFolder}/node*: this kernel tells no nodes (built without NUMA)`,
  });
}

function overlapping(): Absence {
  return absent({
    what: "wws.numa.cpu.utilization",
    reason: "implausible",
    detail: `${nodeFolder}/node*/cpulist: one CPU in two nodes; the firmware's table is wrong`,
  });
}
