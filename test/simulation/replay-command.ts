/** Which simulation: whole agents, models of a whole fleet, or samples alone. */
export const simulationKinds = ["hosts", "fleet", "samples"] as const;
export type SimulationKind = (typeof simulationKinds)[number];

/** What a test says of a run that failed: the very command that plays it again. */
export function replayCommand(run: {
  readonly kind: SimulationKind;
  readonly seed: number;
  readonly hosts?: number;
  readonly hours?: number;
  /** Of a fleet: how often things happen. */
  readonly pace?: number;
}): string {
  const size = (name: "hosts" | "hours" | "pace"): string =>
    run[name] === undefined ? "" : ` --${name} ${run[name]}`;
  return `npm run simulate -- --seed ${run.seed} --kind ${run.kind}${size("hosts")}${size("hours")}${size("pace")}`;
}
