import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { parseList, trimSysfs } from "./text.ts";

export interface NumaNode {
  /** As the kernel numbers it; numbers have gaps (0, 8, 250 …). */
  readonly node: number;
  /** Empty: memory of an accelerator or behind CXL, or a node whose CPUs are not told. */
  readonly cpus: readonly number[];
}

export interface NumaMemory {
  readonly totalKibibytes: number;
  readonly freeKibibytes: number;
}

/**
 * Source: /sys/devices/system/node/nodeN/{cpulist,cpumap}. A node's list holds CPUs that are offline
 * too. null: the kernel has no such folder (built without NUMA, or an architecture without it).
 */
export function readNumaNodes(source: HardwareSource): readonly NumaNode[] | null {
  const listed = source.listDirectory(nodeFolder);
  if (!listed.ok) return null;
  const nodes = listed.value
    .flatMap((name) => /^node(\d{1,5})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .slice(0, nodesMax);
  return nodes.length === 0 ? null : nodes.map((node) => ({ node, cpus: readCpus(source, node) }));
}

function readCpus(source: HardwareSource, node: number): readonly number[] {
  const list = source.readText(`${nodeFolder}/node${node}/cpulist`);
  const cpus = list.ok ? parseList(list.value) : null;
  if (cpus !== null) return cpus.slice(0, cpusMax);
  const map = source.readText(`${nodeFolder}/node${node}/cpumap`);
  return map.ok ? parseCpuMap(map.value) : [];
}

/** A kernel bit map, `00000000,00ff00ff`: 32 bits a word, the highest word first. */
export function parseCpuMap(text: string): readonly number[] {
  const words = trimSysfs(text).split(",").reverse();
  if (words.length > cpusMax / 32 || !words.every((word) => /^[0-9a-f]{1,8}$/i.test(word)))
    return [];
  return words.flatMap((word, index) => {
    const bits = Number.parseInt(word, 16);
    return Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) =>
      (bits >>> bit) & 1 ? [index * 32 + bit] : [],
    );
  });
}

/** Source: nodeN/meminfo, `Node 0 MemTotal:  131389564 kB`. null: neither figure is there. */
export function readNumaMemory(source: HardwareSource, node: number): NumaMemory | null {
  const read = source.readText(numaMemoryPath(node));
  return read.ok ? parseNumaMemory(read.value) : null;
}

export function numaMemoryPath(node: number): string {
  return `${nodeFolder}/node${node}/meminfo`;
}

export function parseNumaMemory(text: string): NumaMemory | null {
  const figure = (key: string): number =>
    Number(new RegExp(`^Node \\d+ ${key}:\\s*(\\d{1,15}) kB`, "m").exec(text)?.[1] ?? Number.NaN);
  const [totalKibibytes, freeKibibytes] = [figure("MemTotal"), figure("MemFree")];
  return totalKibibytes >= freeKibibytes ? { totalKibibytes, freeKibibytes } : null;
}

export const nodeFolder = "/sys/devices/system/node";
/** The kernel's own limits, MAX_NUMNODES and NR_CPUS. */
const nodesMax = 1024;
const cpusMax = 8192;
