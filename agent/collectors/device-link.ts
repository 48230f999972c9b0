import type { HardwareSource } from "#agent/hardware/hardware-source.ts";

/** Whether a sysfs link or folder is there, such as the `device` of a disk or an interface. */
export function linksTo(source: HardwareSource, path: string): boolean {
  return source.readLink(path).ok || source.listDirectory(path).ok;
}
