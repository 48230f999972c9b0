import { existsSync } from "node:fs";
import { type FleetRun, runFleetSimulation } from "./fleet/run-fleet.ts";
import type { FleetSize } from "./fleet/fleet-size.ts";
import { replayCommand } from "./replay-command.ts";

const tailLines = 40;

/** It was asked to go no further. */
class Enough extends Error {
  override readonly name = "Enough";
}

/** Plays one fleet; `until`: stops after so many things that were seen, and shows the last of them. */
export async function replayFleet(
  seed: number,
  size: FleetSize,
  until: number | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  let steps = 0;
  let tail: string[] = [];
  try {
    const run = await runOne(seed, size, (line) => {
      steps += 1;
      tail.push(`step ${steps} ${line}`);
      if (tail.length > 2 * tailLines) tail = tail.slice(-tailLines);
      if (steps >= (until ?? Infinity)) throw new Enough();
    });
    for (const { rule, words } of run.findings) say(`BROKEN ${rule}: ${words}`);
    say(`seed ${seed}: ${steps} steps, hash ${run.hash}`);
    return run.findings.length === 0;
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    for (const line of tail.slice(-tailLines)) say(`  ${line}`);
    return true;
  }
}

/** A fleet's events are drawn as it goes on: what can be less are hosts and hours. */
export async function shrinkFleet(
  seed: number,
  size: FleetSize,
  say: (line: string) => void,
): Promise<boolean> {
  const whole = await runOne(seed, size);
  const rule = whole.findings[0]?.rule;
  if (rule === undefined) {
    say(`seed ${seed} breaks no rule: there is nothing to shrink`);
    return true;
  }
  let smallest = size;
  let found = whole;
  const tryOut = async (candidate: FleetSize): Promise<boolean> => {
    const run = await runOne(seed, candidate);
    if (!run.findings.some((one) => one.rule === rule)) return false;
    smallest = candidate;
    found = run;
    return true;
  };
  for (let share = 0.5; share > 0.05; share /= 2) {
    const hours = smallest.hours * (1 - share);
    while (hours >= 1 && (await tryOut({ ...smallest, hours: smallest.hours * (1 - share) })));
    const fewer = (): number => Math.floor(smallest.hosts * (1 - share));
    while (fewer() >= 5 && (await tryOut({ ...smallest, hosts: fewer() })));
  }
  const finding = found.findings.find((one) => one.rule === rule);
  say(`BROKEN ${rule}: ${finding?.words ?? ""}`);
  say(`the smallest: ${replayCommand({ kind: "fleet", seed, ...smallest })}`);
  return false;
}

function runOne(seed: number, size: FleetSize, note?: (line: string) => void): Promise<FleetRun> {
  return runFleetSimulation(seed, size, {
    folder: existsSync("/dev/shm") ? "/dev/shm" : null,
    ...(note !== undefined && {
      watch: (seen) =>
        note(`${new Date(seen.atMs).toISOString()} ${JSON.stringify(seen).slice(0, 200)}`),
    }),
  });
}
