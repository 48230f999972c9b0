import type { BmcController } from "./mc-info.ts";
import { keyValues } from "./ipmi-key-values.ts";

/** The BMC's own port. null: not set, or not said. Addresses in lower case. */
export interface BmcLan {
  readonly address: string | null;
  readonly address6: string | null;
  readonly addressSource: string | null;
  readonly netmask: string | null;
  readonly gateway: string | null;
  readonly mac: string | null;
  readonly vlan: number | null;
  readonly cipherSuites: readonly number[] | null;
  /** Every line as it stands, continuations joined. */
  readonly fields: Readonly<Record<string, string>>;
}

/** `ipmitool lan print`. null: the text is no such answer. 0.0.0.0 is *not set*. */
export function parseLanPrint(text: string): BmcLan | null {
  const { values } = keyValues(text);
  if (!values.has("IP Address") && !values.has("MAC Address")) return null;
  const suites = /^\d{1,3}(?:,\d{1,3}){0,63}$/.exec(values.get("RMCP+ Cipher Suites") ?? "")?.[0];
  const vlan = values.get("802.1q VLAN ID");
  return {
    address: addressOf(values.get("IP Address")),
    address6: null,
    addressSource: values.get("IP Address Source") ?? null,
    netmask: addressOf(values.get("Subnet Mask")),
    gateway: addressOf(values.get("Default Gateway IP")),
    mac: macOf(values.get("MAC Address")),
    vlan: vlan !== undefined && /^\d{1,4}$/.test(vlan) ? Number(vlan) : null,
    cipherSuites: suites === undefined ? null : suites.split(",").map(Number),
    fields: Object.fromEntries(values),
  };
}

export interface IpmicfgSummary {
  readonly controller: Pick<BmcController, "firmware">;
  readonly lan: Pick<BmcLan, "address" | "address6" | "mac">;
  readonly biosVersion: string | null;
  /** Of the host's own ports. */
  readonly hostMacs: readonly string[];
  readonly skipped: number;
}

/** Supermicro's `ipmicfg -summary`. */
export function parseIpmicfgSummary(text: string): IpmicfgSummary {
  const { values, skipped } = keyValues(text);
  const macs = [...values].flatMap(([key, value]) =>
    /^System LAN\d{1,2} MAC Address$/.test(key) ? [macOf(value)] : [],
  );
  return {
    controller: { firmware: values.get("Firmware Revision") ?? null },
    lan: {
      address: addressOf(values.get("IPv4 Address")),
      address6: values.get("IPv6 Address 1")?.toLowerCase() ?? null,
      mac: macOf(values.get("BMC MAC Address")),
    },
    biosVersion: values.get("BIOS Version") ?? null,
    hostMacs: macs.filter((mac) => mac !== null),
    skipped,
  };
}

function addressOf(text: string | undefined): string | null {
  const parts = /^\d{1,3}(?:\.\d{1,3}){3}$/
    .exec(text ?? "")?.[0]
    .split(".")
    .map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.every((part) => part === 0) ? null : parts.join(".");
}

function macOf(text: string | undefined): string | null {
  const mac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.exec(text ?? "")?.[0].toLowerCase();
  return mac === undefined || /^(?:00|ff)(?::(?:00|ff)){5}$/.test(mac) ? null : mac;
}
