import type { IpmiAsk } from "../ipmi-session.ts";
import { byteAt } from "../lan-message.ts";

const dcmiNetFn = 0x2c;
const group = 0xdc;

/** DCMI 1.5, 6.6.1. Watts. */
export interface DcmiPower {
  readonly currentWatts: number;
  readonly minWatts: number;
  readonly maxWatts: number;
  readonly averageWatts: number;
  readonly periodMs: number;
  /** False: measuring is switched off, and the figures mean nothing. */
  readonly isActive: boolean;
}

export type DcmiAnswer =
  | { readonly power: DcmiPower }
  /** It has no DCMI, or no power measurement. */
  | { readonly absence: string };

export async function readDcmiPower(ask: IpmiAsk): Promise<DcmiAnswer> {
  const { code, data } = await ask.ask({
    netFn: dcmiNetFn,
    command: 2,
    data: [group, 1, 0, 0],
  });
  if (code !== 0) return { absence: `completion code 0x${code.toString(16)}` };
  const power = parseDcmiPower(data);
  return power === null ? { absence: "the answer is no power reading" } : { power };
}

export function parseDcmiPower(data: Buffer): DcmiPower | null {
  if (data.length < 18 || byteAt(data, 0) !== group) return null;
  return {
    currentWatts: data.readUInt16LE(1),
    minWatts: data.readUInt16LE(3),
    maxWatts: data.readUInt16LE(5),
    averageWatts: data.readUInt16LE(7),
    periodMs: data.readUInt32LE(13),
    isActive: (byteAt(data, 17) & 0x40) !== 0,
  };
}
