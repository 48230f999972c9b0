import { expect, test } from "vitest";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import { dictionaryOf, hostOf, reportsStartMs, seriesOf } from "#test/support/report-builders.ts";
import { type EntryFacts, entryOf, openWorld } from "#test/support/telemetry-world.ts";

const psu = (id: string) => seriesOf("hw.power", { "hw.id": id });
const dictionary = dictionaryOf(
  psu("psu0"),
  psu("psu1"),
  seriesOf("hw.temperature", { "hw.id": "cpu0" }, { exponent: -1 }),
  seriesOf("hw.temperature", { "hw.id": "cpu1" }, { exponent: -1, cadenceMs: 30_000 }),
  seriesOf("system.disk.io", { "system.device": "sda" }),
);
const secondPage = dictionaryOf(psu("psu2"), seriesOf("hw.fan.speed", { "hw.id": "fan0" }));

let seq = 0;
async function latestAfter(
  entries: readonly (Partial<EntryFacts> & Pick<EntryFacts, "points">)[],
  reopened = false,
) {
  const folder = createMemoryBlockFolder();
  const dictionaries = [dictionary, secondPage];
  const { telemetry } = await openWorld(folder, { dictionaries });
  for (const entry of entries) {
    seq += 1;
    await telemetry.append(entryOf({ seq, dictionary, ...entry }));
  }
  if (!reopened) return telemetry.latest(hostOf(1));
  await telemetry.close();
  return (await openWorld(folder)).telemetry.latest(hostOf(1));
}

const at = (seconds: number) => ({ startMs: reportsStartMs + seconds * 1_000 });

test("a sum of which a part was not seen is not seen", async () => {
  const whole = await latestAfter([{ points: [[100], [120]] }]);
  expect(whole?.hostWide("hw.power")).toBe(220);
  const half = await latestAfter([
    { points: [[100], [120]] },
    { points: [[100]], ...at(1) },
    { points: [[100]], ...at(3) },
  ]);
  expect(half?.hostWide("hw.power")).toBeNull();
  expect(half?.values().map(({ value }) => value)).toEqual([100, 120]);
});

test.each([false, true])(
  "a series that comes rarely is current until its next point is overdue (opened again: %s)",
  async (reopened) => {
    const points = [undefined, undefined, [400], [555]];
    const later = (seconds: number) => ({ points: [undefined, undefined, [401]], ...at(seconds) });
    const current = await latestAfter([{ points }, later(20), later(45)], reopened);
    expect(current?.hostWide("hw.temperature")).toBe(55.5);
    const overdue = await latestAfter([{ points }, later(20), later(75)], reopened);
    expect(overdue?.hostWide("hw.temperature")).toBe(40.1);
  },
);

test("a counter is told per second, also over steps that were not seen", async () => {
  const io = (list: readonly (number | null)[]) => [
    undefined,
    undefined,
    undefined,
    undefined,
    list,
  ];
  const steady = await latestAfter([{ points: io([10, 10, 10, 10]) }]);
  expect(steady?.hostWide("system.disk.io")).toBe(10);
  const holes = await latestAfter([{ points: io([10, null, null, 30]) }]);
  expect(holes?.hostWide("system.disk.io")).toBe(10);
});

test("backfill does not take the place of what is newer", async () => {
  const receivedMs = reportsStartMs + 101_000;
  const latest = await latestAfter([
    { points: [[300], [300]], ...at(100), receivedMs },
    { points: [[100], [100]], ...at(0), receivedMs },
    { points: [[100], [100]], ...at(10), receivedMs, dictionary: secondPage },
  ]);
  expect(latest?.hostWide("hw.power")).toBe(600);
  expect(latest?.observedMs).toBe(reportsStartMs + 100_000);
});

test("a host with several dictionaries at a time has the values of all of them", async () => {
  const batch = (from: number) => [
    { points: [[100], [100]], ...at(from) },
    { points: [[100], [7_000]], ...at(from), dictionary: secondPage },
  ];
  const latest = await latestAfter([...batch(0), ...batch(1), ...batch(2)]);
  expect(latest?.hostWide("hw.power")).toBe(300);
  expect(latest?.hostWide("hw.fan.speed")).toBe(7_000);
});

test("series of a dictionary that is not used any more are gone", async () => {
  const latest = await latestAfter([
    { points: [[100], [7_000]], dictionary: secondPage },
    { points: [[100], [120]], ...at(1) },
    { points: [[100], [120]], ...at(10) },
  ]);
  expect(latest?.hostWide("hw.power")).toBe(220);
  expect(latest?.hostWide("hw.fan.speed")).toBeNull();
});

test("a clock that ran years ahead and was set right does not keep its values", async () => {
  const receivedMs = reportsStartMs + 1_000;
  const latest = await latestAfter([
    { points: [[900], [900]], startMs: reportsStartMs * 1.3, receivedMs },
    { points: [[100], [120]], receivedMs },
  ]);
  expect(latest?.observedMs).toBe(reportsStartMs);
  expect(latest?.hostWide("hw.power")).toBe(220);
});
