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

export function pciKey({ vendor, device }: PciIds): string {
  return `${vendor}:${device}`.toLowerCase();
}
