import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { listWholeDisks } from "./disk-discovery.ts";
import { parseInteger, trimSysfs } from "./text.ts";

/**
 * What each whole disk is. Source: /sys/block/NAME (size in 512-byte sectors whatever the disk's
 * own are) and its device; the serial is in `serial` (virtio), `device/serial` (NVMe) or the VPD
 * page 0x80 (SCSI, SATA).
 */
export function readDisks(source: HardwareSource): readonly Component[] {
  return listWholeDisks(source).map((name) => readDisk(source, name));
}

function readDisk(source: HardwareSource, name: string): Component {
  const folder = `/sys/block/${name}`;
  const text = (path: string): string | null => {
    const read = source.readText(`${folder}/${path}`);
    return read.ok ? trimSysfs(read.value) || null : null;
  };
  const number = (path: string): number | null => parseInteger(text(path) ?? "");
  const sectors = number("size");
  const rotational = number("queue/rotational");
  const vendor = text("device/vendor");
  return {
    ...unknownComponent,
    kind: "disk",
    slot: name,
    // "ATA" stands for the translation layer; virtio and NVMe give a PCI number.
    vendor: vendor === null || vendor === "ATA" || vendor.startsWith("0x") ? null : vendor,
    model: text("device/model"),
    serial:
      text("serial") ?? text("device/serial") ?? readVpdSerial(source, `${folder}/device/vpd_pg80`),
    firmware: text("device/firmware_rev") ?? text("device/rev"),
    sizeBytes: sectors === null ? null : sectors * 512,
    speedBitsPerSecond: null,
    address: text("wwid") ?? text("device/wwid"),
    interface: interfaceOf(source, name),
    rotational: rotational === null ? null : rotational === 1,
  };
}

/** SCSI VPD page 0x80: four bytes of header, the last two of them the length, then the serial. */
function readVpdSerial(source: HardwareSource, path: string): string | null {
  const read = source.readText(path);
  if (!read.ok || read.value.length <= 4) return null;
  return parseVpdSerial(read.value);
}

export function parseVpdSerial(page: string): string | null {
  const serial = page.slice(4).replace(controlCharacters, "").trim();
  return serial === "" ? null : serial;
}

function interfaceOf(source: HardwareSource, name: string): string | null {
  const byName = namesToInterface.find(([form]) => form.test(name))?.[1];
  if (byName !== undefined) return byName;
  const link = source.readLink(`/sys/block/${name}`);
  if (!link.ok) return null;
  return pathsToInterface.find(([form]) => form.test(link.value))?.[1] ?? "scsi";
}

const namesToInterface: readonly (readonly [RegExp, string])[] = [
  [/^nvme/, "nvme"],
  [/^vd/, "virtio"],
  [/^xvd/, "xen"],
  [/^mmcblk/, "mmc"],
  [/^pmem/, "pmem"],
  [/^dasd/, "dasd"],
];
const pathsToInterface: readonly (readonly [RegExp, string])[] = [
  [/\/usb\d/, "usb"],
  [/\/ata\d/, "sata"],
  [/\/(?:end_device-|expander-|sas_)/, "sas"],
  [/\/virtio\d/, "virtio"],
  [/\/rport-/, "fc"],
  [/\/session\d/, "iscsi"],
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a VPD page is padded with
const controlCharacters = /[\u0000-\u001f\u007f\ufffd]/g;
