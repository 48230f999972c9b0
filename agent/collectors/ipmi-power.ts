import type { Milliwatts } from "#proto/vocabulary/units.ts";
import { hostWattsMax } from "./ipmi-dcmi.ts";
import { isHostPowerRow, isSupplyInputRow } from "./ipmi-sdr.ts";
import type { IpmiSensor } from "./ipmi-sensor.ts";

/** What the host draws as its own BMC says, and by which way. */
export interface BmcPower {
  readonly source: "dcmi" | "ipmi-sensor" | "ipmi-psu-input";
  readonly milliwatts: Milliwatts;
}

/** How often each way gives a figure: DCMI is one short call, sensors come with the sweep. */
export function bmcPowerCadenceMs(source: BmcPower["source"]): number {
  return source === "dcmi" ? ipmiCadenceMs : ipmiSweepCadenceMs;
}

/** A sensor of the whole host, else the sum of what all supplies take. */
export function powerBySensors(rows: readonly IpmiSensor[]): BmcPower | null {
  const host = rows.find((row) => isHostPowerRow(row) && isHostWatts(row.value));
  if (host?.value != null) return { source: "ipmi-sensor", milliwatts: milliwattsOf(host.value) };
  const sum = supplyInputs(rows).reduce((total, row) => total + (row.value ?? 0), 0);
  return isHostWatts(sum) ? { source: "ipmi-psu-input", milliwatts: milliwattsOf(sum) } : null;
}

/**
 * One reading a supply: where one has several in watts, that which says *in*. A supply without a
 * reading would make the sum too small; it is left out only when it is not there.
 */
function supplyInputs(rows: readonly IpmiSensor[]): readonly IpmiSensor[] {
  const bySupply = new Map<string, IpmiSensor>();
  for (const row of rows) {
    if (!isSupplyInputRow(row) || row.status === "ns" || row.value === null) continue;
    const supply = row.instance === null ? row.id : `${row.entity}.${row.instance}`;
    const known = bySupply.get(supply);
    if (known === undefined || (saysInput(row) && !saysInput(known))) bySupply.set(supply, row);
  }
  return [...bySupply.values()];
}

function saysInput({ name }: IpmiSensor): boolean {
  return /input|\bin\b|pin/i.test(name);
}

function isHostWatts(watts: number | null): boolean {
  return watts !== null && watts >= 1 && watts <= hostWattsMax;
}

function milliwattsOf(watts: number): Milliwatts {
  return Math.round(watts * 1000) as Milliwatts;
}

/**
 * A child process costs 37 ms of a core, and a sweep keeps a slow BMC busy for seconds: power by DCMI
 * is asked every 10 s, which is how often its figure changes; sensors and states once a minute.
 */
export const ipmiCadenceMs = 10_000;
export const ipmiSweepCadenceMs = 60_000;
