import type { IpmiAsk } from "../ipmi-session.ts";
import { byteAt } from "../lan-message.ts";
import { makerName } from "./maker-names.ts";

/** Get Device ID (IPMI 2.0, 20.1). */
export interface DeviceId {
  readonly deviceId: number;
  readonly revision: number;
  /** `2.61`: the major is binary, the minor BCD. */
  readonly firmware: string;
  readonly ipmiVersion: string;
  readonly maker: number;
  readonly makerName: string | null;
  readonly product: number;
  /** False while the firmware starts or is being written. */
  readonly isReady: boolean;
  readonly has: readonly string[];
}

export async function readDeviceId(ask: IpmiAsk): Promise<DeviceId | null> {
  const { code, data } = await ask.ask({ netFn: 6, command: 1 });
  return code === 0 ? parseDeviceId(data) : null;
}

export function parseDeviceId(data: Buffer): DeviceId | null {
  if (data.length < 11) return null;
  const minor = byteAt(data, 3);
  const version = byteAt(data, 4);
  const maker = data.readUIntLE(6, 3) & 0xfffff;
  const support = byteAt(data, 5);
  return {
    deviceId: byteAt(data, 0),
    revision: byteAt(data, 1) & 0x0f,
    firmware: `${byteAt(data, 2) & 0x7f}.${bcd(minor)}`,
    ipmiVersion: `${version & 0x0f}.${version >> 4}`,
    maker,
    makerName: makerName(maker),
    product: data.readUInt16LE(9),
    isReady: (byteAt(data, 2) & 0x80) === 0,
    has: supports.filter((_, bit) => (support >> bit) & 1),
  };
}

/** Get Chassis Status (28.2). */
export interface ChassisStatus {
  readonly isOn: boolean;
  readonly restorePolicy: "stays-off" | "as-before" | "turns-on" | "unknown";
  readonly faults: readonly string[];
  /** Why the power last went. */
  readonly lastPowerEvent: readonly string[];
  readonly hasIntrusion: boolean;
}

export async function readChassisStatus(ask: IpmiAsk): Promise<ChassisStatus | null> {
  const { code, data } = await ask.ask({ netFn: 0, command: 1 });
  return code === 0 ? parseChassisStatus(data) : null;
}

export function parseChassisStatus(data: Buffer): ChassisStatus | null {
  if (data.length < 3) return null;
  const [state, last, misc] = [byteAt(data, 0), byteAt(data, 1), byteAt(data, 2)];
  return {
    isOn: (state & 1) === 1,
    restorePolicy: policies[(state >> 5) & 3] ?? "unknown",
    faults: [
      ...faultsOfState.flatMap(([bit, text]) => ((state >> bit) & 1 ? [text] : [])),
      ...faultsOfMisc.flatMap(([bit, text]) => ((misc >> bit) & 1 ? [text] : [])),
    ],
    lastPowerEvent: powerEvents.flatMap((text, bit) => ((last >> bit) & 1 ? [text] : [])),
    hasIntrusion: (misc & 1) === 1,
  };
}

/** Get System Restart Cause (28.11). null: it does not say. */
export async function readRestartCause(ask: IpmiAsk): Promise<string | null> {
  const { code, data } = await ask.ask({ netFn: 0, command: 7 });
  if (code !== 0 || data.length < 1) return null;
  return restartCauses[byteAt(data, 0) & 0x0f] ?? `cause ${byteAt(data, 0) & 0x0f}`;
}

function bcd(byte: number): string {
  const [high, low] = [byte >> 4, byte & 0x0f];
  // Some makers write binary where BCD is meant.
  return high > 9 || low > 9 ? String(byte).padStart(2, "0") : `${high}${low}`;
}

const supports = [
  "sensors",
  "sdr",
  "sel",
  "fru",
  "event-receiver",
  "event-generator",
  "bridge",
  "chassis",
] as const;
const policies = ["stays-off", "as-before", "turns-on"] as const;
const faultsOfState: readonly (readonly [number, string])[] = [
  [1, "power overload"],
  [2, "interlock"],
  [3, "power fault"],
  [4, "power control fault"],
];
const faultsOfMisc: readonly (readonly [number, string])[] = [
  [2, "drive fault"],
  [3, "cooling or fan fault"],
];
const powerEvents = [
  "AC failed",
  "power overload",
  "interlock",
  "power fault",
  "turned on by IPMI",
] as const;
const restartCauses: readonly string[] = [
  "unknown",
  "chassis control command",
  "reset button",
  "power button",
  "watchdog",
  "OEM",
  "always restored with AC",
  "restored with AC as before",
  "platform event filter: reset",
  "platform event filter: power cycle",
  "soft reset",
  "real-time clock",
];
