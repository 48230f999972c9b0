import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { linksTo } from "./device-link.ts";

/**
 * The interfaces that stand for a port of the server: those with a device behind them in sysfs.
 * A virtual function on its host (its device has a `physfn`) is no port of its own.
 */
export function choosePhysicalInterfaces(
  source: HardwareSource,
  names: readonly string[],
): readonly string[] {
  if (!source.listDirectory("/sys/class/net").ok)
    return names.filter((name) => portByName.test(name));
  return names.filter((name) => {
    const device = `/sys/class/net/${name}/device`;
    return linksTo(source, device) && !linksTo(source, `${device}/physfn`);
  });
}

/** Where there is no /sys to ask: the kernel's and systemd's names of ports, without VLANs. */
const portByName = /^(?:eth\d+|en[opsx][0-9a-z]+|ib\d+|wl[a-z0-9]+|em\d+|p\d+p\d+)$/;
