import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { firmwareText } from "./dmi-values.ts";

export interface PciName {
  readonly vendor: string | null;
  readonly model: string | null;
}

/** Vendor and device number as sysfs gives them, without 0x: `8086`, `1572`. */
export interface PciIds {
  readonly vendor: string;
  readonly device: string;
}

/**
 * What the maker calls a network port's chip. Source: /run/udev/data/nINDEX, where udev keeps what
 * its hardware database knows, a few hundred bytes. null: udev does not run, or knows no name.
 */
export function readUdevName(source: HardwareSource, interfaceIndex: number): PciName | null {
  const read = source.readText(`/run/udev/data/n${interfaceIndex}`);
  return read.ok ? parseUdevName(read.value) : null;
}

export function parseUdevName(text: string): PciName | null {
  const of = (key: string): string | null =>
    firmwareText(new RegExp(`^E:${key}=(.{1,200})$`, "m").exec(text)?.[1]);
  const [vendor, model] = [of("ID_VENDOR_FROM_DATABASE"), of("ID_MODEL_FROM_DATABASE")];
  return vendor === null && model === null ? null : { vendor, model };
}

/**
 * Names out of the pci.ids table, for the few chips that are wanted. Source: /usr/share/misc/pci.ids
 * (package pci.ids). The table has 1.4 MB, more than a text may have (`textBytesMax`): it is read as
 * a counter file, whose limit is 4 MiB, and walked line by line without making a text of it. Asked
 * only where udev gave no name, and once for a chip.
 */
export function readPciIds(
  source: HardwareSource,
  wanted: readonly PciIds[],
): ReadonlyMap<string, PciName> {
  if (wanted.length === 0) return new Map();
  for (const path of tablePaths) {
    const opened = source.openCounterFile(path);
    if (!opened.ok) continue;
    const read = opened.value.read();
    const names = read.ok ? parsePciIds(read.value, wanted) : null;
    opened.value.close();
    if (names !== null) return names;
  }
  return new Map();
}

/** Key `8086:1572` → names. A device without a line of its own still has its vendor's name. */
export function parsePciIds(
  bytes: Uint8Array,
  wanted: readonly PciIds[],
): ReadonlyMap<string, PciName> {
  const vendors = new Set(wanted.map(({ vendor }) => vendor.toLowerCase()));
  const devices = new Set(wanted.map(pciKey));
  const vendorNames = new Map<string, string>();
  const names = new Map<string, PciName>();
  let vendor = "";
  for (let line = 0; line < bytes.length; ) {
    const next = bytes.indexOf(newline, line);
    const end = next < 0 ? bytes.length : next;
    const first = bytes[line];
    // `C 00  Unclassified device`: classes stand after the last vendor.
    if (first === letterC && bytes[line + 1] === space) break;
    if (first === tab) {
      if (vendor !== "" && bytes[line + 1] !== tab) {
        const key = `${vendor}:${idAt(bytes, line + 1)}`;
        if (devices.has(key) && !names.has(key))
          names.set(key, {
            vendor: vendorNames.get(vendor) ?? null,
            model: nameAt(bytes, line + 5, end),
          });
      }
    } else if (first !== hash && end > line) {
      const id = idAt(bytes, line);
      vendor = vendors.has(id) ? id : "";
      const name = vendor === "" ? null : nameAt(bytes, line + 4, end);
      if (name !== null && !vendorNames.has(vendor)) vendorNames.set(vendor, name);
    }
    line = end + 1;
  }
  for (const ids of wanted) {
    const name = vendorNames.get(ids.vendor.toLowerCase());
    if (name !== undefined && !names.has(pciKey(ids)))
      names.set(pciKey(ids), { vendor: name, model: null });
  }
  return names;
}

export function pciKey({ vendor, device }: PciIds): string {
  return `${vendor}:${device}`.toLowerCase();
}

function idAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4)).toLowerCase();
}

function nameAt(bytes: Uint8Array, at: number, end: number): string | null {
  return firmwareText(new TextDecoder().decode(bytes.subarray(at, Math.min(end, at + nameMax))));
}

const tablePaths = ["/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"] as const;
const nameMax = 200;
const newline = 0x0a;
const tab = 0x09;
const space = 0x20;
const hash = 0x23;
const letterC = 0x43;
