import { powerServerSensors } from "./guest-hardware.ts";
import type { IpmiSimulator } from "./ipmi-simulator.ts";

/** One step of the load: how much later, and how much more is drawn. */
export const loadStepMs = 2_000;

/**
 * Makes the server behind a simulated BMC draw one raw step (4 W) more every two seconds, taken in
 * turn by its two supplies, while its processor warms by 1 °C every six. Answers how to end it.
 */
export function startRisingLoad(simulator: IpmiSimulator): () => void {
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    simulator.setRaw("Pwr Consumption", rawAt("Pwr Consumption", step));
    simulator.setRaw("PSU1 Input", rawAt("PSU1 Input", Math.ceil(step / 2)));
    simulator.setRaw("PSU2 Input", rawAt("PSU2 Input", Math.floor(step / 2)));
    simulator.setRaw("CPU1 Temp", rawAt("CPU1 Temp", Math.floor(step / 3)));
  }, loadStepMs);
  return () => clearInterval(timer);
}

/** The largest a byte holds is what a meter shows that can go no further. */
function rawAt(sensor: string, steps: number): number {
  const raw = powerServerSensors.find(({ name }) => name === sensor)?.raw;
  if (raw === undefined) throw new Error(`the BMC has no sensor ${sensor}`);
  return Math.min(255, raw + steps);
}
