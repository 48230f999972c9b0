import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { parseInterfaceNames } from "./network-counters.ts";
import { choosePhysicalInterfaces } from "./network-discovery.ts";
import { parseInteger, trimSysfs } from "./text.ts";

/**
 * The physical network ports. Source: /sys/class/net/NAME/{address,speed,device/…}; the speed is -1,
 * or the read fails, while the link is down.
 */
export function readNics(source: HardwareSource): readonly Component[] {
  const opened = source.openCounterFile("/proc/net/dev");
  if (!opened.ok) return [];
  const read = opened.value.read();
  const listed = read.ok ? parseInterfaceNames(read.value) : [];
  opened.value.close();
  return choosePhysicalInterfaces(source, listed).map((name) => readNic(source, name));
}

function readNic(source: HardwareSource, name: string): Component {
  const folder = `/sys/class/net/${name}`;
  const text = (path: string): string | null => {
    const read = source.readText(`${folder}/${path}`);
    return read.ok ? trimSysfs(read.value) || null : null;
  };
  const megabits = parseInteger(text("speed") ?? "");
  const driver = source.readLink(`${folder}/device/driver`);
  const driverName = driver.ok ? (driver.value.split("/").at(-1) ?? null) : null;
  const ids = [text("device/vendor"), text("device/device")].map(
    (id) => id?.replace(/^0x/, "") ?? null,
  );
  return {
    ...unknownComponent,
    kind: "nic",
    slot: name,
    vendor: null,
    // The PCI ids: names for them are in tables that a server need not have.
    model: ids.every((id) => id !== null) ? ids.join(":") : null,
    serial: null,
    firmware: null,
    sizeBytes: null,
    speedBitsPerSecond: megabits === null || megabits <= 0 ? null : megabits * 1_000_000,
    address: text("address"),
    interface: driverName === null ? "ethernet" : `ethernet/${driverName}`,
    rotational: null,
  };
}
