import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { trimSysfs } from "./text.ts";

export type Virtualization =
  | { readonly kind: "none" }
  /** null: a hypervisor that does not say its name here. */
  | { readonly kind: "virtual"; readonly name: string | null }
  /** The architecture has no sign that would tell. */
  | { readonly kind: "unknown" };

/**
 * Whether this is a real machine: a virtual one hides power, sensors and firmware, and that is a
 * reason, not a fault. Sources, surest first: DMI's vendor and product, /sys/hypervisor, the
 * device tree, z/VM's and LPAR's /proc/sysinfo, and x86's `hypervisor` CPU flag.
 */
export function findVirtualization(source: HardwareSource): Virtualization {
  for (const field of ["sys_vendor", "product_name", "board_vendor", "bios_vendor"]) {
    const name = nameByDmi(readTrimmed(source, `/sys/class/dmi/id/${field}`));
    if (name !== null) return { kind: "virtual", name };
  }
  const hypervisor = readTrimmed(source, "/sys/hypervisor/type");
  if (hypervisor !== "") return { kind: "virtual", name: hypervisor };
  const tree = readTrimmed(source, "/proc/device-tree/hypervisor/compatible");
  if (tree !== "") return { kind: "virtual", name: tree.replace(/^linux,/, "") };
  const sysinfo = readTrimmed(source, "/proc/sysinfo");
  if (/^VM00 Control Program/m.test(sysinfo)) return { kind: "virtual", name: "zvm" };
  if (/^LPAR Number/m.test(sysinfo)) return { kind: "virtual", name: "lpar" };
  const flags = /^flags\s*:(.*)$/m.exec(readTrimmed(source, "/proc/cpuinfo"))?.[1];
  if (flags === undefined) return { kind: "unknown" };
  return / hypervisor(?: |$)/.test(flags) ? { kind: "virtual", name: null } : { kind: "none" };
}

/** The hypervisor that such a DMI text stands for, or null for a real maker. */
export function nameByDmi(text: string): string | null {
  return dmiNames.find(([form]) => form.test(text))?.[1] ?? null;
}

const dmiNames: readonly (readonly [RegExp, string])[] = [
  [/^KVM\b|^QEMU\b|^Standard PC \(/, "kvm"],
  [/^VMware\b/, "vmware"],
  [/^VirtualBox\b|^innotek GmbH/, "virtualbox"],
  [/^Virtual Machine$/, "hyper-v"],
  [/^Xen\b|^HVM domU/, "xen"],
  [/^Google Compute Engine/, "google"],
  [/^Amazon EC2$/, "amazon"],
  [/^Bochs\b|^SeaBIOS$/, "qemu"],
  [/^Parallels\b/, "parallels"],
  [/^BHYVE\b/, "bhyve"],
  [/^OpenStack\b/, "kvm"],
  [/^Alibaba Cloud$|^DigitalOcean$|^Hetzner$|^Scaleway$/, "kvm"],
];

function readTrimmed(source: HardwareSource, path: string): string {
  const read = source.readText(path);
  return read.ok ? trimSysfs(read.value) : "";
}
