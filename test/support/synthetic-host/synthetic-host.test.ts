import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type ReplayedFixture, replayFixture } from "#agent/inspect/replay-fixture.ts";
import { recordSynthetic } from "./record-synthetic.ts";
import { threadCount } from "./server-shape.ts";
import { createSyntheticServer } from "./synthetic-server.ts";
import { syntheticServers } from "./synthetic-servers.ts";

const keptFolder = join(import.meta.dirname, "../../../hardware-fixtures/hosts");
const work = mkdtempSync(join(tmpdir(), "wws-synthetic-"));

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.each(syntheticServers.map((shape) => ({ name: shape.name, shape })))(
  "$name",
  ({ name, shape }) => {
    test("made again it is what is kept, byte for byte", async () => {
      const made = await recordSynthetic(shape, work);
      const kept = filesBelow(join(keptFolder, name));
      for (const path of [...kept.keys()]) if (path.startsWith("expected/")) kept.delete(path);
      const fresh = filesBelow(made);
      const hint =
        "the collectors ask for something else now: node test/support/synthetic-host/generate.ts";
      expect([...fresh.keys()].sort(), hint).toEqual([...kept.keys()].sort());
      const differing = [...fresh].filter(([path, bytes]) => !kept.get(path)?.equals(bytes));
      expect(
        differing.map(([path]) => path),
        hint,
      ).toEqual([]);
    });

    test("every CPU has a hundred ticks a second to give out, and no counter goes back", () => {
      const server = createSyntheticServer(shape);
      let before: ReadonlyMap<string, readonly number[]> | null = null;
      for (let frame = 0; frame < shape.frames; frame += 1) {
        server.moveTo(frame);
        const now = counters(server.source.readText("/proc/stat"));
        if (before !== null)
          for (const [cpu, ticks] of now) {
            const steps = ticks.map((value, mode) => value - (before?.get(cpu)?.[mode] ?? 0));
            expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
            expect(sum(steps)).toBe(cpu === "cpu" ? 100 * threadCount(shape) : 100);
          }
        before = now;
      }
    });

    test("power and temperature follow the load", async () => {
      const replayed = await replayFixture(join(keptFolder, name));
      const load = valuesOf(replayed, "system.cpu.utilization");
      const power = valuesOf(replayed, "hw.host.power");
      const heat = valuesOf(replayed, "hw.temperature");
      expect(
        Math.max(...load.filter(isNumber)) - Math.min(...load.filter(isNumber)),
      ).toBeGreaterThan(0.15);
      // A BMC is asked every ten seconds: its figure stands still in between.
      expect(correlation(load, power)).toBeGreaterThan(shape.sensors.bmc ? 0.3 : 0.95);
      expect(correlation(later(load, 5), heat)).toBeGreaterThan(0.5);
    });

    test("disks and ports differ from each other, and all that are in use move", async () => {
      const replayed = await replayFixture(join(keptFolder, name));
      const rates = replayed.series
        .filter(({ metric }) => metric === "system.disk.io" || metric === "system.network.io")
        .filter(({ attributes }) => attributes["network.interface.name"] !== "eno2");
      const numbers = rates.map(({ value }) => value ?? 0);
      expect(Math.min(...numbers)).toBeGreaterThan(0);
      // Slow disks do few operations a second: two of two dozen may do as many.
      expect(new Set(numbers).size).toBeGreaterThan(numbers.length * 0.8);
    });
  },
);

function filesBelow(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}

function counters(
  read: ReturnType<ReturnType<typeof createSyntheticServer>["source"]["readText"]>,
): ReadonlyMap<string, readonly number[]> {
  if (!read.ok) throw new Error("there is no /proc/stat");
  const lines = read.value.split("\n").filter((line) => line.startsWith("cpu"));
  return new Map(
    lines.map((line) => {
      const [cpu = "", ...numbers] = line.split(/\s+/);
      return [cpu, numbers.slice(0, 8).map(Number)];
    }),
  );
}

/** The first series of the metric, frame by frame; the host's own where there is one. */
function valuesOf({ frames }: ReplayedFixture, metric: string): readonly (number | null)[] {
  return frames.map(({ series }) => series.find((one) => one.metric === metric)?.value ?? null);
}

function later(values: readonly (number | null)[], frames: number): readonly (number | null)[] {
  return [...values.slice(-frames), ...values.slice(0, -frames)];
}

/** Pearson's, over the frames in which both are seen. */
function correlation(a: readonly (number | null)[], b: readonly (number | null)[]): number {
  const pairs = a.flatMap((one, frame) => {
    const other = b[frame] ?? null;
    return one === null || other === null ? [] : [[one, other] as const];
  });
  const mean = (place: 0 | 1): number => sum(pairs.map((pair) => pair[place])) / pairs.length;
  const [meanA, meanB] = [mean(0), mean(1)];
  const products = pairs.map(([one, other]) => (one - meanA) * (other - meanB));
  const squares = (place: 0 | 1, middle: number): number =>
    sum(pairs.map((pair) => (pair[place] - middle) ** 2));
  return sum(products) / Math.sqrt(squares(0, meanA) * squares(1, meanB));
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}

function isNumber(value: number | null): value is number {
  return value !== null;
}
