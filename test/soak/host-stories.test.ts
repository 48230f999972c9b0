import { describe, expect, test } from "vitest";
import { drawStory } from "#test/simulation/hosts/draw-story.ts";
import { playStory } from "#test/simulation/hosts/play-story.ts";
import { replayCommand } from "#test/simulation/replay-command.ts";
import { usualSize } from "#test/simulation/replay.ts";

/**
 * Stories that `npm test` does not play. `WWS_SOAK_FROM` goes on where an earlier run ended;
 * `WWS_SOAK_STORIES` says how many; a line a hundred says how far it is.
 */
const from = Number(process.env["WWS_SOAK_FROM"] ?? 1_000_000);
const stories = Number(process.env["WWS_SOAK_STORIES"] ?? 6_000);
const size = usualSize.hosts;

describe("whole agents and managers, many seeds", () => {
  test(
    `no rule is broken in ${stories} stories from seed ${from} on`,
    async () => {
      const failed: string[] = [];
      let steps = 0;
      for (let seed = from; seed < from + stories; seed += 1) {
        const played = await playStory(drawStory(seed, size));
        steps += played.steps;
        const [first] = played.findings;
        if (first !== undefined) {
          const words = `${replayCommand({ kind: "hosts", seed, ...size })}: ${first.rule} ${first.words}`;
          failed.push(words);
          // Said at once: hours may pass before the end, and somebody may stop it.
          process.stderr.write(`${words}\n`);
        }
        const done = seed - from + 1;
        if (done % 100 === 0)
          process.stderr.write(
            `${done} stories, ${steps} steps, ${failed.length} failed; next: ${seed + 1}\n`,
          );
      }
      expect(failed).toEqual([]);
    },
    stories * 60_000,
  );

  test("fifty hosts for a day break no rule", { timeout: 3_600_000 }, async () => {
    const day = { hosts: 50, hours: 24 };
    const played = await playStory(drawStory(1, day));
    const found = played.findings.map(({ rule, words }) => `${rule}: ${words}`);
    expect(found, replayCommand({ kind: "hosts", seed: 1, ...day })).toEqual([]);
  });
});
