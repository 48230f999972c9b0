import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { parseInteger, parseList, trimSysfs } from "./text.ts";

/** Which processors there are and how they hang together. */
export interface CpuTopology {
  /** What the kernel could take up; far above `present` on boards with room. null: not told. */
  readonly possible: number | null;
  readonly present: number | null;
  readonly online: readonly number[];
  /** Present and not online: somebody switched them off, or the kernel did. */
  readonly switchedOff: readonly number[];
  readonly packages: readonly CpuPackage[];
  readonly cores: readonly CpuCore[];
  /** Fast ones first; one kind on most machines. */
  readonly kinds: readonly CpuKind[];
}

export interface CpuPackage {
  /** As the kernel numbers it; for a package without a number that of its first CPU. */
  readonly id: number;
  readonly cpus: readonly number[];
}

export interface CpuCore {
  /** Threads that are online; the first one names the core. */
  readonly cpus: readonly number[];
}

/** Cores of a hybrid processor that are alike. */
export interface CpuKind {
  readonly name: "performance" | "middle" | "efficiency" | "low-power" | "all";
  readonly cores: number;
  readonly threads: number;
  readonly cpus: readonly number[];
  /** Highest of `cpufreq/cpuinfo_max_freq`; favoured cores of one kind may reach more. */
  readonly maximumHertz: number | null;
}

/**
 * Source: /sys/devices/system/cpu/{possible,present,online}, cpuN/topology/*. A core is one list of
 * siblings (`thread_siblings_list`, `core_cpus_list` since 5.6), for core ids repeat over dies,
 * modules and books. `offline` is not read: it holds what is possible and was never there.
 */
export function readCpuTopology(source: HardwareSource): CpuTopology {
  const listAt = (path: string): readonly number[] | null => {
    const read = source.readText(path);
    const list = read.ok ? parseList(read.value) : null;
    return list === null || list.length === 0 ? null : list.slice(0, cpusMax);
  };
  const listOf = (name: string) => listAt(`${cpuFolder}/${name}`);
  const online = listOf("online") ?? listFolders(source);
  const present = listOf("present");
  const isOnline = new Set(online);
  const cores = new Map<string, number[]>();
  const packages = new Map<string, { id: number; cpus: number[] }>();
  for (const cpu of online) {
    const { core, socket, socketId } = readPlace(source, cpu);
    if (core === null) continue;
    append(cores, core, cpu);
    const known = packages.get(socket);
    if (known === undefined) packages.set(socket, { id: socketId ?? cpu, cpus: [cpu] });
    else known.cpus.push(cpu);
  }
  const coreList = [...cores.values()].map((cpus) => ({ cpus }));
  return {
    possible: listOf("possible")?.length ?? null,
    present: present?.length ?? null,
    online,
    switchedOff: (present ?? []).filter((cpu) => !isOnline.has(cpu)),
    packages: [...packages.values()],
    cores: coreList,
    kinds: readKinds(source, coreList, listAt),
  };
}

function readPlace(
  source: HardwareSource,
  cpu: number,
): { readonly core: string | null; readonly socket: string; readonly socketId: number | null } {
  const folder = `${cpuFolder}/cpu${cpu}/topology`;
  const text = (name: string): string => {
    const read = source.readText(`${folder}/${name}`);
    return read.ok ? trimSysfs(read.value) : "";
  };
  const packageId = parseInteger(text("physical_package_id"));
  // s390 and some virtual machines say -1: the CPUs that share a package are listed instead.
  const socketId = packageId !== null && packageId >= 0 ? packageId : null;
  const socket =
    socketId !== null
      ? `package ${socketId}`
      : `siblings ${text("core_siblings_list") || text("package_cpus_list")}`;
  const siblings = text("thread_siblings_list") || text("core_cpus_list");
  const coreId = parseInteger(text("core_id"));
  if (siblings !== "") return { core: siblings, socket, socketId };
  return { core: coreId === null ? null : `${socket} core ${coreId}`, socket, socketId };
}

/**
 * Intel lists its kinds by name; ARM gives each CPU a capacity. Else: where some cores have two
 * threads and others one, and every one of the latter is slower than every one of the former. Threads
 * alone prove nothing, for a sibling may be offline; nor do frequencies, for cores may be favoured.
 */
function readKinds(
  source: HardwareSource,
  cores: readonly CpuCore[],
  listAt: (path: string) => readonly number[] | null,
): readonly CpuKind[] {
  if (cores.length === 0) return [];
  const number = (cpu: number, name: string): number | null => {
    const read = source.readText(`${cpuFolder}/cpu${cpu}/${name}`);
    return read.ok ? parseInteger(read.value) : null;
  };
  const hertz = new Map<CpuCore, number | null>(
    cores.map((core) => [core, kilohertz(number(core.cpus[0] ?? 0, "cpufreq/cpuinfo_max_freq"))]),
  );
  const kindOf = (name: CpuKind["name"], members: readonly CpuCore[]): CpuKind => {
    const reached = members.flatMap((core) => hertz.get(core) ?? []);
    const cpus = members.flatMap((core) => core.cpus).sort((a, b) => a - b);
    return {
      name,
      cores: members.length,
      threads: cpus.length,
      cpus,
      maximumHertz: reached.length === 0 ? null : reached.reduce((a, b) => Math.max(a, b)),
    };
  };
  const listed = intelKinds.flatMap(([name, folder]) => {
    const cpus = new Set(listAt(`/sys/devices/${folder}/cpus`) ?? []);
    const members = cores.filter((core) => cpus.has(core.cpus[0] ?? -1));
    return members.length === 0 ? [] : [kindOf(name, members)];
  });
  if (listed.length > 1) return listed;

  const byCapacity = new Map<number, CpuCore[]>();
  for (const core of cores)
    append(byCapacity, number(core.cpus[0] ?? 0, "cpu_capacity") ?? 0, core);
  if (byCapacity.size > 1 && byCapacity.size <= capacitiesMax && !byCapacity.has(0)) {
    const groups = [...byCapacity].sort(([a], [b]) => b - a).map(([, members]) => members);
    return groups.map((members, index) =>
      kindOf(
        index === 0 ? "performance" : index === groups.length - 1 ? "efficiency" : "middle",
        members,
      ),
    );
  }

  const [several, single] = [cores.filter(isThreaded), cores.filter((core) => !isThreaded(core))];
  const slowest = several.reduce((least, core) => Math.min(least, hertz.get(core) ?? 0), Infinity);
  const isSlower = (core: CpuCore): boolean => (hertz.get(core) ?? Infinity) < slowest;
  if (several.length > 0 && single.length > 0 && single.every(isSlower))
    return [kindOf("performance", several), kindOf("efficiency", single)];
  return [kindOf("all", cores)];
}

function isThreaded(core: CpuCore): boolean {
  return core.cpus.length > 1;
}

function kilohertz(value: number | null): number | null {
  return value === null || value <= 0 ? null : value * 1000;
}

function append<Key, Value>(groups: Map<Key, Value[]>, key: Key, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

function listFolders(source: HardwareSource): readonly number[] {
  const listed = source.listDirectory(cpuFolder);
  return (listed.ok ? listed.value : [])
    .flatMap((name) => /^cpu(\d{1,5})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .slice(0, cpusMax);
}

const cpuFolder = "/sys/devices/system/cpu";
/** The kernel's own limit, NR_CPUS. */
const cpusMax = 8192;
/** More capacities than that are measuring noise of the firmware, not kinds of cores. */
const capacitiesMax = 4;
const intelKinds = [
  ["performance", "cpu_core"],
  ["efficiency", "cpu_atom"],
  ["low-power", "cpu_lowpower"],
] as const;
