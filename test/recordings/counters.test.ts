import { expect, test } from "vitest";
import { createCpuCollector } from "#agent/collectors/cpu.ts";
import { microjoulesBetween } from "#agent/collectors/rapl.ts";
import { findRaplZones } from "#agent/collectors/rapl-zones.ts";
import { inspectHost } from "#agent/inspect/inspect-host.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { listFolders, readRecording, recordingPath } from "./recordings-folder.ts";
import { openTreeSource } from "./tree-source.ts";

test("the pair of /proc/stat texts gives the shares that their difference says", async () => {
  const [before, after] = ["t0", "t1"].map((name) =>
    readRecording(`proc-sys/stat-pair_16cpu/${name}/proc/stat`),
  );
  const source = createMemorySource({ "/proc/stat": before ?? "" });
  const sink = createValueSink();
  const collector = createCpuCollector(source, sink);
  await collector.discover();
  await collector.collect(monotonicMs(0));
  source.put("/proc/stat", after ?? "");
  await collector.collect(monotonicMs(1000));
  const columns = (text = ""): readonly number[] =>
    (/^cpu +(.*)$/m.exec(text)?.[1] ?? "").split(" ").map(Number);
  // The first eight columns; guest is inside of user.
  const deltas = columns(after)
    .slice(0, 8)
    .map((value, index) => value - (columns(before)[index] ?? 0));
  const total = deltas.reduce((sum, delta) => sum + delta, 0);
  expect(total).toBeGreaterThan(0);
  expect(sink.value("system.cpu.utilization")).toBe(
    Math.round(((total - (deltas[3] ?? 0) - (deltas[4] ?? 0)) / total) * 10_000),
  );
  expect(sink.names().filter((name) => /\{\d+\}$/.test(name))).toHaveLength(16);
});

const raplTrees: Readonly<
  Record<string, { readonly zones: readonly string[]; readonly source: string }>
> = {
  "rapl-2-package_reversed-order": { zones: ["package-0", "package-1"], source: "rapl-package" },
  "rapl-laptop_psys-dram-uncore": {
    zones: ["package-0", "package-0/dram"],
    source: "rapl-package-dram",
  },
  "rapl-node_exporter": { zones: ["package-0"], source: "rapl-package" },
};

test("every tree of power is in the table", () => {
  expect(listFolders("power")).toEqual(Object.keys(raplTrees).sort());
});

test.each(Object.entries(raplTrees))(
  "%s: packages and memory, each once",
  async (name, { zones, source }) => {
    const clock = createVirtualClock();
    const inspecting = inspectHost(openTreeSource(recordingPath(`power/${name}`)), clock);
    await clock.runUntilIdle();
    const { series, powerSource, failures } = await inspecting;
    expect(failures).toEqual([]);
    expect(powerSource).toBe(source);
    expect(
      series
        .filter(({ metric, attributes }) => {
          // psys has the packages in it: a source of its own.
          return metric === "hw.energy" && attributes["wws.power.source"] === "rapl";
        })
        .map(({ attributes }) => attributes["hw.id"]),
    ).toEqual(zones);
  },
);

test("the reversed tree: package-0 is what intel-rapl:1 counts", () => {
  const zones = findRaplZones(openTreeSource(recordingPath("power/rapl-2-package_reversed-order")));
  expect(zones.map(({ id, energyPath }) => [id, energyPath.includes("intel-rapl:1")])).toEqual([
    ["package-0", true],
    ["package-1", false],
  ]);
  // Its kernel does not say where the counter begins anew: a step back is not known, never huge.
  expect(zones.every(({ rangeMicrojoules }) => rangeMicrojoules === null)).toBe(true);
  expect(microjoulesBetween(13_719_626_935, 5, null, 1000)).toBeNull();
});
