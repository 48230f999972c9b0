import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReplayedFixture, replayFixture } from "#agent/inspect/replay-fixture.ts";
import type { Identity } from "#proto/messages/state.ts";
import { buildGuestSystem, type GuestName, recordGuest } from "./guests/record-guest.ts";
import { risingWatts } from "./guests/rising-load.ts";

/**
 * Servers boot, record themselves and are replayed here: the recorder, the collectors and the kept
 * fixtures of the same servers must agree. Readings differ from run to run, facts do not.
 */
const guests = [
  { guest: "numa-storage", kept: "wwslab-2n-nvme-sata", writes: "nvme0n1", frames: 8 },
  // The BMC's sensors are swept once a minute, and what a sweep answers after its frame is over is
  // heard by the next one in the replay: three sweeps are two readings that differ.
  { guest: "power", kept: "wwslab-1s-bmc", writes: "nvme0n1", frames: 130 },
] as const satisfies readonly {
  guest: GuestName;
  kept: string;
  writes: string;
  frames: number;
}[];

const keptFolder = join(import.meta.dirname, "../../hardware-fixtures/hosts");
let folder = "";
const recorded = new Map<GuestName, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wws-guest-recording-"));
  const system = buildGuestSystem(folder);
  // Side by side: each waits for emulated disks and clocks for much of its time.
  const runs = await Promise.allSettled(
    guests.map(async ({ guest, frames }) =>
      recorded.set(guest, await recordGuest(guest, folder, system, frames)),
    ),
  );
  // Only once both are over: what one guest started must not outlive the other's failure.
  for (const run of runs) if (run.status === "rejected") throw run.reason;
}, 500_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const folderOf = (guest: GuestName): string => {
  const found = recorded.get(guest);
  if (found === undefined) throw new Error(`${guest} was not recorded`);
  return found;
};

describe.each(guests)("$guest, recorded anew", ({ guest, kept, writes }) => {
  test("is the server that the kept fixture is of", async () => {
    const fresh = await replayFixture(folderOf(guest));
    const known = await replayFixture(join(keptFolder, kept));
    expect(fresh.failures).toEqual([]);
    expect(steadyFacts(fresh)).toEqual(steadyFacts(known));
    const memory = fresh.identity.memoryBytes ?? 0;
    const knownMemory = known.identity.memoryBytes ?? 0;
    // A kernel of another build keeps a little more or less for itself.
    expect(Math.abs(memory / knownMemory - 1)).toBeLessThan(0.05);
  });

  test("its counters move from frame to frame", async () => {
    const { frames } = await replayFixture(folderOf(guest));
    const written = frames.map(({ series }) =>
      readingOf(series, "system.disk.io", {
        "system.device": writes,
        "disk.io.direction": "write",
      }),
    );
    expect(frames.length).toBeGreaterThanOrEqual(6);
    expect(written.at(-1) ?? 0).toBeGreaterThan((written[0] ?? 0) + 2 ** 20);
    const sent = frames.map(({ series }) =>
      readingOf(series, "system.network.packets", {
        "network.interface.name": "eth0",
        "network.io.direction": "transmit",
      }),
    );
    expect(sent.at(-1) ?? 0).toBeGreaterThan(sent[0] ?? 0);
  });

  test("nothing of what was given to it as private reached the recording", () => {
    const entries = readdirSync(folderOf(guest), { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const text = readFileSync(join(file.parentPath, file.name)).toString("latin1");
      expect(text, `${file.parentPath}/${file.name}`).not.toMatch(privateWords);
    }
  });
});

test("power that the BMC reads while it records is in the replay, reading by reading", async () => {
  const { frames } = await replayFixture(folderOf("power"));
  const readings = frames.map(({ series }) => readingOf(series, "hw.host.power", {}));
  const seen = [...new Set(readings)];
  // Sweeps are a minute apart; the load moves between them.
  expect(seen.length).toBeGreaterThanOrEqual(2);
  for (const watts of seen) {
    expect((watts ?? 0) % risingWatts.step).toBe(0);
    expect(watts).toBeGreaterThanOrEqual(risingWatts.min);
    expect(watts).toBeLessThanOrEqual(risingWatts.max);
  }
});

/** Given to the guests in guests/guest-hardware.ts and guests/ipmi-simulator.ts. */
const privateWords =
  /WWS(?:SYS|BRD|CHS|DIMM|NVME|SATA|-ASSET)|SN-lab1|BRD-lab1|aa:0[12]:01|4c4c4544-0034|a1b2000[12]|575753/i;

/** What is the same at each boot; disks are numbered as they are found. */
function steadyFacts({ identity, powerSource, absences, series }: ReplayedFixture) {
  const {
    hostname,
    serial,
    systemUuid,
    assetTag,
    boardSerial,
    memoryBytes,
    components,
    kernel,
    ...same
  }: Identity = identity;
  return {
    ...same,
    replaced: [hostname, serial, systemUuid, assetTag, boardSerial].map((text) => typeof text),
    powerSource,
    components: components
      .map(({ kind, vendor, model, sizeBytes, speedBitsPerSecond, rotational, ...one }) =>
        JSON.stringify([
          kind,
          kind === "disk" ? null : one.slot,
          vendor,
          model,
          sizeBytes,
          speedBitsPerSecond,
          rotational,
          one.interface,
        ]),
      )
      .sort(),
    absences: absences.map(({ what, reason }) => `${what} ${reason}`).sort(),
    series: series
      .map(({ metric, attributes }) => `${metric} ${JSON.stringify(withoutSerial(attributes))}`)
      .sort(),
  };
}

/** A drive is named by its serial, which is replaced anew in each recording. */
function withoutSerial(attributes: Readonly<Record<string, string>>): object {
  if (attributes["hw.type"] !== "physical_disk") return attributes;
  return { ...attributes, "hw.id": "", "hw.name": "" };
}

function readingOf(
  series: ReplayedFixture["series"],
  metric: string,
  attributes: Readonly<Record<string, string>>,
): number | null {
  const found = series.find(
    (one) =>
      one.metric === metric &&
      Object.entries(attributes).every(([key, value]) => one.attributes[key] === value),
  );
  return found === undefined ? null : (found.reading ?? found.value);
}
