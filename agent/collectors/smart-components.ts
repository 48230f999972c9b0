import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { type Drive, tellingText } from "./smart-drives.ts";
import { trimSysfs } from "./text.ts";

/** Last PCI function on the way to a drive: the controller that it hangs on; null: none shows. */
export function findController(source: HardwareSource, drive: Pick<Drive, "way">): string | null {
  const { block, device } = drive.way;
  const bus = /^\/dev\/bus\/(\d{1,4})$/.exec(device)?.[1];
  const name = block ?? /^\/dev\/([a-z]{2,8})$/.exec(device)?.[1];
  const path =
    bus !== undefined
      ? `/sys/class/scsi_host/host${bus}`
      : name === undefined
        ? null
        : `/sys/block/${name}`;
  if (path === null) return null;
  const link = source.readLink(path);
  if (!link.ok) return null;
  const addresses = link.value.match(/[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/g);
  return addresses?.at(-1) ?? null;
}

/** The drive as a part of the host. Its slot is the kernel's name, or the way behind a controller. */
export function driveComponent(drive: Drive, controller: string | null): Component {
  const { facts, name } = drive;
  return {
    ...unknownComponent,
    kind: "disk",
    slot: name,
    vendor: facts.vendor,
    model: facts.model,
    serial: tellingText(facts.serial),
    firmware: facts.firmware,
    sizeBytes: facts.capacityBytes,
    address: facts.wwn,
    interface: interfaceOf(drive),
    rotational: facts.rotationRpm === null ? null : facts.rotationRpm > 0,
    parent: controller,
  };
}

/** A controller as the kernel shows it. RAID tools know more of theirs: the same slot, merged. */
export function controllerComponent(source: HardwareSource, address: string): Component {
  const folder = `/sys/bus/pci/devices/${address}`;
  const driver = source.readLink(`${folder}/driver`);
  const id = (file: string): string | null => {
    const read = source.readText(`${folder}/${file}`);
    return read.ok ? trimSysfs(read.value).replace(/^0x/, "") || null : null;
  };
  const ids = [id("vendor"), id("device")];
  return {
    ...unknownComponent,
    kind: "controller",
    slot: address,
    address,
    interface: driver.ok ? (driver.value.split("/").at(-1) ?? null) : null,
    partNumber: ids.every((part) => part !== null) ? ids.join(":") : null,
  };
}

function interfaceOf({ facts, way }: Drive): string | null {
  if (/^usb/.test(facts.device.type ?? way.type ?? "")) return "usb";
  if (facts.device.protocol === "NVMe") return "nvme";
  if (facts.device.protocol === "ATA") return "sata";
  return facts.device.protocol === "SCSI" ? "sas" : null;
}
