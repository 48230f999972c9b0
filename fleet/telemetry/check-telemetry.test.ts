import { beforeEach, expect, test } from "vitest";
import {
  createMemoryBlockFolder,
  type MemoryBlockFolder,
} from "#test/support/memory-block-folder.ts";
import { dictionaryOf, reportsStartMs, seriesOf } from "#test/support/report-builders.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { compact, entryOf, openWorld, type TelemetryWorld } from "#test/support/telemetry-world.ts";
import { blockName } from "./blocks.ts";
import { checkTelemetry } from "./check-telemetry.ts";
import { segmentName } from "./segments.ts";

const dictionary = dictionaryOf(
  seriesOf("system.cpu.utilization", {}, { exponent: -2 }),
  seriesOf("system.disk.io", { "system.device": "sda" }, { quantum: 512 }),
);
const config = { segmentReportsMax: 20 };
let folder: MemoryBlockFolder;
let world: TelemetryWorld;

/** Two hosts; blocks 1 and 2, and segment 3 with the newest ten reports. */
beforeEach(async () => {
  folder = createMemoryBlockFolder();
  world = await openWorld(folder, { dictionaries: [dictionary], config });
  for (let seq = 1; seq <= 25; seq += 1)
    for (const host of [1, 2]) await world.telemetry.append(second(seq, host));
  await compact(world);
});

const second = (seq: number, host: number) =>
  entryOf({
    host,
    seq,
    dictionary,
    points: [[seq], [seq]],
    startMs: reportsStartMs + (seq - 1) * 1_000,
  });

const unsound = async (): Promise<readonly string[]> =>
  (await checkTelemetry(folder)).flatMap(({ isSound, detail }) => (isSound ? [] : [detail]));

test("a sound store says how much was read, while it goes on working", async () => {
  const checking = checkTelemetry(folder);
  await world.telemetry.append(second(26, 1));
  expect(await checking).toEqual([
    {
      what: "telemetry: log",
      isSound: true,
      detail: expect.stringMatching(/^1 file, \d+ bytes$/),
    },
    {
      what: "telemetry: blocks",
      isSound: true,
      detail: expect.stringMatching(/^2 files, \d+ bytes$/),
    },
  ]);
});

test("a byte that a bad disk changed is found, wherever it lies in a block", async () => {
  const random = createSeededRandom(5);
  for (const name of [blockName(1, 0), blockName(2, 0)]) {
    const missed: number[] = [];
    for (let offset = 0; offset < folder.size(name); offset += 1) {
      const mask = 1 << random.below(8);
      folder.damage(name, offset, mask);
      if ((await unsound()).length === 0) missed.push(offset);
      folder.damage(name, offset, mask);
    }
    expect(missed, `seed ${random.seed}, ${name}`).toEqual([]);
  }
  expect(await unsound()).toEqual([]);
});

test("a byte that a bad disk changed is found, wherever it lies in front of the log's end", async () => {
  const name = segmentName(3);
  const lastRecord = folder.size(name) - 200;
  expect(lastRecord).toBeGreaterThan(200);
  const missed: number[] = [];
  for (let offset = 0; offset < lastRecord; offset += 1) {
    folder.damage(name, offset, 1);
    if ((await unsound()).length === 0) missed.push(offset);
    folder.damage(name, offset, 1);
  }
  expect(missed).toEqual([]);
});

test("the newest file of the log may end in half a record, an older one may not", async () => {
  const log = folder.openLog(segmentName(3));
  await log.append(Uint8Array.of(1, 2, 3));
  expect(await unsound()).toEqual([]);
  await folder.openLog(segmentName(4)).append(new Uint8Array(0));
  expect(await unsound()).toEqual([`${segmentName(3)}: its last 3 bytes are no record`]);
});

test("a file that the disk does not give back is named, and the others are read", async () => {
  folder.failNext("read", new Error("EIO: i/o error"));
  const found = await unsound();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/EIO/);
});

test("a file that is removed while it is looked for is no problem", async () => {
  const gone = blockName(1, 0);
  const vanishing = {
    ...folder,
    read: async (name: string, offset: number, length: number) => {
      if (name === gone && folder.list().includes(gone)) {
        folder.remove(gone);
        throw new Error("ENOENT");
      }
      return folder.read(name, offset, length);
    },
  };
  const findings = await checkTelemetry(vanishing);
  expect(findings.map(({ isSound }) => isSound)).toEqual([true, true]);
});
