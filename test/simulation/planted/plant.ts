import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RuleName } from "#test/simulation/invariants/checker.ts";
import type { SimulationKind } from "#test/simulation/replay-command.ts";

export type PlantedText = Pick<PlantedBug, "file" | "find" | "replace">;

/** A defect as data: one text in one file of the product, and what must notice it. */
export interface PlantedBug {
  /** What is wrong with it, as a sentence. */
  readonly name: string;
  /** Why a person might write it. */
  readonly because: string;
  /** From the root of the repository: `agent/commands/judge-order.ts`. */
  readonly file: string;
  /** Stands in it exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What else is left out with it: a second guard, behind which nobody would see the first one gone. */
  readonly also?: readonly PlantedText[];
  readonly kind: Exclude<SimulationKind, "samples">;
  /** Tried in order until one of them ends by a broken rule. */
  readonly seeds: readonly number[];
  /** Of the runs, where it is not the usual one. */
  readonly hosts?: number;
  readonly hours?: number;
  /** Of a fleet: how often things happen. */
  readonly pace?: number;
  /** The rule that ends it, and no other. */
  readonly killedBy: RuleName;
}

/** How the runs of a bug ended. */
export interface PlantedEnd {
  /** The seed that ended by a rule; null: none did. */
  readonly seed: number | null;
  readonly rule: RuleName | null;
  readonly words: string;
  /** The smallest story that breaks the rule, line by line; null: nobody asked for it. */
  readonly story: readonly string[] | null;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Runs the bug's seeds in a process of its own in which the file reads otherwise; with `isPlanted`
 * false, as it is written. Throws where the text does not stand in the file exactly once, where the
 * file was never loaded, and where the process ended by anything else than its last word.
 */
export function runPlanted(
  bug: PlantedBug,
  options: { readonly isPlanted?: boolean; readonly isShrunk?: boolean } = {},
): PlantedEnd {
  const { isPlanted = true, isShrunk = false } = options;
  const { file, find, replace, also = [], kind, seeds, hosts, hours, pace } = bug;
  const texts: readonly PlantedText[] = [{ file, find, replace }, ...also];
  for (const text of texts) {
    const path = `${root}${text.file}`;
    if (!existsSync(path)) throw new Error(`"${bug.name}": there is no ${text.file}`);
    const times = readFileSync(path, "utf8").split(text.find).length - 1;
    if (times !== 1)
      throw new Error(
        `"${bug.name}": its text stands ${times} times in ${text.file}, not once; give one that fits: ${text.find}`,
      );
  }
  const ended = spawnSync(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      "--import",
      `${root}test/simulation/planted/replace-text.ts`,
      `${root}test/simulation/planted/run-seeds.ts`,
    ],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        WWS_PLANTED_TEXT: JSON.stringify(isPlanted ? texts : []),
        WWS_PLANTED_RUN: JSON.stringify({
          kind,
          seeds,
          hosts,
          hours,
          pace,
          isShrunk,
          rule: bug.killedBy,
        }),
      },
    },
  );
  const last = ended.stdout.trimEnd().split("\n").at(-1) ?? "";
  if (ended.status !== 0 || !last.startsWith("{"))
    throw new Error(
      `"${bug.name}": the run ended with ${ended.status ?? ended.signal}, not by a rule: ${ended.stderr.slice(-2_000)}${ended.stdout.slice(-500)}`,
    );
  return JSON.parse(last) as PlantedEnd;
}
