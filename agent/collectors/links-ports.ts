import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import type { Bond } from "./bonding.ts";
import { firmwareText } from "./dmi-values.ts";
import { readLinkState } from "./links-state.ts";
import { type LldpNeighbor, neighborText } from "./lldp.ts";
import { type PciIds, pciKey, readUdevName } from "./pci-names.ts";
import { trimSysfs } from "./text.ts";

/**
 * The network ports as parts: chip by name, burnt-in address, speed, firmware where the kernel shows
 * it (InfiniBand and RoCE drivers: device/infiniband/NAME/fw_ver), and what stands at the other end
 * of the cable. Serial numbers of network cards are in their VPD, which is not read: some cards hang
 * for seconds on it.
 */
export function readPorts(
  source: HardwareSource,
  names: readonly string[],
  bonds: readonly Bond[],
  neighbors: readonly LldpNeighbor[],
): readonly Component[] {
  const members = new Map(bonds.flatMap((bond) => bond.members.map((m) => [m.name, m] as const)));
  const neighborAt = new Map(neighbors.map((neighbor) => [neighbor.port, neighbor]));
  const looked = names.map((name) => {
    const state = readLinkState(source, name);
    const udev = state.interfaceIndex === null ? null : readUdevName(source, state.interfaceIndex);
    return { name, state, udev, ids: readIds(source, name) };
  });
  return looked.map(({ name, state, udev: chip, ids }) => {
    const neighbor = neighborAt.get(name);
    const driver = source.readLink(`${folderOf(name)}/device/driver`);
    const driverName = driver.ok ? (driver.value.split("/").at(-1) ?? null) : null;
    return {
      ...unknownComponent,
      kind: "nic",
      slot: name,
      vendor: chip?.vendor ?? null,
      model: chip?.model ?? (ids === null ? null : pciKey(ids)),
      firmware: readFirmware(source, name),
      speedBitsPerSecond: state.speedBitsPerSecond,
      // In a bond every member shows the bond's address.
      address: members.get(name)?.address ?? state.address,
      interface: driverName === null ? "ethernet" : `ethernet/${driverName}`,
      neighbor: neighbor === undefined ? null : neighborText(neighbor),
    } as const;
  });
}

function readIds(source: HardwareSource, name: string): PciIds | null {
  const [vendor, device] = ["vendor", "device"].map((file) => {
    const read = source.readText(`${folderOf(name)}/device/${file}`);
    return read.ok ? /^0x([0-9a-f]{4})$/i.exec(trimSysfs(read.value))?.[1] : undefined;
  });
  return vendor === undefined || device === undefined ? null : { vendor, device };
}

function readFirmware(source: HardwareSource, name: string): string | null {
  const folder = `${folderOf(name)}/device/infiniband`;
  const listed = source.listDirectory(folder);
  const [device] = listed.ok ? listed.value : [];
  const read = device === undefined ? null : source.readText(`${folder}/${device}/fw_ver`);
  return read?.ok === true ? firmwareText(trimSysfs(read.value)) : null;
}

function folderOf(name: string): string {
  return `/sys/class/net/${name}`;
}
