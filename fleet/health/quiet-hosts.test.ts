import { expect, test } from "vitest";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import { fc } from "#test/support/properties.ts";
import { dictionaryOf, hostOf, reportsStartMs, seriesOf } from "#test/support/report-builders.ts";
import { entryOf, openWorld } from "#test/support/telemetry-world.ts";
import { allRules } from "./all-rules.ts";
import { evidenceOf } from "./evidence.ts";
import { newHostMemory } from "./host-memory.ts";
import { judgeHost } from "./judge-host.ts";
import { createQuietCheck, type QuietMark } from "./quiet-hosts.ts";

const percent = { exponent: -2 };
const dictionary = dictionaryOf(
  seriesOf("system.filesystem.utilization", { "system.filesystem.mountpoint": "/" }, percent),
  seriesOf("wws.disk.sectors", { "hw.id": "Z1", "wws.sector.state": "reallocated" }),
  seriesOf("hw.fan.status", { "hw.id": "F1" }),
  seriesOf("hw.temperature.margin", { "hw.id": "T1" }),
  seriesOf("system.cpu.utilization", {}, percent),
);

/** Values of one report each, a minute apart. */
async function tell(story: readonly (readonly number[])[]) {
  const { telemetry } = await openWorld(createMemoryBlockFolder(), { dictionaries: [dictionary] });
  const isQuiet = createQuietCheck(allRules);
  const always = newHostMemory();
  const seldom = newHostMemory();
  const mark: QuietMark = { seen: null };
  const steps: { readonly isQuiet: boolean; readonly always: unknown; readonly seldom: unknown }[] =
    [];
  let seldomFindings: unknown = [];
  for (const [index, values] of story.entries()) {
    const startMs = reportsStartMs + index * 60_000;
    const nowMs = startMs + 1_500;
    await telemetry.append(
      entryOf({ seq: index + 1, dictionary, startMs, points: values.map((value) => [value]) }),
    );
    const latest = telemetry.latest(hostOf(1));
    if (latest === undefined) throw new Error("nothing was kept");
    const about = { rules: allRules, components: [], isSilent: false };
    const look = (memory: typeof always) =>
      judgeHost(memory, evidenceOf(latest, { nowMs, clockOffsetMs: 3 }), about).view.findings.map(
        ({ rule, verdict, sinceMs, detail }) => ({ rule, verdict, sinceMs, detail }),
      );
    const quiet = isQuiet(mark, { memory: seldom, latest, clockOffsetMs: 3 });
    if (quiet) seldom.judgedMs = nowMs;
    else seldomFindings = look(seldom);
    steps.push({ isQuiet: quiet, always: look(always), seldom: seldomFindings });
  }
  await telemetry.close();
  return steps;
}

test("a host of which nothing begins is judged once and then only looked at", async () => {
  const steps = await tell([
    [50, 0, 1, 40, 10],
    [51, 0, 1, 39, 80],
    [52, 0, 1, 41, 20],
  ]);
  expect(steps.map(({ isQuiet }) => isQuiet)).toEqual([false, true, true]);
});

test.each([
  ["a count that moves", [51, 1, 1, 40, 10]],
  ["a value beyond a bound", [91, 0, 1, 40, 10]],
  ["a value within the room between two bounds", [86, 0, 1, 40, 10]],
  ["a fan that stops", [50, 0, 0, 40, 10]],
])("%s is judged", async (_, values) => {
  const steps = await tell([[50, 0, 1, 40, 10], [...values]]);
  expect(steps.map(({ isQuiet }) => isQuiet)).toEqual([false, false]);
});

test("judging only what is not quiet finds the same as judging always", async () => {
  const step = fc.tuple(
    fc.constantFrom(20, 50, 84, 86, 91, 99),
    fc.constantFrom(0, 0, 0, 1, 2),
    fc.constantFrom(1, 1, 1, 0),
    fc.constantFrom(40, 9, 6, 3, -1),
    fc.nat(100),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (story) => {
      for (const { always, seldom } of await tell(story)) expect(seldom).toEqual(always);
    }),
    { numRuns: 40 },
  );
});
