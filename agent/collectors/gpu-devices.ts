import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import { trimSysfs } from "./text.ts";

export type GpuMaker = "nvidia" | "amd";

/**
 * Whose GPUs sit on PCI. Source: /sys/bus/pci/devices/ADDRESS/{class,vendor}: classes 0300 and 0302
 * (display, 3D) and 1200 (accelerator). The picture of a BMC (ASPEED, Matrox) is no GPU.
 */
export function findGpuMakers(source: HardwareSource): {
  readonly makers: ReadonlySet<GpuMaker>;
  /** null: there is one. */
  readonly absence: Absence | null;
} {
  const makers = new Set<GpuMaker>();
  const listed = source.listDirectory(folder);
  for (const device of listed.ok ? listed.value.slice(0, devicesMax) : []) {
    const code = source.readText(`${folder}/${device}/class`);
    if (!code.ok || !/^0x(?:030[02]|1200)/.test(trimSysfs(code.value))) continue;
    const vendor = source.readText(`${folder}/${device}/vendor`);
    const maker = vendor.ok ? makersByVendor.get(trimSysfs(vendor.value).toLowerCase()) : undefined;
    if (maker !== undefined) makers.add(maker);
  }
  if (makers.size > 0) return { makers, absence: null };
  return {
    makers,
    absence: absent({
      what: "hw.gpu.utilization",
      reason: listed.ok ? "no-such-hardware" : "no-kernel-interface",
      detail: `${folder}: no GPU of NVIDIA or AMD`,
    }),
  };
}

const folder = "/sys/bus/pci/devices";
const devicesMax = 4_096;
const makersByVendor: ReadonlyMap<string, GpuMaker> = new Map([
  ["0x10de", "nvidia"],
  ["0x1002", "amd"],
]);
