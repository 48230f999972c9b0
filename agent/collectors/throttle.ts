import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";
import type { CpuTopology } from "./cpu-topology.ts";
import { parseInteger } from "./text.ts";

const metric = "wws.cpu.throttle_events";

export interface ThrottleFile {
  readonly path: string;
  /** `package-0`, as RAPL's zones are called; `cpu3` for the core whose first thread it is. */
  readonly id: string;
  readonly scope: "core" | "package";
}

/**
 * Where the kernel counts that a processor slowed itself for heat. Source: cpuN/thermal_throttle/
 * {core,package}_throttle_count (Intel). Every thread shows the counts of its core and package: each
 * is taken once, from its first CPU.
 */
export function findThrottleFiles(
  source: HardwareSource,
  topology: CpuTopology,
): { readonly files: readonly ThrottleFile[]; readonly absences: readonly Absence[] } {
  const packages = topology.packages.map(({ id, cpus }) => ({
    path: `${folderOf(cpus[0] ?? 0)}/package_throttle_count`,
    id: `package-${id}`,
    scope: "package" as const,
  }));
  const cores = topology.cores.map(({ cpus }) => ({
    path: `${folderOf(cpus[0] ?? 0)}/core_throttle_count`,
    id: `cpu${cpus[0] ?? 0}`,
    scope: "core" as const,
  }));
  const [first] = packages;
  const read = first === undefined ? null : source.readText(first.path);
  // A kernel has them for all its CPUs or for none; old ones have the core's count alone.
  if (read?.ok === true) return { files: [...packages, ...cores], absences: [] };
  const hasCores = cores[0] !== undefined && source.readText(cores[0].path).ok;
  if (hasCores) return { files: cores, absences: [] };
  return { files: [], absences: [noCounters()] };
}

function folderOf(cpu: number): string {
  return `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle`;
}

export function declareThrottle(
  sink: SampleSink,
  file: ThrottleFile,
  cadenceMs: number,
): SeriesHandle {
  return sink.declare({
    metric,
    attributes: { "hw.id": file.id, "wws.throttle.scope": file.scope },
    exponent: 0,
    cadenceMs,
  });
}

/** Events since boot, or why there is no count. */
export function readThrottle(source: HardwareSource, file: ThrottleFile): number | Absence {
  const attributes = { "hw.id": file.id, "wws.throttle.scope": file.scope };
  const read = source.readText(file.path);
  if (!read.ok) return absentByRead(metric, read.problem, "it was there before", attributes);
  const count = parseInteger(read.value);
  return count !== null && count >= 0 && Number.isSafeInteger(count)
    ? count
    : absent({
        what: metric,
        attributes,
        reason: "unreadable-text",
        detail: `${file.path} is not a count`,
      });
}

function noCounters(): Absence {
  return absent({
    what: metric,
    reason: "no-kernel-interface",
    detail:
      "/sys/devices/system/cpu/cpu*/thermal_throttle: only the kernel of an Intel host counts throttling",
  });
}
