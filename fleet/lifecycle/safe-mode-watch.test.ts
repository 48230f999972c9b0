import { afterEach, beforeEach, expect, test } from "vitest";
import { ok } from "#proto/vocabulary/result.ts";
import { collectingLog } from "#test/support/collecting-log.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { acknowledge, type SafeMode, type SafeModeStore } from "./safe-mode.ts";
import { createSafeModeWatch, type SafeModeWatch } from "./safe-mode-watch.ts";

const clock = createVirtualClock();
let stored: SafeMode | null;
let term: number;
let ended: number;
let logged: ReturnType<typeof collectingLog>;
let watch: SafeModeWatch;

/** The store's promise, in memory. */
const store: SafeModeStore = {
  read: async () => stored,
  async enter({ seenTerm, hosts, atMs }) {
    if (seenTerm <= term) return stored;
    const about = { because: "hosts-ahead", storeTerm: term, backupMs: null } as const;
    stored = { ...about, sinceMs: atMs, seenTerm, hosts, acknowledged: [] };
    return stored;
  },
  async acknowledge(word) {
    if (stored === null) return { ok: false, problem: "not-in-safe-mode" };
    const next = acknowledge(stored, word);
    if (!next.ok) return next;
    stored = next.value.isOver ? null : next.value.mode;
    return ok(stored);
  },
};

afterEach(() => watch.stop());
beforeEach(async () => {
  stored = null;
  term = 5;
  ended = 0;
  logged = collectingLog();
  watch = await createSafeModeWatch({
    store,
    term: () => term,
    countHosts: async () => 100,
    clock,
    log: logged.log,
    onEnd: async () => {
      ended += 1;
    },
  });
});

const tell = async (...terms: readonly number[]): Promise<void> => {
  for (const [index, told] of terms.entries()) {
    watch.told(hostIdOf(index + 1), told);
    await clock.settle();
  }
};

test("hosts that know no later term change nothing", async () => {
  await tell(5, 5, 0, 4);
  expect([watch.mode(), watch.whys(), logged.lines]).toEqual([null, [], []]);
});

test("one host that knows a later term is named in the log, three are believed", async () => {
  await tell(9);
  expect(watch.mode()).toBeNull();
  expect(logged.lines).toMatchObject([{ level: "warn", hosts: [hostIdOf(1)] }]);
  await tell(9, 7, 8);
  expect(watch.mode()).toMatchObject({ because: "hosts-ahead", seenTerm: 9 });
  expect(watch.whys()).toMatchObject([{ code: "safe-mode" }]);
});

test("what was told to one who does not lead is judged when it takes over", async () => {
  term = 0;
  await tell(9, 9, 9);
  expect(watch.mode()).toBeNull();
  term = 6;
  await watch.takenOver();
  await clock.settle();
  expect(watch.mode()).toMatchObject({ storeTerm: 6, seenTerm: 9 });
});

test("a mode that another manager entered is known after the take-over", async () => {
  await store.enter({ seenTerm: 9, hosts: [], atMs: clock.nowUnixMs() });
  expect(watch.mode()).toBeNull();
  await watch.takenOver();
  expect(watch.mode()).not.toBeNull();
});

test("two people end it, and whoever waits for that hears of it once", async () => {
  await tell(9, 9, 9);
  expect(await watch.acknowledge("ada", "looked")).toMatchObject({ ok: true });
  expect(await watch.acknowledge("ada", "looked")).toEqual({ ok: false, problem: "same-person" });
  expect([ended, watch.mode()?.acknowledged.length]).toEqual([0, 1]);
  expect(await watch.acknowledge("bob", "looked too")).toEqual({ ok: true, value: null });
  expect([ended, watch.mode(), watch.whys()]).toEqual([1, null, []]);
});

test("what two people told another manager is known here within seconds, and what waits for it hears", async () => {
  await tell(9, 9, 9);
  for (const by of ["ada", "bob"])
    await store.acknowledge({ by, reason: "looked", atMs: clock.nowUnixMs() });
  expect(watch.mode()).not.toBeNull();
  await clock.advance(5_000);
  expect([ended, watch.mode(), watch.whys()]).toEqual([1, null, []]);
});

test("who says it again to a manager that does not know yet ends it there", async () => {
  await tell(9, 9, 9);
  stored = null;
  expect(await watch.acknowledge("ada", "looked")).toMatchObject({ problem: "not-in-safe-mode" });
  expect([ended, watch.mode()]).toEqual([1, null]);
});

test("what one of two people told another manager is shown here", async () => {
  await tell(9, 9, 9);
  await store.acknowledge({ by: "ada", reason: "looked", atMs: clock.nowUnixMs() });
  await clock.advance(5_000);
  expect([ended, watch.mode()?.acknowledged.map(({ by }) => by)]).toEqual([0, ["ada"]]);
});

test("a mode that ends while another begins is not ended by what was read before", async () => {
  await tell(9, 9, 9);
  const read = store.read;
  const old = Promise.withResolvers<SafeMode | null>();
  store.read = () => old.promise;
  await clock.advance(5_000);
  term = 9;
  await tell(12, 12, 12);
  old.resolve(null);
  await clock.settle();
  store.read = read;
  expect([ended, watch.mode()?.seenTerm]).toEqual([0, 12]);
});
