import type { Component, ComponentKind, HostState } from "#proto/messages/state.ts";
import { isLookedFor } from "./component-history.ts";

/**
 * What makes a host of its class: counts of parts, by kind and size. null: not known (an absence
 * says why), and then not compared. The first host of a class gives its profile.
 */
export interface HardwareProfile {
  readonly processorModel: string | null;
  readonly sockets: number | null;
  readonly cores: number | null;
  readonly numaNodes: number | null;
  /** `32 GiB` → how many. */
  readonly dimms: Counts | null;
  /** `nvme 3.84 TB` → how many. */
  readonly disks: Counts | null;
  /** Physical network ports; their speed changes with what is plugged in. */
  readonly ports: number | null;
  readonly supplies: number | null;
  /** By model. */
  readonly gpus: Counts | null;
}

export const unknownProfile: HardwareProfile = {
  processorModel: null,
  sockets: null,
  cores: null,
  numaNodes: null,
  dimms: null,
  disks: null,
  ports: null,
  supplies: null,
  gpus: null,
};

export type Counts = Readonly<Record<string, number>>;

/** One thing that a host has more or less of than its class. */
export interface HardwareDifference {
  /** `sockets`, `cores`, `dimm 32 GiB`, `disk nvme 3.84 TB` … */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export function profileOf(state: HostState): HardwareProfile {
  const { processor, components, numaNodes } = state.identity;
  const told = (kind: ComponentKind): readonly Component[] | null => {
    const found = components.filter((one) => one.kind === kind);
    return found.length > 0 || isLookedFor(kind, state) ? found : null;
  };
  const count = (kind: ComponentKind, name: (one: Component) => string): Counts | null => {
    const found = told(kind);
    return found && countBy(kind === "disk" ? found.filter(isOwnDisk) : found, name);
  };
  return {
    processorModel: processor?.model ?? null,
    sockets: processor?.sockets ?? null,
    cores: processor?.cores ?? null,
    numaNodes,
    dimms: count("dimm", (one) => gibibytes(one.sizeBytes)),
    disks: count("disk", diskWords),
    ports: told("nic")?.length ?? null,
    supplies: told("psu")?.length ?? null,
    gpus: count("gpu", (one) => one.model ?? "unknown"),
  };
}

/** What a class did not know before it takes from a host that does. */
export function completeProfile(
  known: HardwareProfile,
  found: HardwareProfile,
): HardwareProfile | null {
  const next = {
    ...known,
    processorModel: known.processorModel ?? found.processorModel,
    sockets: known.sockets ?? found.sockets,
    cores: known.cores ?? found.cores,
    numaNodes: known.numaNodes ?? found.numaNodes,
    dimms: known.dimms ?? found.dimms,
    disks: known.disks ?? found.disks,
    ports: known.ports ?? found.ports,
    supplies: known.supplies ?? found.supplies,
    gpus: known.gpus ?? found.gpus,
  };
  return JSON.stringify(next) === JSON.stringify(known) ? null : next;
}

/** Everything of which the host has another count than its class; empty: as expected. */
export function compareHardware(
  expected: HardwareProfile,
  found: HardwareProfile,
): readonly HardwareDifference[] {
  return [
    ...single("processor", expected.processorModel, found.processorModel),
    ...single("sockets", expected.sockets, found.sockets),
    ...single("cores", expected.cores, found.cores),
    ...single("NUMA nodes", expected.numaNodes, found.numaNodes),
    ...counted("DIMM", expected.dimms, found.dimms),
    ...counted("disk", expected.disks, found.disks),
    ...single("network ports", expected.ports, found.ports),
    ...single("power supplies", expected.supplies, found.supplies),
    ...counted("GPU", expected.gpus, found.gpus),
  ];
}

function single(
  what: string,
  expected: string | number | null,
  found: string | number | null,
): readonly HardwareDifference[] {
  if (expected === null || found === null || expected === found) return [];
  return [{ what, expected: String(expected), found: String(found) }];
}

function counted(
  what: string,
  expected: Counts | null,
  found: Counts | null,
): readonly HardwareDifference[] {
  if (expected === null || found === null) return [];
  const sizes = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return sizes.flatMap((size) => single(`${what} ${size}`, expected[size] ?? 0, found[size] ?? 0));
}

function countBy(components: readonly Component[], name: (one: Component) => string): Counts {
  const counts: Record<string, number> = {};
  for (const component of components) {
    const key = name(component);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Not a stick, a BMC's virtual medium or an empty reader. */
function isOwnDisk({ kind, sizeBytes, interface: way }: Component): boolean {
  return kind === "disk" && sizeBytes !== 0 && way !== "usb" && way !== "mmc";
}

function diskWords({ interface: way, rotational, sizeBytes }: Component): string {
  const kind = way === "nvme" ? "nvme" : rotational === true ? "hdd" : "ssd";
  if (sizeBytes === null) return kind;
  const terabytes = sizeBytes / 1e12;
  return terabytes >= 1
    ? `${kind} ${terabytes.toFixed(2)} TB`
    : `${kind} ${Math.round(sizeBytes / 1e9)} GB`;
}

function gibibytes(bytes: number | null): string {
  return bytes === null ? "unknown" : `${Math.round(bytes / 1024 ** 3)} GiB`;
}
