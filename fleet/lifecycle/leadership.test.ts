import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { openMemoryStore } from "#test/support/memory-store.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { createLeadership, type Leadership, leadForMs } from "./leadership.ts";

let clock: VirtualClock;
let store: Awaited<ReturnType<typeof openMemoryStore>>;
let taken: string[];
beforeEach(async () => {
  clock = createVirtualClock();
  store = await openMemoryStore(clock);
  taken = [];
});
afterEach(() => store.close());

async function start(holder: string, differs: Partial<{ clock: Clock }> = {}): Promise<Leadership> {
  const leadership = createLeadership({
    store: store.leader,
    clock: differs.clock ?? clock,
    log: silentLog,
    holder,
    prepare: async (term) => void taken.push(`${holder} ${term}`),
    begin: () => {},
  });
  await leadership.start();
  return leadership;
}

test("the first manager leads at once and keeps the leadership with its term", async () => {
  const leader = await start("a");
  expect([leader.isLeader(), leader.term()]).toEqual([true, 1]);
  await clock.advance(10 * leadForMs);
  expect([leader.isLeader(), leader.term()]).toEqual([true, 1]);
  expect(taken).toEqual(["a 1"]);
  await leader.stop();
});

test("a second one does not lead while the first does, and takes over at once when that gives it up", async () => {
  const first = await start("a");
  const second = await start("b");
  await clock.advance(60_000);
  expect([first.term(), second.term()]).toEqual([1, 0]);
  await first.stop();
  expect([first.isLeader(), first.term()]).toEqual([false, 0]);
  await clock.advance(5_000);
  expect([second.isLeader(), second.term()]).toEqual([true, 2]);
  await second.stop();
});

test("one that was paused acts no more, even before it has asked again", async () => {
  const paused = pausable();
  const first = await start("a", { clock: paused.clock });
  const second = await start("b");
  paused.pause();
  await clock.advance(leadForMs);
  expect([first.isLeader(), first.term()]).toEqual([false, 0]);
  await clock.advance(10_000);
  expect(second.term()).toBe(2);
  paused.resume();
  await clock.advance(10_000);
  expect([first.isLeader(), second.isLeader()]).toEqual([false, true]);
  expect(taken).toEqual(["a 1", "b 2"]);
  await first.stop();
  expect(second.isLeader()).toBe(true);
  await second.stop();
});

test("a wall clock that is set back or forth lengthens nobody's leadership", async () => {
  const host = clock.hostClock({ wallOffsetMs: 0 });
  const paused = pausable(host);
  const first = await start("a", { clock: paused.clock });
  paused.pause();
  host.jumpWall(-3_600_000);
  await clock.advance(leadForMs);
  expect(first.isLeader()).toBe(false);
  paused.resume();
  await first.stop();
});

test("one whose clock ran an hour ahead and died is succeeded as soon as any other", async () => {
  const ahead = pausable(clock.hostClock({ wallOffsetMs: 3_600_000 }));
  const first = await start("a", { clock: ahead.clock });
  const second = await start("b");
  await clock.advance(60_000);
  expect([first.term(), second.term()]).toEqual([1, 0]);
  ahead.pause();
  await clock.advance(30_000);
  expect([first.isLeader(), second.isLeader(), second.term()]).toEqual([false, true, 2]);
  await second.stop();
});

test("one whose clock runs ahead takes no lead from a manager that renews", async () => {
  const first = await start("a");
  const ahead = clock.hostClock({ wallOffsetMs: 3_600_000 });
  const second = await start("b", { clock: ahead });
  await clock.advance(120_000);
  expect([first.isLeader(), first.term(), second.term()]).toEqual([true, 1, 0]);
  ahead.jumpWall(86_400_000);
  await clock.advance(120_000);
  expect([first.isLeader(), first.term(), taken]).toEqual([true, 1, ["a 1"]]);
  await first.stop();
  await second.stop();
});

test("nothing is done with a leadership before what was read under another term is read again", async () => {
  let finish = (): void => {};
  const reading = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let hasBegun = false;
  const leadership = createLeadership({
    store: store.leader,
    clock,
    log: silentLog,
    holder: "a",
    prepare: () => reading,
    begin: () => {
      hasBegun = true;
    },
  });
  const starting = leadership.start();
  await clock.settle();
  expect([leadership.isLeader(), hasBegun]).toEqual([false, false]);
  // What is put in order while reading is written under the new term.
  expect(leadership.term()).toBe(1);
  finish();
  await starting;
  expect([leadership.isLeader(), hasBegun]).toEqual([true, true]);
  await leadership.stop();
});

test("a leadership is renewed while what was read before is read again, however long that takes", async () => {
  let finish = (): void => {};
  const reading = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const leadership = createLeadership({
    store: store.leader,
    clock,
    log: silentLog,
    holder: "a",
    prepare: () => reading,
    begin: () => taken.push("a begins"),
  });
  const starting = leadership.start();
  const second = await start("b");
  await clock.advance(10 * leadForMs);
  expect([leadership.term(), leadership.isLeader(), second.term()]).toEqual([1, false, 0]);
  finish();
  await starting;
  expect([leadership.isLeader(), taken]).toEqual([true, ["a begins"]]);
  await leadership.stop();
  await second.stop();
});

/** A process whose timers do not fire while it is paused; time goes on. */
function pausable(on: Clock = clock): { clock: Clock; pause: () => void; resume: () => void } {
  let isPaused = false;
  let waiting: (() => void)[] = [];
  return {
    clock: {
      nowUnixMs: () => on.nowUnixMs(),
      nowMonotonicMs: () => on.nowMonotonicMs(),
      after: (delayMs, callback) =>
        on.after(delayMs, () => {
          if (isPaused) waiting.push(callback);
          else callback();
        }),
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      for (const callback of waiting) callback();
      waiting = [];
    },
  };
}

test("one that was paused for longer than it leads takes over from itself: what it knew of hosts is old", async () => {
  const paused = pausable();
  const only = await start("a", { clock: paused.clock });
  paused.pause();
  await clock.advance(120_000);
  expect(only.isLeader()).toBe(false);
  paused.resume();
  await clock.advance(10_000);
  expect([only.isLeader(), only.term()]).toEqual([true, 1]);
  expect(taken).toEqual(["a 1", "a 1"]);
  await only.stop();
});
