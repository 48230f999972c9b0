import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Processor } from "#proto/messages/state.ts";
import { parseCpuinfo } from "./cpuinfo.ts";
import { parseInteger, parseList, trimSysfs } from "./text.ts";

/**
 * Sockets, cores and threads of the CPUs that are online.
 * Source: /sys/devices/system/cpu/cpuN/topology: a core is one distinct list of siblings, for
 * core ids repeat (dies, modules, clusters, books) and threads per core differ on hybrids. Without
 * it /proc/cpuinfo, which also gives the name. null: neither says.
 */
export function readProcessor(source: HardwareSource): Processor | null {
  const read = source.readText("/proc/cpuinfo");
  const info = parseCpuinfo(read.ok ? read.value : "");
  const counts = countByTopology(source) ?? info.counts;
  if (counts === null) return null;
  return { model: info.model ?? "unknown", ...counts };
}

interface Counts {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

function countByTopology(source: HardwareSource): Counts | null {
  const online = readOnline(source);
  const cores = new Set<string>();
  const sockets = new Set<string>();
  let threads = 0;
  for (const number of online) {
    const folder = `/sys/devices/system/cpu/cpu${number}/topology`;
    const siblings = source.readText(`${folder}/thread_siblings_list`);
    const list = siblings.ok ? parseList(siblings.value) : null;
    if (list === null || list.length === 0) continue;
    threads += 1;
    // Siblings that are offline are still listed on some kernels; the lowest one names the core.
    cores.add(trimSysfs(siblings.ok ? siblings.value : ""));
    sockets.add(readSocket(source, folder));
  }
  return threads === 0 ? null : { sockets: sockets.size, cores: cores.size, threads };
}

/** s390 gives -1 as package: there the CPUs that share one are listed. */
function readSocket(source: HardwareSource, folder: string): string {
  const id = (name: string): number | null => {
    const read = source.readText(`${folder}/${name}`);
    return read.ok ? parseInteger(read.value) : null;
  };
  const packageId = id("physical_package_id");
  if (packageId !== null && packageId >= 0) return `package ${packageId}`;
  const list = source.readText(`${folder}/core_siblings_list`);
  return `siblings ${list.ok ? trimSysfs(list.value) : packageId}`;
}

/** CPU numbers that run now; the folders that are there where the kernel keeps no list. */
function readOnline(source: HardwareSource): readonly number[] {
  const read = source.readText("/sys/devices/system/cpu/online");
  const online = read.ok ? parseList(read.value) : null;
  if (online !== null && online.length > 0) return online;
  const listed = source.listDirectory("/sys/devices/system/cpu");
  return (listed.ok ? listed.value : [])
    .flatMap((name) => /^cpu(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
