import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { parseInteger, trimSysfs } from "./text.ts";

/** One power domain of the processor, as powercap shows it. */
export interface RaplZone {
  /** By its name, never by the folder's number: `package-1`, `package-0/dram`, `psys`. */
  readonly id: string;
  readonly kind: "package" | "dram" | "psys" | "core" | "uncore";
  /**
   * Whether its watts may be added to those of the others: packages, and memory where it is measured
   * beside them. core and uncore are parts of a package; psys is the whole board, packages included.
   */
  readonly isAdded: boolean;
  readonly energyPath: string;
  /** Where `energy_uj` begins again at 0; null where the kernel does not say. */
  readonly rangeMicrojoules: number | null;
}

/**
 * The zones whose watts may be added: packages, and memory where it is measured beside them.
 */
export function findRaplZones(source: HardwareSource): readonly RaplZone[] {
  return listRaplZones(source).filter(({ isAdded }) => isAdded);
}

/**
 * Every zone, once.
 * Source: /sys/class/powercap/intel-rapl:N (Documentation/power/powercap), which AMD uses too. The
 * copies under intel-rapl-mmio are left out where the same zone is there already.
 */
export function listRaplZones(source: HardwareSource): readonly RaplZone[] {
  const folders = findZoneFolders(source);
  const zones = new Map<string, RaplZone>();
  for (const prefix of ["intel-rapl:", "intel-rapl-mmio:"]) {
    for (const [entry, folder] of folders) {
      if (!entry.startsWith(prefix)) continue;
      const zone = readZone(source, entry, folder, folders);
      if (zone !== null && !zones.has(zone.id)) zones.set(zone.id, zone);
    }
  }
  return [...zones.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readZone(
  source: HardwareSource,
  entry: string,
  folder: string,
  folders: ReadonlyMap<string, string>,
): RaplZone | null {
  const name = readName(source, folder);
  const range = source.readText(`${folder}/max_energy_range_uj`);
  const rest = {
    energyPath: `${folder}/energy_uj`,
    rangeMicrojoules: range.ok ? rangeOf(range.value) : null,
  };
  if (/^package-\d+(?:-die-\d+)?$/.test(name))
    return { id: name, kind: "package", isAdded: true, ...rest };
  // psys-1 and on: one a package on boards of several.
  if (/^psys(?:-\d+)?$/.test(name)) return { id: name, kind: "psys", isAdded: false, ...rest };
  if (name !== "dram" && name !== "core" && name !== "uncore") return null;
  const parent = folders.get(entry.slice(0, entry.lastIndexOf(":")));
  const parentName = parent === undefined ? entry : readName(source, parent);
  return { id: `${parentName}/${name}`, kind: name, isAdded: name === "dram", ...rest };
}

/** A range of 0 or less is none. */
function rangeOf(text: string): number | null {
  const range = parseInteger(text);
  return range !== null && range > 0 && Number.isSafeInteger(range) ? range : null;
}

/**
 * Zone folders by their entry (`intel-rapl:0:1`). The class folder lists all of them flat and those
 * of a control type nested as well; either alone is enough.
 */
function findZoneFolders(source: HardwareSource): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  const walk = (folder: string, depth: number): void => {
    const listed = source.listDirectory(folder);
    if (!listed.ok) return;
    for (const entry of [...listed.value].sort()) {
      const path = `${folder}/${entry}`;
      if (zoneForm.test(entry)) {
        if (!folders.has(entry)) folders.set(entry, path);
        if (depth > 0) walk(path, depth - 1);
      } else if (controlForm.test(entry) && depth === depthMax) walk(path, depth - 1);
    }
  };
  walk("/sys/class/powercap", depthMax);
  return folders;
}

function readName(source: HardwareSource, folder: string): string {
  const name = source.readText(`${folder}/name`);
  return name.ok ? trimSysfs(name.value) : "";
}

/** Class folder, control type, zone, zone within it. */
const depthMax = 3;
const zoneForm = /^intel-rapl(?:-mmio)?:\d+(?::\d+)*$/;
const controlForm = /^intel-rapl(?:-mmio)?$/;
