import { expect, test } from "vitest";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createAnswerMemory, rememberedAnswersMax, rememberedMs } from "./repeated-requests.ts";

const asker = (key: string) => ({ key, who: "ana POST /x", asked: "body" });

function counter() {
  let count = 0;
  const run = async () => {
    count += 1;
    return count;
  };
  return { run, count: () => count };
}

test("the same key acts once and gives the same answer, also while the first is under way", async () => {
  const memory = createAnswerMemory(createVirtualClock());
  const { run, count } = counter();
  const both = await Promise.all([memory.once(asker("k"), run), memory.once(asker("k"), run)]);
  expect([both, await memory.once(asker("k"), run), count()]).toEqual([[1, 1], 1, 1]);
});

test("another person, another route or another key is another request", async () => {
  const memory = createAnswerMemory(createVirtualClock());
  const { run, count } = counter();
  await memory.once(asker("k"), run);
  await memory.once({ ...asker("k"), who: "ben POST /x" }, run);
  await memory.once(asker("l"), run);
  expect(count()).toBe(3);
});

test("the same key with another body is refused", async () => {
  const memory = createAnswerMemory(createVirtualClock());
  const { run } = counter();
  await memory.once(asker("k"), run);
  await expect(memory.once({ ...asker("k"), asked: "other" }, run)).rejects.toMatchObject({
    code: "key-reused",
  });
});

test("a failure is not remembered", async () => {
  const memory = createAnswerMemory(createVirtualClock());
  const fails = () => Promise.reject(new Error("disk full"));
  await expect(memory.once(asker("k"), fails)).rejects.toThrow("disk full");
  expect(await memory.once(asker("k"), async () => "done")).toBe("done");
});

test("it forgets after ten minutes, and the oldest when it is full", async () => {
  const clock = createVirtualClock();
  const memory = createAnswerMemory(clock);
  const { run, count } = counter();
  await memory.once(asker("old"), run);
  await clock.advance(rememberedMs);
  await memory.once(asker("old"), run);
  expect(count()).toBe(2);
  for (let key = 0; key < rememberedAnswersMax; key += 1) await memory.once(asker(`k${key}`), run);
  await memory.once(asker("old"), run);
  expect(count()).toBe(2 + rememberedAnswersMax + 1);
});

test.each(["", "with space", "x".repeat(129), "umlaut-ü"])("%j is no key", async (key) => {
  const memory = createAnswerMemory(createVirtualClock());
  await expect(memory.once(asker(key), counter().run)).rejects.toMatchObject({
    code: "invalid-request",
  });
});
