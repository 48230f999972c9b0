import { existsSync } from "node:fs";
import { describe, test } from "vitest";
import { fuzzTargets } from "#test/fuzz/all-targets.ts";
import { expectRobust, fuzzSeed } from "#test/fuzz/expect-robust.ts";
import { listRecordedFiles, readRecordedTexts } from "#test/recordings/recorded-texts.ts";
import { recordingsFolder } from "#test/recordings/recordings-folder.ts";

/** WWS_SOAK_MUTATIONS widens or narrows it; WWS_FUZZ_SEED tries others. What fails is kept. */
const mutations = Number(process.env["WWS_SOAK_MUTATIONS"] ?? 50_000);
/** A parse and its mutation take well under this on a slow machine, ms. */
const mutationMsMax = 30;

/** Declares the tests of every `parts`-th target from `part` on: one file, and so one process, each. */
export function soakTargets(part: number, parts: number): void {
  // Without the folder of recordings only our own samples are spoiled, and the log says so.
  const files = existsSync(recordingsFolder) ? listRecordedFiles() : [];
  if (files.length === 0)
    process.stderr.write(`fuzz: no recordings in ${recordingsFolder}; our own samples alone\n`);
  const targets = fuzzTargets.filter((_, index) => index % parts === part);
  describe.each(targets)("$name", (target) => {
    test(`takes ${mutations} mutations of its samples and recordings`, {
      timeout: 60_000 + mutations * mutationMsMax,
    }, () => {
      const recorded =
        target.recordings === null ? [] : readRecordedTexts(files, target.recordings);
      // Another seed than `npm test`: the same mutations would tell nothing new.
      const run = { seed: fuzzSeed + 1_000, count: mutations };
      expectRobust(target, { ...run, samples: [...target.samples(), ...recorded] }, true);
    });
  });
}
