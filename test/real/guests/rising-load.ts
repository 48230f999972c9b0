import { powerServerSensors } from "./guest-hardware.ts";
import type { IpmiSimulator } from "./ipmi-simulator.ts";

/** What a load adds to a sensor when it is at its highest, in raw steps; none of them leaves a byte. */
const stepsMax = 100;
const stepMs = 2_000;

/**
 * Makes the server behind a simulated BMC draw one raw step (4 W) more every two seconds, taken in
 * turn by its two supplies, while its processor warms by 1 °C every six; after 100 steps it goes
 * down again. Answers how to end it.
 */
export function startRisingLoad(simulator: IpmiSimulator): () => void {
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    const load = stepsMax - Math.abs(stepsMax - (step % (2 * stepsMax)));
    simulator.setRaw("Pwr Consumption", idleRaw("Pwr Consumption") + load);
    simulator.setRaw("PSU1 Input", idleRaw("PSU1 Input") + Math.ceil(load / 2));
    simulator.setRaw("PSU2 Input", idleRaw("PSU2 Input") + Math.floor(load / 2));
    simulator.setRaw("CPU1 Temp", idleRaw("CPU1 Temp") + Math.floor(load / 3));
  }, stepMs);
  return () => clearInterval(timer);
}

/** Watts that the BMC of the rising load may tell. */
export const risingWatts = {
  min: idleRaw("Pwr Consumption") * 4,
  max: (idleRaw("Pwr Consumption") + stepsMax) * 4,
  step: 4,
} as const;

function idleRaw(sensor: string): number {
  const raw = powerServerSensors.find(({ name }) => name === sensor)?.raw;
  if (raw === undefined) throw new Error(`the BMC has no sensor ${sensor}`);
  return raw;
}
