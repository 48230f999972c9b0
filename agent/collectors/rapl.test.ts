import { expect, test } from "vitest";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { microjoulesBetween, RaplMeter } from "./rapl.ts";
import { findRaplZones } from "./rapl-zones.ts";

const range = 262_143_328_850;

function zone(
  folder: string,
  name: string,
  energy: number | string,
): Readonly<Record<string, string>> {
  const base = `/sys/class/powercap/${folder}`;
  return {
    [`${base}/name`]: `${name}\n`,
    [`${base}/energy_uj`]: `${energy}\n`,
    [`${base}/max_energy_range_uj`]: `${range}\n`,
  };
}

test("a zone is known by its name: intel-rapl:0 can be package-1", () => {
  const source = createMemorySource({
    ...zone("intel-rapl/intel-rapl:0", "package-1", 1),
    ...zone("intel-rapl/intel-rapl:0/intel-rapl:0:0", "core", 1),
    ...zone("intel-rapl/intel-rapl:1", "package-0", 1),
    ...zone("intel-rapl/intel-rapl:1/intel-rapl:1:0", "dram", 1),
  });
  expect(findRaplZones(source).map(({ id, energyPath }) => [id, energyPath])).toEqual([
    ["package-0", "/sys/class/powercap/intel-rapl/intel-rapl:1/energy_uj"],
    ["package-0/dram", "/sys/class/powercap/intel-rapl/intel-rapl:1/intel-rapl:1:0/energy_uj"],
    ["package-1", "/sys/class/powercap/intel-rapl/intel-rapl:0/energy_uj"],
  ]);
});

test("core, uncore and psys are not added to the packages, nor the copies under mmio", () => {
  const source = createMemorySource({
    ...zone("intel-rapl:0", "package-0", 1),
    ...zone("intel-rapl:0:0", "core", 1),
    ...zone("intel-rapl:0:1", "uncore", 1),
    ...zone("intel-rapl:0:2", "dram", 1),
    ...zone("intel-rapl:1", "psys", 1),
    ...zone("intel-rapl-mmio:0", "package-0", 1),
  });
  expect(findRaplZones(source).map(({ id, energyPath }) => `${id} ${energyPath}`)).toEqual([
    "package-0 /sys/class/powercap/intel-rapl:0/energy_uj",
    "package-0/dram /sys/class/powercap/intel-rapl:0:2/energy_uj",
  ]);
});

test("where only mmio has the zones, they are taken", () => {
  const source = createMemorySource(zone("intel-rapl-mmio:0", "package-0", 1));
  expect(findRaplZones(source)).toHaveLength(1);
});

test("names padded with NULs to a page are names all the same", () => {
  const source = createMemorySource(zone("intel-rapl:0", `package-0\n${"\0".repeat(4000)}`, 1));
  expect(findRaplZones(source)).toMatchObject([{ id: "package-0", rangeMicrojoules: range }]);
});

test("power is energy over the time of the readings, and energy goes on over a wrap", () => {
  const source = createMemorySource(zone("intel-rapl:0", "package-0", range - 50_000_000));
  const sink = createValueSink();
  const meter = new RaplMeter(source, sink);
  expect(meter.discover()).toEqual([]);
  meter.collect(1000);
  expect(sink.values()).toEqual({});
  source.put("/sys/class/powercap/intel-rapl:0/energy_uj", "49999999\n");
  expect(meter.collect(2000)).toEqual([]);
  expect(sink.values()).toEqual({
    "hw.energy{package-0,cpu,rapl}": 100_000,
    "hw.power{package-0,cpu,rapl}": 1000,
  });
  expect(meter.total()).toBe(100_000);
});

test("energy that only root may read is absent, with the step that mends it", () => {
  const source = createMemorySource(zone("intel-rapl:0", "package-0", 1));
  source.putProblem("/sys/class/powercap/intel-rapl:0/energy_uj", "denied", "EACCES");
  const meter = new RaplMeter(source, createValueSink());
  expect(meter.discover()).toMatchObject([
    {
      what: "hw.energy",
      reason: "permission-denied",
      detail:
        "/sys/class/powercap/intel-rapl:0/energy_uj (EACCES): systemctl start wws-looker.socket, or run the agent as root",
    },
  ]);
  expect(meter.zones).toEqual([]);
});

test("an empty energy file is unreadable, not zero", () => {
  const source = createMemorySource(zone("intel-rapl:0", "package-0", ""));
  expect(new RaplMeter(source, createValueSink()).discover()).toMatchObject([
    { reason: "unreadable-text" },
  ]);
});

test.each([
  ["the first reading", Number.NaN, 5, range, 1000, null],
  ["a plain step", 100, 400, range, 1000, 300],
  ["a wrap", range - 99, 100, range, 1000, 200],
  ["a wrap where the range is not known", 500, 100, null, 1000, null],
  ["a pause in which it may have wrapped more than once", 100, 400, range, 120_000, null],
  ["more than a package can draw", 0, 5_000_000_000, range, 1000, null],
  ["no time passed", 100, 400, range, 0, null],
])("%s", (_, before, now, limit, elapsedMs, used) => {
  expect(microjoulesBetween(before, now, limit, elapsedMs)).toBe(used);
});

test("psys is a series of its own source, and no part of the sum", () => {
  const energies = (microjoules: number) => ({
    ...zone("intel-rapl:0", "package-0", microjoules),
    ...zone("intel-rapl:0:0", "core", microjoules),
    ...zone("intel-rapl:0:1", "dram", microjoules),
    ...zone("intel-rapl:1", "psys", 3 * microjoules),
  });
  const source = createMemorySource(energies(0));
  const sink = createValueSink();
  const meter = new RaplMeter(source, sink);
  expect(meter.discover()).toEqual([]);
  meter.collect(0);
  for (const [path, text] of Object.entries(energies(50_000_000))) source.put(path, text);
  meter.collect(1000);
  expect(meter.total()).toBe(100_000);
  expect(sink.values()).toEqual({
    "hw.energy{package-0,cpu,rapl}": 50_000,
    "hw.power{package-0,cpu,rapl}": 500,
    "hw.energy{package-0/dram,memory,rapl}": 50_000,
    "hw.power{package-0/dram,memory,rapl}": 500,
    "hw.energy{psys,enclosure,rapl-psys}": 150_000,
    "hw.power{psys,enclosure,rapl-psys}": 1500,
  });
});

test("a range of nothing, or a text, is no range: a wrap then gives no power", () => {
  const source = createMemorySource({
    ...zone("intel-rapl:0", "package-0", 1),
    "/sys/class/powercap/intel-rapl:0/max_energy_range_uj": "0\n",
  });
  expect(findRaplZones(source)[0]?.rangeMicrojoules).toBeNull();
  expect(microjoulesBetween(900, 100, null, 1000)).toBeNull();
});
