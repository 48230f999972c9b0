import { expect, test } from "vitest";
import {
  operationLook,
  operationVerbs,
  stepRows,
  tookWords,
  whyNotAsked,
} from "./operation-words.ts";

const drain = {
  kind: "drain",
  status: "running",
  step: "evacuate",
  stepState: "waiting",
  stepSinceMs: 5_000,
  attempt: 2,
  endedMs: null,
  history: [
    {
      step: "cordon",
      startedMs: 1_000,
      endedMs: 2_000,
      attempts: 1,
      outcome: "done",
      evidence: "fence epoch 7 acknowledged",
    },
  ],
};

type Some = Omit<typeof drain, "endedMs"> & { readonly endedMs: number | null };
const words = (operation: Some) =>
  stepRows(operation).map(({ step, look }) => `${step} ${look.word}`);

test("an operation shows what ended, where it is, and what is to come", () => {
  expect(words(drain)).toEqual(["cordon done", "evacuate waits", "prove to come"]);
  expect(stepRows(drain)[1]).toMatchObject({ isCurrent: true, attempt: 2, endedMs: null });
});

test("the step of a paused one says that it waits for a person", () => {
  expect(words({ ...drain, status: "paused" })[1]).toBe("evacuate paused");
});

test("of one that has ended only what was done is shown", () => {
  const ended = { ...drain, status: "canceled", endedMs: 9_000 };
  expect(stepRows(ended).map(({ step }) => step)).toEqual(["cordon"]);
});

test("steps and kinds of a newer manager are shown as they are, with nothing guessed ahead", () => {
  expect(words({ ...drain, kind: "toString" })).toEqual(["cordon done", "evacuate waits"]);
  expect(words({ ...drain, step: "levitate", stepState: "constructor" })).toEqual([
    "cordon done",
    "levitate constructor",
  ]);
  expect(operationLook("valueOf")).toMatchObject({ word: "valueOf", shape: "question" });
});

test("a step that was done twice has two rows with keys of their own", () => {
  const again = { ...drain, step: "cordon", history: [...drain.history, ...drain.history] };
  const keys = stepRows(again).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("what a step took is told in words; a moment is no zero", () => {
  expect([-5, 0, 999, 1_000, 61_000].map(tookWords)).toEqual([
    "under 1 s",
    "under 1 s",
    "under 1 s",
    "1 s",
    "1 min 1 s",
  ]);
});

test("each verb that has no use says why", () => {
  const why = (operation: Some) => operationVerbs.map((verb) => whyNotAsked(verb, operation));
  expect(why(drain)).toEqual([null, "it is not paused", null]);
  expect(why({ ...drain, status: "paused" })).toEqual(["it is paused already", null, null]);
  expect(why({ ...drain, kind: "reboot", status: "running" })).toEqual([
    "a reboot that is under way cannot wait in its middle",
    "it is not paused",
    "the host was told to reboot and may have begun",
  ]);
  expect(whyNotAsked("cancel", { ...drain, status: "done", endedMs: 9_000 })).toBe(
    "it has ended: done",
  );
});
