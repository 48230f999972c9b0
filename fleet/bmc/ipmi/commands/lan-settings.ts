import type { IpmiAsk } from "../ipmi-session.ts";
import { byteAt } from "../lan-message.ts";

const suiteRecordsMax = 16;

export interface LanSettings {
  readonly channel: number;
  readonly addressSource: "unspecified" | "static" | "dhcp" | "bios" | "other" | null;
  readonly address: string | null;
  readonly mac: string | null;
  /** null: it does not list them. */
  readonly suites: readonly number[] | null;
  /** By suite: the most rights it may give; 0 is "switched off". null: not told. */
  readonly suiteRights: Readonly<Record<number, number>> | null;
  readonly anonymousLogin: "off" | "null-user" | "anonymous" | null;
}

/**
 * What the LAN channel is set to. The community string and the users are not read: they are, or
 * lead to, secrets.
 */
export async function readLanSettings(ask: IpmiAsk): Promise<LanSettings> {
  const channel = await readChannel(ask);
  const source = await parameter(ask, channel, 4);
  const address = await parameter(ask, channel, 3);
  const mac = await parameter(ask, channel, 5);
  const suites = await readSuites(ask);
  return {
    channel,
    addressSource: source === null ? null : (sources[byteAt(source, 0) & 0x0f] ?? "other"),
    address: address !== null && address.length >= 4 ? [...address.subarray(0, 4)].join(".") : null,
    mac: mac !== null && mac.length >= 6 ? macText(mac) : null,
    suites,
    suiteRights: await readSuiteRights(ask, channel),
    anonymousLogin: await readAnonymousLogin(ask),
  };
}

/** The channel that we speak through (22.24, Get Channel Info). */
async function readChannel(ask: IpmiAsk): Promise<number> {
  const { code, data } = await ask.ask({ netFn: 6, command: 0x42, data: [0x0e] });
  return code === 0 && data.length > 0 ? byteAt(data, 0) & 0x0f : 1;
}

/** 23.2, Get LAN Configuration Parameters; null where it is refused. */
async function parameter(ask: IpmiAsk, channel: number, number: number): Promise<Buffer | null> {
  const { code, data } = await ask.ask({
    netFn: 0x0c,
    command: 2,
    data: [channel, number, 0, 0],
  });
  return code === 0 && data.length > 1 ? data.subarray(1) : null;
}

/** 22.15: the records of all suites, sixteen bytes a call. */
async function readSuites(ask: IpmiAsk): Promise<readonly number[] | null> {
  const parts: Buffer[] = [];
  for (let index = 0; index < suiteRecordsMax; index += 1) {
    const { code, data } = await ask.ask({
      netFn: 6,
      command: 0x54,
      data: [0x0e, 0, 0x80 | index],
    });
    if (code !== 0) return parts.length === 0 ? null : parseSuites(Buffer.concat(parts));
    parts.push(data.subarray(1));
    if (data.length < 17) break;
  }
  return parseSuites(Buffer.concat(parts));
}

/** C0: a suite of the standard; C1: an OEM's, whose three bytes of maker follow. */
export function parseSuites(bytes: Buffer): readonly number[] {
  const suites: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = byteAt(bytes, at);
    if (start !== 0xc0 && start !== 0xc1) {
      at += 1;
      continue;
    }
    if (start === 0xc0 && at + 1 < bytes.length) suites.push(byteAt(bytes, at + 1));
    at += start === 0xc0 ? 2 : 5;
  }
  return [...new Set(suites)].sort((one, other) => one - other);
}

/** Parameters 23 and 24: which suites, and what each may give. */
async function readSuiteRights(
  ask: IpmiAsk,
  channel: number,
): Promise<Readonly<Record<number, number>> | null> {
  const entries = await parameter(ask, channel, 23);
  const rights = await parameter(ask, channel, 24);
  if (entries === null || rights === null || rights.length < 2) return null;
  const found: Record<number, number> = {};
  [...entries.subarray(1, 17)].forEach((suite, index) => {
    const pair = byteAt(rights, 1 + (index >> 1));
    found[suite] = index % 2 === 0 ? pair & 0x0f : pair >> 4;
  });
  return found;
}

/** Get Channel Authentication Capabilities (22.13), byte 4: who may come in without a name. */
async function readAnonymousLogin(ask: IpmiAsk): Promise<LanSettings["anonymousLogin"]> {
  const { code, data } = await ask.ask({ netFn: 6, command: 0x38, data: [0x8e, 2] });
  if (code !== 0 || data.length < 3) return null;
  const status = byteAt(data, 2);
  if ((status & 1) !== 0) return "anonymous";
  return (status & 2) !== 0 ? "null-user" : "off";
}

function macText(bytes: Buffer): string {
  return [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

const sources: readonly (LanSettings["addressSource"] & string)[] = [
  "unspecified",
  "static",
  "dhcp",
  "bios",
  "other",
];
