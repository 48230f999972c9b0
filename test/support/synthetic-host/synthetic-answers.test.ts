import { describe, expect, test } from "vitest";
import { createBootCollector } from "#agent/collectors/boot.ts";
import type { Collector, Discovery } from "#agent/collectors/collector.ts";
import { createProcessorCollector } from "#agent/collectors/cpu-online.ts";
import { createLinksCollector } from "#agent/collectors/links.ts";
import { createErrorsCollector } from "#agent/collectors/machine-check-collector.ts";
import { createNumaCollector } from "#agent/collectors/numa.ts";
import { createPartsCollector } from "#agent/collectors/parts.ts";
import { createPressureCollector } from "#agent/collectors/pressure.ts";
import { createSmartCollector } from "#agent/collectors/smart.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createSyntheticServer } from "./synthetic-server.ts";
import { syntheticServers } from "./synthetic-servers.ts";

/** What the collectors of health, errors and parts see on the servers that never were. */
describe.each(syntheticServers)("$name", (shape) => {
  async function look(create: (parts: ReturnType<typeof partsOf>) => Collector) {
    const parts = partsOf();
    const collector = create(parts);
    parts.server.moveTo(0);
    const discovery: Discovery = await collector.discover();
    for (let second = 0; second < 660; second += 5) {
      await collector.collect(monotonicMs(second * 1_000));
      await parts.clock.advance(5_000);
    }
    // What the smart subject answers is a live view: it grows as drives answer.
    return { parts, discovery, sink: parts.sink };
  }

  function partsOf() {
    const server = createSyntheticServer(shape);
    const clock = createVirtualClock();
    return { server, source: server.source, clock, sink: createValueSink() };
  }

  test("every disk tells its health, under its own serial", async () => {
    const { discovery, sink } = await look(({ source, sink, clock }) =>
      createSmartCollector({ source, sink, clock, random: createSeededRandom(1) }),
    );
    const disks = discovery.identity?.components?.filter(({ kind }) => kind === "disk") ?? [];
    expect(new Set(disks.map(({ serial }) => serial)).size).toBe(shape.disks.length);
    const passed = sink.names().filter((name) => name.startsWith("wws.disk.smart.passed"));
    expect(passed).toHaveLength(shape.disks.length);
    expect(passed.every((name) => sink.value(name) === 1)).toBe(true);
    expect(sink.names().filter((name) => name.startsWith("hw.temperature"))).not.toEqual([]);
  });

  test("memory errors, pressure, nodes and clocks are there", async () => {
    const errors = await look(({ source, sink }) => createErrorsCollector(source, sink));
    const corrected = Object.entries(errors.sink.values()).filter(([, value]) => value === 12);
    expect(corrected).toHaveLength(1);
    const pressure = await look(({ source, sink }) => createPressureCollector(source, sink));
    expect(pressure.sink.names().length).toBeGreaterThanOrEqual(5);
    const numa = await look(({ source, sink }) => createNumaCollector(source, sink));
    expect(Object.keys(numa.sink.values()).length).toBeGreaterThanOrEqual(
      shape.processor.sockets * 2,
    );
    const processor = await look(({ source, sink }) => createProcessorCollector(source, sink));
    expect(processor.sink.names().some((name) => name.startsWith("wws.cpu.count"))).toBe(true);
    expect(processor.sink.names().some((name) => name.startsWith("system.cpu.frequency"))).toBe(
      true,
    );
  });

  test("parts, neighbours and the last start are known", async () => {
    const parts = await look(({ source, sink }) => createPartsCollector(source, sink));
    const kinds = parts.discovery.identity?.components?.map(({ kind }) => kind) ?? [];
    expect(kinds.filter((kind) => kind === "dimm")).toHaveLength(shape.dimms.count);
    expect(kinds.filter((kind) => kind === "psu")).toHaveLength(shape.sensors.supplies);
    const links = await look(({ source, sink, clock }) =>
      createLinksCollector(source, sink, clock),
    );
    const nics = links.discovery.identity?.components?.filter(({ kind }) => kind === "nic") ?? [];
    expect(nics.filter(({ neighbor }) => neighbor?.includes("leaf-"))).toHaveLength(
      shape.nics.filter(({ megabits }) => megabits !== null).length,
    );
    const boot = await look(({ source }) =>
      createBootCollector({ source, bootBefore: null, readSelEntries: async () => ok([]) }),
    );
    expect(boot.discovery.boot).toMatchObject({
      shutdown: "reboot",
      watchdogStatus: 0,
      pstore: [],
    });
  });
});
