/** Steps of each operation that is carried out, in order. */
export const stepsOf = {
  drain: ["cordon", "notify", "reserve", "evacuate", "prove"],
  reboot: ["ask", "down", "back"],
  return: ["release"],
  clear: ["check"],
  power: ["order", "seen"],
  locate: ["light", "keep"],
} as const;

/** In every step: before its intent is written, between act and outcome, after its outcome. */
export const failMoments = ["before-intent", "acted", "after-outcome"] as const;
export type FailMoment = (typeof failMoments)[number];

/** Every place where a test may end the process. */
export const failPoints: readonly string[] = Object.entries(stepsOf).flatMap(([kind, steps]) =>
  steps.flatMap((step) => failMoments.map((moment) => `${kind}.${step}.${moment}`)),
);

/** What a fail point throws in a test: this executor is dead, and does nothing any more. */
export class ExecutorKilled extends Error {
  override readonly name = "ExecutorKilled";
}
