import type { BootDevice, BootSight } from "#fleet/boot-loop/boot-wish.ts";

/** Names of a device, the standard's first; makers have their own for optical drives. */
export const targetsOf: Readonly<Record<BootDevice, readonly string[]>> = {
  network: ["Pxe"],
  http: ["UefiHttp"],
  disk: ["Hdd", "UefiHdd"],
  media: ["Cd", "UsbCd", "CD/DVD", "UefiCd", "UefiUsbCd"],
  setup: ["BiosSetup"],
  none: ["None"],
};

const devices = new Map<string, BootDevice>(
  (Object.keys(targetsOf) as BootDevice[]).flatMap((device) =>
    targetsOf[device].map((target) => [target, device] as const),
  ),
);

/** An empty text is what some say for nothing known. */
export function deviceOf(target: string | null): BootSight["device"] {
  return target === null ? "unknown" : (devices.get(target) ?? "other");
}

export function enabledOf(text: string | null): BootSight["enabled"] {
  if (text === "Once") return "once";
  if (text === "Continuous") return "continuous";
  return text === "Disabled" ? "disabled" : "unknown";
}

export function modeOf(text: string | null): BootSight["mode"] {
  if (text === "UEFI") return "uefi";
  return text === "Legacy" ? "legacy" : "unknown";
}

/** By the device path or the name of a boot entry. */
export function deviceOfEntry(text: string): BootSight["device"] {
  if (/Uri\(|\bHTTP/i.test(text)) return "http";
  if (/\bPXE|IPv[46]\(|\bnetwork\b/i.test(text)) return "network";
  if (/\bHD\(|\.efi\b|\bNVMe|\bSata\(|hard (?:disk|drive)/i.test(text)) return "disk";
  if (/CD-?ROM|\bDVD\b|\bUSB\b|Virtual (?:CD|Media)/i.test(text)) return "media";
  return "other";
}
