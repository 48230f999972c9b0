import { expect, test } from "vitest";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { ChildEnd, ChildProgram } from "./child-program.ts";
import { keepDefaults, keepRunning } from "./keep-running.ts";

/** Children that live until they are told to die. */
function nursery() {
  const born: { die: (end: ChildEnd) => void }[] = [];
  const start = (): ChildProgram => {
    let die: (end: ChildEnd) => void = () => {};
    const exited = new Promise<ChildEnd>((resolve) => {
      die = resolve;
    });
    born.push({ die });
    return {
      name: "child",
      pid: born.length,
      exited,
      onMessage: () => {},
      send: () => {},
      stop: () => {
        die({ code: 0, signal: null });
        return exited;
      },
      kill: () => die({ code: null, signal: "SIGKILL" }),
      tail: () => [],
    };
  };
  return { born, start };
}

const crash: ChildEnd = { code: 1, signal: null };

test("a child that dies is started again after growing pauses", async () => {
  const clock = createVirtualClock();
  const { born, start } = nursery();
  const pauses: (number | null)[] = [];
  const kept = keepRunning({
    start,
    clock,
    limits: keepDefaults,
    onDeath: (_child, _end, restartMs) => pauses.push(restartMs),
  });
  born[0]?.die(crash);
  await clock.advance(499);
  expect(kept.current().pid).toBe(1);
  await clock.advance(1);
  expect(kept.current().pid).toBe(2);
  born[1]?.die(crash);
  await clock.advance(1_000);
  expect(kept.current().pid).toBe(3);
  expect(pauses).toEqual([500, 1_000]);
});

test("a child that lives ten seconds may die as often as it likes; five starts that fail are the end", async () => {
  const clock = createVirtualClock();
  const { born, start } = nursery();
  let end: ChildEnd | null = null;
  const kept = keepRunning({ start, clock, limits: keepDefaults, onDeath: () => {} });
  void kept.gaveUp.then((last) => {
    end = last;
  });
  for (let round = 0; round < 20; round += 1) {
    await clock.advance(10_000);
    born[round]?.die(crash);
    await clock.advance(8_000);
  }
  expect(born).toHaveLength(21);
  expect(end).toBeNull();
  await clock.advance(10_000);
  // The first of these has lived.
  for (let round = 20; round < 26; round += 1) {
    born[round]?.die(crash);
    await clock.advance(8_000);
  }
  expect(born).toHaveLength(26);
  expect(end).toEqual(crash);
});

test("a child that said it came up and is killed at once, ten times, is started again", async () => {
  const clock = createVirtualClock();
  const { born, start } = nursery();
  const pauses: (number | null)[] = [];
  keepRunning({
    start: (cameUp) => {
      cameUp();
      return start();
    },
    clock,
    limits: keepDefaults,
    onDeath: (_child, _end, restartMs) => pauses.push(restartMs),
  });
  for (let round = 0; round < 10; round += 1) {
    born[round]?.die({ code: null, signal: "SIGKILL" });
    await clock.advance(8_000);
  }
  expect(born).toHaveLength(11);
  // Not the busier for it.
  expect(pauses.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
});

test("a child whose end is final is told of once, and neither started again nor given up", async () => {
  const clock = createVirtualClock();
  const { born, start } = nursery();
  const pauses: (number | null)[] = [];
  const seen: string[] = [];
  const kept = keepRunning({
    start,
    clock,
    limits: keepDefaults,
    isOver: ({ code }) => code === 4,
    onDeath: (_child, _end, restartMs) => pauses.push(restartMs),
  });
  void kept.gaveUp.then(() => seen.push("gave up"));
  void kept.over.then(({ code }) => seen.push(`over ${code}`));
  born[0]?.die({ code: 4, signal: null });
  await clock.advance(60_000);
  expect(born).toHaveLength(1);
  expect(pauses).toEqual([null]);
  expect(seen).toEqual(["over 4"]);
  await kept.stop(1_000);
});

test("a child that is stopped is not started again", async () => {
  const clock = createVirtualClock();
  const { born, start } = nursery();
  const kept = keepRunning({ start, clock, limits: keepDefaults, onDeath: () => {} });
  await kept.stop(1_000);
  await clock.advance(60_000);
  expect(born).toHaveLength(1);
  expect(clock.timers()).toBe(0);
});
