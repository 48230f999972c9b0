import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { putBmcAnswers } from "./bmc-texts.ts";
import { createDiskTexts, diskFacts } from "./disk-texts.ts";
import { createEnergyTexts, energyFacts } from "./energy-texts.ts";
import { createHealthTexts, healthFacts } from "./health-texts.ts";
import { putIdentity } from "./identity-texts.ts";
import { createWalk } from "./load-walk.ts";
import { createMemoryTexts } from "./memory-texts.ts";
import { createNetworkTexts, networkFacts } from "./network-texts.ts";
import { createPowerModel } from "./power-model.ts";
import { createProcessTexts } from "./process-texts.ts";
import { createProcessorTexts, processorFacts } from "./processor-texts.ts";
import { createSensorTexts } from "./sensor-texts.ts";
import type { ServerShape } from "./server-shape.ts";
import { putSmartAnswers } from "./smart-texts.ts";
import type { Texts } from "./texts.ts";
import { putToolAnswers } from "./tool-texts.ts";

/** A server that never was: a hardware source whose texts follow one walking load. */
export interface SyntheticServer {
  readonly source: MemorySource;
  /** Takes the server to a frame; frames are taken one after the other, from 0. */
  moveTo(frame: number): void;
}

export function createSyntheticServer(shape: ServerShape): SyntheticServer {
  const random = createSeededRandom(shape.seed);
  const load = createWalk(random.fork("load"), shape.frames, shape.load);
  const partsOf = (label: string) => ({ shape, random: random.fork(label), load });
  const power = createPowerModel(partsOf("power"));
  const sensors = createSensorTexts(shape, power);
  const disks = diskFacts(shape);
  const network = networkFacts(shape);
  const source = createMemorySource();
  const putAll = (texts: Texts): void => {
    for (const [path, text] of Object.entries(texts)) source.put(path, text);
  };
  for (const texts of [
    processorFacts(shape),
    disks.texts,
    network.texts,
    energyFacts(shape),
    healthFacts(shape),
    sensors.texts,
  ])
    putAll(texts);
  for (const links of [disks.links, network.links, sensors.links])
    for (const [path, target] of Object.entries(links)) source.putLink(path, target);
  putIdentity(source, shape);
  putToolAnswers(source, shape);
  const moving = [
    createProcessorTexts(partsOf("processor")),
    createMemoryTexts(partsOf("memory")),
    createDiskTexts(partsOf("disks")),
    createNetworkTexts(partsOf("network")),
    createProcessTexts(partsOf("process")),
    createEnergyTexts(shape, power),
    sensors.readings,
    createHealthTexts(partsOf("health")),
  ];
  return {
    source,
    moveTo(frame) {
      for (const textsOf of moving) putAll(textsOf(frame));
      putBmcAnswers(source, shape, power, frame);
      putSmartAnswers(source, shape, power, frame);
    },
  };
}
