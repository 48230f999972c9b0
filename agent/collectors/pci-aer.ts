import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { ErrorCounter } from "./edac.ts";
import { trimSysfs } from "./text.ts";

export const pciFolder = "/sys/bus/pci/devices";

/**
 * Devices that report PCI Express errors. Source: /sys/bus/pci/devices/ADDRESS/
 * aer_dev_{correctable,nonfatal,fatal} (Documentation/ABI/testing/sysfs-bus-pci-devices-aer_stats).
 * None where the firmware keeps AER to itself; a bridge counts what its link saw.
 */
export function findAerCounters(source: HardwareSource): readonly ErrorCounter[] {
  const listed = source.listDirectory(pciFolder);
  const addresses = listed.ok ? listed.value.filter((name) => pciAddress.test(name)) : [];
  return addresses.slice(0, devicesMax).flatMap((address) => {
    const folder = `${pciFolder}/${address}`;
    if (!source.readText(`${folder}/aer_dev_correctable`).ok) return [];
    const read = source.readText(`${folder}/class`);
    const type = typeOfClass(read.ok ? trimSysfs(read.value) : "");
    return aerFiles.map(([file, error]) => ({
      id: `pci:${address}`,
      name: address,
      parent: null,
      type,
      error,
      path: `${folder}/${file}`,
    }));
  });
}

/**
 * The sum of an AER file, `RxErr 0` … `TOTAL_ERR_COR 3`: its total, or where an old kernel gives
 * none the lines together. null: not such a text.
 */
export function parseAer(text: string): number | null {
  let sum: number | null = null;
  for (const line of text.slice(0, textLengthMax).split("\n")) {
    const match = /^(\w{1,32}) (\d{1,16})$/.exec(line.trim());
    if (match === null) continue;
    const count = Number(match[2]);
    if (match[1]?.startsWith("TOTAL_ERR")) return Number.isSafeInteger(count) ? count : null;
    sum = (sum ?? 0) + count;
  }
  return sum !== null && Number.isSafeInteger(sum) ? sum : null;
}

/** PCI base class (and 0302, a GPU without a screen; 12, an accelerator). */
function typeOfClass(text: string): ErrorCounter["type"] {
  const base = /^0x([0-9a-f]{2})[0-9a-f]{4}$/i.exec(text)?.[1];
  if (base === "01") return "disk_controller";
  if (base === "02") return "network";
  return base === "03" || base === "12" ? "gpu" : null;
}

const pciAddress = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i;
const aerFiles = [
  ["aer_dev_correctable", "pcie_correctable"],
  ["aer_dev_nonfatal", "pcie_nonfatal"],
  ["aer_dev_fatal", "pcie_fatal"],
] as const;
const devicesMax = 512;
const textLengthMax = 4096;
