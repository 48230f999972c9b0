import type { PowerModel } from "./power-model.ts";
import type { ServerShape } from "./server-shape.ts";
import type { Texts } from "./texts.ts";

const folder = "/sys/class/powercap";
/** Of Intel's 32-bit counters with 61 µJ a step. */
const rangeMicrojoules = 262_143_328_850;

/** Names of the zones as powercap lists them; memory is a zone within its package. */
export function energyFacts(shape: ServerShape): Texts {
  if (shape.sensors.rapl === null) return {};
  const texts: Record<string, string> = { [`${folder}/intel-rapl/enabled`]: "1\n" };
  for (let socket = 0; socket < shape.processor.sockets; socket += 1) {
    texts[`${folder}/intel-rapl:${socket}/name`] = `package-${socket}\n`;
    texts[`${folder}/intel-rapl:${socket}:0/name`] = "dram\n";
    for (const zone of [`intel-rapl:${socket}`, `intel-rapl:${socket}:0`])
      texts[`${folder}/${zone}/max_energy_range_uj`] = `${rangeMicrojoules}\n`;
  }
  return texts;
}

/**
 * energy_uj of every zone: the integral of its power. The first package begins again at 0 in the
 * middle of the recording, as such counters do every half an hour.
 */
export function createEnergyTexts(shape: ServerShape, power: PowerModel): (frame: number) => Texts {
  if (shape.sensors.rapl === null) return () => ({});
  const zones = Array.from({ length: shape.processor.sockets }, (_, socket) => [
    { path: `${folder}/intel-rapl:${socket}/energy_uj`, watts: power.packageWatts(socket) },
    { path: `${folder}/intel-rapl:${socket}:0/energy_uj`, watts: power.dramWatts(socket) },
  ]).flat();
  const wrapsAt = Math.floor(shape.frames / 2);
  let untilWrap = 0;
  for (let frame = 0; frame < wrapsAt; frame += 1)
    untilWrap += Math.round((zones[0]?.watts(frame) ?? 0) * 1e6);
  const readings = zones.map((_, zone) =>
    zone === 0 ? rangeMicrojoules - untilWrap : 41_000_000_000 + zone * 13_000_000_000,
  );
  return (frame) =>
    Object.fromEntries(
      zones.map(({ path, watts }, zone) => {
        const reading = (readings[zone] ?? 0) + Math.round(watts(frame) * 1e6);
        readings[zone] = reading % (rangeMicrojoules + 1);
        return [path, `${readings[zone]}\n`];
      }),
    );
}
