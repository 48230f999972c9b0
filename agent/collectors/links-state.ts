import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { linksTo } from "./device-link.ts";
import { parseInteger, trimSysfs } from "./text.ts";

/** A network interface as sysfs shows it. */
export interface LinkState {
  /** up, down, lowerlayerdown, dormant, unknown …; null: not told. */
  readonly operstate: string | null;
  /** null: the interface is switched off, or the kernel does not say. */
  readonly hasCarrier: boolean | null;
  /** Whether an operator switched it on (IFF_UP); null: not told. */
  readonly isSwitchedOn: boolean | null;
  readonly carrierChanges: number | null;
  /** null: no link, or the driver does not say (-1, 65535, an error). */
  readonly speedBitsPerSecond: number | null;
  readonly duplex: string | null;
  readonly address: string | null;
  readonly interfaceIndex: number | null;
}

const netFolder = "/sys/class/net";

/**
 * Source: /sys/class/net/NAME/{operstate,carrier,flags,carrier_changes,speed,duplex,address,ifindex}
 * (Documentation/ABI/testing/sysfs-class-net). `speed` and `duplex` ask the driver under a lock of
 * the whole network stack: not for every second.
 */
export function readLinkState(source: HardwareSource, name: string): LinkState {
  const text = (file: string): string | null => {
    const read = source.readText(`${netFolder}/${name}/${file}`);
    return read.ok ? trimSysfs(read.value) || null : null;
  };
  const megabits = parseInteger(text("speed") ?? "");
  const duplex = text("duplex");
  const operstate = text("operstate");
  const flags = text("flags");
  return {
    operstate,
    hasCarrier: carrierOf(text("carrier"), operstate),
    isSwitchedOn: parseFlags(flags),
    carrierChanges: parseCount(text("carrier_changes") ?? ""),
    speedBitsPerSecond:
      megabits === null || megabits <= 0 || megabits === unknownMegabits || megabits > megabitsMax
        ? null
        : megabits * 1_000_000,
    duplex: duplex === "unknown" ? null : duplex,
    address: text("address")?.toLowerCase() ?? null,
    interfaceIndex: parseInteger(text("ifindex") ?? ""),
  };
}

/** `1`, `0`; without it what the operational state leaves no doubt of. */
export function carrierOf(carrier: string | null, operstate: string | null): boolean | null {
  if (carrier === "1") return true;
  if (carrier === "0") return false;
  if (operstate === "up") return true;
  return operstate === "down" || operstate === "lowerlayerdown" ? false : null;
}

export function parseCount(text: string): number | null {
  const count = parseInteger(text);
  return count !== null && count >= 0 && Number.isSafeInteger(count) ? count : null;
}

/** Whether an operator switched the interface on: bit 0 of the flags, IFF_UP. */
export function parseFlags(text: string | null): boolean | null {
  return text !== null && /^0x[0-9a-f]{1,8}$/i.test(text) ? (Number(text) & 1) === 1 : null;
}

/** Names of all interfaces, virtual ones too. */
export function listInterfaces(source: HardwareSource): readonly string[] {
  const listed = source.listDirectory(netFolder);
  return (listed.ok ? listed.value : [])
    .filter((name) => name !== "bonding_masters")
    .slice(0, interfacesMax);
}

/**
 * Whether it is a port of the server: a device stands behind it, and it is not a virtual function on
 * its host. Bonds, bridges and VLANs are links into /sys/devices/virtual.
 */
export function isPort(source: HardwareSource, name: string): boolean {
  const folder = `${netFolder}/${name}`;
  const link = source.readLink(folder);
  const isReal = link.ok && link.value.includes("/devices/") && !link.value.includes("/virtual/");
  return (
    (isReal || linksTo(source, `${folder}/device`)) && !linksTo(source, `${folder}/device/physfn`)
  );
}

const interfacesMax = 4096;
/** What some drivers give for "not known": 0xffff. */
const unknownMegabits = 65_535;
/** Ten times what is made. */
const megabitsMax = 16_000_000;
