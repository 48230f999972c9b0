import { createFollower, createWalk, type Walk } from "./load-walk.ts";
import type { ServerShape } from "./server-shape.ts";
import type { TextParts } from "./texts.ts";

/** What a server draws, and how warm it is, frame by frame; every sensor is read off this. */
export interface PowerModel {
  /** At the wall, watts. */
  readonly whole: Walk;
  /** One processor package, and the memory beside it. */
  readonly packageWatts: (socket: number) => Walk;
  readonly dramWatts: (socket: number) => Walk;
  /** What one supply takes from the wall; together they take all of it. */
  readonly supplyWatts: (supply: number) => Walk;
  /** 0 cold to 1 hot: follows the load with the slowness of metal. */
  readonly warmth: Walk;
  /** Of the air that comes in, °C. */
  readonly inlet: Walk;
}

export function createPowerModel({ shape, random, load }: TextParts): PowerModel {
  const { frames } = shape;
  const warmth = createFollower(frames, load, 0.12);
  const air = createWalk(random.fork("air"), frames, { mean: 0.5, swing: 0.2 });
  const tilt = Array.from({ length: shape.processor.sockets }, () => 0.94 + random.next() * 0.12);
  const whole: Walk = (frame) =>
    shape.watts.idle + (shape.watts.full - shape.watts.idle) * load(frame);
  const shares = supplyShares(shape);
  const packageMax = shape.sensors.rapl?.packageWatts ?? 0;
  const dramMax = shape.sensors.rapl?.dramWatts ?? 0;
  return {
    whole,
    packageWatts: (socket) => (frame) =>
      packageMax * (0.22 + 0.74 * load(frame)) * (tilt[socket] ?? 1),
    dramWatts: (socket) => (frame) => dramMax * (0.35 + 0.6 * load(frame)) * (tilt[socket] ?? 1),
    supplyWatts: (supply) => (frame) => whole(frame) * (shares[supply] ?? 0),
    warmth,
    inlet: (frame) => 20 + 6 * air(frame),
  };
}

/** Supplies share a load, never quite evenly. */
function supplyShares({ sensors }: ServerShape): readonly number[] {
  const weights = Array.from({ length: sensors.supplies }, (_, supply) => 1 + 0.03 * (supply % 2));
  const sum = weights.reduce((one, other) => one + other, 0);
  return weights.map((weight) => weight / sum);
}
