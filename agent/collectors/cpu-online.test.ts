import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createProcessorCollector } from "./cpu-online.ts";
import { Spread } from "./frequency-spread.ts";

const cpu = "/sys/devices/system/cpu";

/** Two cores of two threads each, in one package. */
function fourThreads(): Record<string, string> {
  const files: Record<string, string> = {
    [`${cpu}/online`]: "0-3\n",
    [`${cpu}/present`]: "0-3\n",
    [`${cpu}/possible`]: "0-127\n",
  };
  for (const number of [0, 1, 2, 3]) {
    const folder = `${cpu}/cpu${number}`;
    files[`${folder}/topology/thread_siblings_list`] = number % 2 === 0 ? "0,2\n" : "1,3\n";
    files[`${folder}/topology/physical_package_id`] = "0\n";
    files[`${folder}/cpufreq/scaling_cur_freq`] = `${2_000_000 + number}\n`;
    files[`${folder}/thermal_throttle/core_throttle_count`] = `${number}\n`;
    files[`${folder}/thermal_throttle/package_throttle_count`] = "30\n";
  }
  return files;
}

function start(files: Readonly<Record<string, string>>) {
  const source = createMemorySource(files);
  const sink = createValueSink();
  const collector = createProcessorCollector(source, sink);
  const found = collector.discover();
  if (!("absences" in found)) throw new Error("it looks at once");
  const turn = () => {
    sink.beginStep();
    const problems: ReturnType<typeof collector.collect>[] = [];
    for (let at = 0; at < 60_000; at += collector.cadenceMs)
      problems.push(collector.collect(monotonicMs(at)));
    return problems;
  };
  return { source, sink, collector, absences: found.absences, turn };
}

test("in a turn of a minute each clock is read once, each core and package counted once", () => {
  const { sink, turn, absences } = start(fourThreads());
  expect(absences).toEqual([]);
  expect(turn().every((problem) => problem === null)).toBe(true);
  expect(sink.values()).toEqual({
    "wws.cpu.count{online}": 4,
    "wws.cpu.count{offline}": 0,
    "system.cpu.frequency{0}": 2_000_000,
    "system.cpu.frequency{1}": 2_000_001,
    "system.cpu.frequency{2}": 2_000_002,
    "system.cpu.frequency{3}": 2_000_003,
    "wws.cpu.throttle_events{package-0,package}": 30,
    "wws.cpu.throttle_events{cpu0,core}": 0,
    "wws.cpu.throttle_events{cpu1,core}": 1,
  });
});

test("a step reads a share of the files", () => {
  const { sink, collector } = start(fourThreads());
  void collector.collect(monotonicMs(0));
  expect(Object.keys(sink.values())).toHaveLength(3);
});

test("a clock below what silicon does is implausible, and only that one is missing", () => {
  const { sink, turn } = start({
    ...fourThreads(),
    [`${cpu}/cpu2/cpufreq/scaling_cur_freq`]: "8000\n",
  });
  const problems = turn();
  expect(problems.at(-1)).toMatchObject({
    absences: [{ what: "system.cpu.frequency", reason: "implausible" }],
  });
  expect(sink.value("system.cpu.frequency{2}")).toBeUndefined();
  expect(sink.value("system.cpu.frequency{3}")).toBe(2_000_003);
});

test("CPUs that share a policy share one reading", () => {
  const files = fourThreads();
  for (const number of [0, 1, 2, 3]) delete files[`${cpu}/cpu${number}/cpufreq/scaling_cur_freq`];
  const { source, sink, collector } = start(files);
  for (const number of [0, 1, 2, 3]) {
    source.putLink(`${cpu}/cpu${number}/cpufreq`, "../cpufreq/policy0");
    source.put(`${cpu}/cpu${number}/cpufreq/scaling_cur_freq`, `${1_000_000 * (number + 1)}\n`);
  }
  source.put(`${cpu}/online`, "0-3 \n");
  void collector.discover();
  for (let at = 0; at < 60_000; at += collector.cadenceMs) void collector.collect(monotonicMs(at));
  expect(sink.value("system.cpu.frequency{3}")).toBe(1_000_000);
});

test("what a machine does not have is told, never zero", () => {
  const { sink, turn, absences } = start({ [`${cpu}/online`]: "0-1\n" });
  void turn();
  expect(sink.values()).toEqual({ "wws.cpu.count{online}": 2 });
  expect(absences.map(({ what, reason }) => [what, reason])).toEqual([
    ["system.cpu.frequency", "no-kernel-interface"],
    ["wws.cpu.throttle_events", "no-kernel-interface"],
    ["wws.cpu.count", "no-kernel-interface"],
  ]);
});

test("a CPU that is switched off is counted so", () => {
  const { sink, turn } = start({ ...fourThreads(), [`${cpu}/online`]: "0-2\n" });
  void turn();
  expect(sink.value("wws.cpu.count{offline}")).toBe(1);
  expect(sink.names()).not.toContain("system.cpu.frequency{3}");
});

test("a spread hands out everything once in its rounds", () => {
  const spread = new Spread([1, 2, 3, 4, 5], 3);
  expect([spread.next(), spread.next(), spread.next()]).toEqual([[1, 4], [2, 5], [3]]);
  expect(spread.next()).toEqual([1, 4]);
});
