import { expect, test } from "vitest";
import { replayCommand } from "./replay-command.ts";
import { type ReplayAsk, replay } from "./replay.ts";

const fleet: ReplayAsk = {
  kind: "fleet",
  seed: 5,
  count: 1,
  hosts: 12,
  hours: 1,
  pace: 12,
  until: undefined,
  storyFile: undefined,
  isShrunk: false,
};

async function linesOf(ask: Partial<ReplayAsk>): Promise<readonly string[]> {
  const lines: string[] = [];
  expect(await replay({ ...fleet, ...ask }, (line) => lines.push(line))).toBe(true);
  return lines;
}

/** A guard against hanging, not a measure. */
const timeout = 120_000;

test("a fleet that is played again is the same, step for step", { timeout }, async () => {
  const first = await linesOf({});
  expect(first.at(-1)).toMatch(/^seed 5: [0-9]+ steps, hash [0-9a-f]{64}$/);
  expect(await linesOf({})).toEqual(first);
  expect(await linesOf({ seed: 6 })).not.toEqual(first);
});

test("it stops at the step that it is told, on the way that it always goes", {
  timeout,
}, async () => {
  const lines = await linesOf({ until: 60 });
  expect(lines.at(-1)).toMatch(/^ {2}step 60 /);
  const further = await linesOf({ until: 70 });
  expect(further.slice(0, 30)).toEqual(lines.slice(10));
});

test("several seeds are played one after the other, each as by itself", { timeout }, async () => {
  expect(await linesOf({ count: 2 })).toEqual([
    ...(await linesOf({})),
    ...(await linesOf({ seed: 6 })),
  ]);
});

test("what breaks no rule is not shrunk, and that is said", { timeout }, async () => {
  expect(await linesOf({ isShrunk: true })).toEqual([
    "seed 5 breaks no rule: there is nothing to shrink",
  ]);
});

test("the command that is told has everything that decides the run", () => {
  expect(replayCommand({ kind: "fleet", seed: 5, hosts: 12, hours: 2, pace: 12 })).toBe(
    "npm run simulate -- --seed 5 --kind fleet --hosts 12 --hours 2 --pace 12",
  );
});
