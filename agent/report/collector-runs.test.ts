import { expect, test } from "vitest";
import type { Collector, Subject } from "#agent/collectors/collector.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createCollectorRuns, createCountingSink } from "./collector-runs.ts";
import { createSampleTable } from "./sample-table.ts";

function collector(subject: Subject, given: Partial<Collector> = {}): Collector {
  return {
    subject,
    cadenceMs: 0,
    discover: () => ({ absences: [] }),
    collect: () => null,
    close() {},
    ...given,
  };
}

const power = { metric: "hw.host.power", attributes: {}, exponent: -3 } as const;

test("a collector that throws costs its own samples, and says how it failed", async () => {
  const clock = createVirtualClock();
  const sink = createCountingSink(createSampleTable());
  let collected = 0;
  const runs = createCollectorRuns(
    [
      collector("disks", {
        collect: () => {
          throw new TypeError("a disk is gone");
        },
      }),
      collector("cpu", {
        collect: () => {
          collected += 1;
          return null;
        },
      }),
      collector("thermal", { collect: () => Promise.reject(new Error("no answer")) }),
      collector("power", {
        collect: () => ({ detail: "one supply does not answer", absences: [] }),
      }),
    ],
    sink,
    clock,
  );
  await runs.discover(monotonicMs(0));
  runs.step(monotonicMs(0));
  await clock.settle();
  expect(collected).toBe(1);
  expect(
    runs.facts().map(({ outcome }) => [outcome.subject, outcome.outcome, outcome.detail]),
  ).toEqual([
    ["disks", "failed", "TypeError: a disk is gone"],
    ["cpu", "ok", ""],
    ["thermal", "failed", "Error: no answer"],
    ["power", "partial", "one supply does not answer"],
  ]);
});

test("a slow collector is not started again while it is at it, and holds up nobody", async () => {
  const clock = createVirtualClock();
  const sink = createCountingSink(createSampleTable());
  let started = 0;
  let finish: () => void = () => {};
  let quick = 0;
  const runs = createCollectorRuns(
    [
      collector("ipmi", {
        collect: () => {
          started += 1;
          return new Promise((resolve) => {
            finish = () => resolve(null);
          });
        },
      }),
      collector("cpu", {
        collect: () => {
          quick += 1;
          return null;
        },
      }),
    ],
    sink,
    clock,
  );
  await runs.discover(monotonicMs(0));
  for (let second = 0; second < 5; second += 1) {
    runs.step(clock.nowMonotonicMs());
    await clock.advance(1_000);
  }
  expect([started, quick]).toEqual([1, 5]);
  finish();
  await clock.settle();
  runs.step(clock.nowMonotonicMs());
  expect(started).toBe(2);
  expect(runs.facts()[0]?.outcome.durationMicroseconds).toBe(5_000_000);
});

test("nothing is collected before it was found out what is there", async () => {
  const clock = createVirtualClock();
  const sink = createCountingSink(createSampleTable());
  let found: () => void = () => {};
  let collected = 0;
  const runs = createCollectorRuns(
    [
      collector("identity", {
        discover: () =>
          new Promise((resolve) => {
            found = () => resolve({ absences: [] });
          }),
        collect: () => {
          collected += 1;
          return null;
        },
      }),
    ],
    sink,
    clock,
  );
  const discovering = runs.discover(monotonicMs(0));
  runs.step(monotonicMs(0));
  expect(collected).toBe(0);
  found();
  await discovering;
  runs.step(monotonicMs(1_000));
  expect(collected).toBe(1);
});

test("cadences are kept, and do not drift when a step is late", async () => {
  const clock = createVirtualClock();
  const sink = createCountingSink(createSampleTable());
  const at: number[] = [];
  const runs = createCollectorRuns(
    [
      collector("thermal", {
        cadenceMs: 10_000,
        collect: (now) => {
          at.push(now);
          return null;
        },
      }),
    ],
    sink,
    clock,
  );
  await runs.discover(monotonicMs(0));
  for (let step = 0; step <= 40; step += 1) {
    runs.step(monotonicMs(step * 1_000 + (step === 10 ? 400 : 0)));
  }
  expect(at).toEqual([0, 10_400, 20_000, 30_000, 40_000]);
});

test("each outcome counts the points that its own collector set", async () => {
  const clock = createVirtualClock();
  const table = createSampleTable();
  const sink = createCountingSink(table);
  const handle = sink.declare(power);
  const runs = createCollectorRuns(
    [
      collector("power", {
        collect: () => {
          sink.set(handle, 1);
          return null;
        },
      }),
      collector("cpu"),
    ],
    sink,
    clock,
  );
  await runs.discover(monotonicMs(0));
  table.begin(0);
  runs.step(monotonicMs(0));
  runs.step(monotonicMs(1_000));
  expect(runs.facts().map(({ outcome }) => outcome.series)).toEqual([1, 0]);
});

test("what is there is looked for again, the identity rarely", async () => {
  const clock = createVirtualClock();
  const looked: string[] = [];
  const watch = (subject: Subject) =>
    collector(subject, {
      discover: () => {
        looked.push(subject);
        return { absences: [] };
      },
    });
  const runs = createCollectorRuns(
    [watch("disks"), watch("identity")],
    createCountingSink(createSampleTable()),
    clock,
  );
  for (let minute = 0; minute < 5; minute += 1) await runs.discover(monotonicMs(minute * 60_000));
  expect(looked).toEqual(["disks", "identity", "disks", "disks", "disks", "disks"]);
});

test("a discovery that fails is told and tried again", async () => {
  const clock = createVirtualClock();
  let attempts = 0;
  const runs = createCollectorRuns(
    [
      collector("power", {
        discover: () => {
          attempts += 1;
          if (attempts === 1) throw new Error("EIO");
          return { absences: [] };
        },
      }),
    ],
    createCountingSink(createSampleTable()),
    clock,
  );
  await runs.discover(monotonicMs(0));
  expect(runs.facts()[0]).toMatchObject({
    outcome: { outcome: "failed", detail: "Error: EIO" },
    discovery: null,
  });
  await runs.discover(monotonicMs(60_000));
  expect(runs.facts()[0]).toMatchObject({ outcome: { outcome: "ok" } });
});

test("a lasting trouble told anew in the same words stays the same object, and a new word is heard", async () => {
  const clock = createVirtualClock();
  let detail = "not there";
  const attributes = [{ key: "hw.id", value: "fan1" }];
  const collect: Collector["collect"] = () => ({
    detail: "one fan",
    absences: [
      { what: "hw.fan.speed", attributes: [...attributes], reason: "read-failed", detail },
    ],
  });
  const runs = createCollectorRuns(
    [collector("thermal", { collect })],
    createCountingSink(createSampleTable()),
    clock,
  );
  await runs.discover(monotonicMs(0));
  const step = (atMs: number) => {
    runs.step(monotonicMs(atMs));
    return runs.facts()[0]?.problem;
  };
  const first = step(0);
  expect(step(1_000)).toBe(first);
  detail = "there, and silent";
  expect(step(2_000)?.absences[0]?.detail).toBe("there, and silent");
  attributes[0] = { key: "hw.id", value: "fan2" };
  expect(step(3_000)?.absences[0]?.attributes).toEqual([{ key: "hw.id", value: "fan2" }]);
});
