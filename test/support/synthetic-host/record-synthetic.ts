import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { type RecordedFrame, recordSource } from "#agent/hardware/recording.ts";
import { type FixtureDescription, writeFixture } from "#agent/hardware/write-fixture.ts";
import { createInspectionSink } from "#agent/inspect/inspection-sink.ts";
import { startLooking } from "#agent/inspect/inspect-host.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createSyntheticServer } from "./synthetic-server.ts";
import { type ServerShape, threadCount } from "./server-shape.ts";

/**
 * Records a made-up server with our own recorder into a new folder below `into`: what the collectors
 * ask today, and nothing else. The same shape gives the same bytes.
 */
export async function recordSynthetic(shape: ServerShape, into: string): Promise<string> {
  const server = createSyntheticServer(shape);
  let elapsedMs = 0;
  const clock = clockAt(() => elapsedMs);
  const recording = recordSource(server.source, clock);
  const looking = startLooking(recording, createInspectionSink(), clock);
  const recorded: RecordedFrame[] = [];
  try {
    server.moveTo(0);
    await looking.discover();
    // Some disk or counter is asked only once in ten minutes: a replay may come to each of them.
    for (; elapsedMs < warmMs; elapsedMs += 1_000) await looking.collect(elapsedMs);
    for (let frame = 0; frame < shape.frames; frame += 1) {
      elapsedMs = warmMs + frame * 1_000;
      if (frame > 0) server.moveTo(frame);
      recording.markBegin();
      await looking.collect(elapsedMs);
      recorded.push(inOrder(recording.takeFrame()));
    }
    const { failures } = looking.found();
    if (failures.length > 0) throw new Error(`${shape.name}: ${JSON.stringify(failures)}`);
  } finally {
    looking.close();
  }
  const folder = join(into, shape.name);
  writeFixture(folder, describe(shape), recorded, createSeededRandom(shape.seed).fork("scrub"));
  noteReview(join(folder, "fixture.json"));
  return folder;
}

/** By what was asked, not by when: a collector that asks in another order changes no byte. */
function inOrder(frame: RecordedFrame): RecordedFrame {
  const answers = [...frame.answers].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...frame, answers: new Map(answers) };
}

function clockAt(elapsedMs: () => number): Clock {
  return {
    nowUnixMs: () => unixMs(beganUnixMs + elapsedMs()),
    nowMonotonicMs: () => monotonicMs(elapsedMs()),
    // A limit on waiting is never reached while a made-up server is recorded.
    after: () => () => {},
  };
}

function describe(shape: ServerShape): FixtureDescription {
  const { processor } = shape;
  const facts = {
    name: shape.name,
    machine: {
      vendor: "Example Systems",
      model: shape.product,
      class: shape.machineClass,
      biosVersion: "2.14.1",
      bmc: shape.sensors.bmc ? { kind: "made up, IPMI with DCMI", version: "1.0" } : null,
    },
    cpu: {
      model: processor.model,
      sockets: processor.sockets,
      cores: processor.sockets * processor.coresPerSocket,
      threads: threadCount(shape),
      numaNodes: processor.sockets,
    },
    os: {
      kernel: "6.1.0-28-amd64",
      distribution: "Debian GNU/Linux 12 (bookworm)",
      arch: "x86_64",
    },
    tools: shape.sensors.bmc ? { ipmitool: "1.8.19" } : {},
    recorder: {
      version: "generator 1",
      uid: 0,
      capabilities: [],
      recordedAt: "2026-11-02T08:00:00.000Z",
    },
    state: { power: "on", load: "one seeded walk for all parts", known_faults: faultsOf(shape) },
    synthetic: {
      is: true,
      what: `all of it: made by test/support/synthetic-host from the shape of ${shape.name}, seed ${shape.seed}. It lacks: ${shape.lacks}`,
    },
    provenance: {
      recordedBy: "test/support/synthetic-host/generate.ts",
      source: "no machine",
      licence: "project",
    },
  };
  const unknown = shape.sensors.bmc
    ? {}
    : { "machine.bmc": "it has one, but no driver for it: nothing is known" };
  return { ...facts, unknown };
}

function faultsOf({ sensors }: ServerShape): readonly string[] {
  return sensors.fans.faulty === null ? [] : [`fan ${sensors.fans.faulty} is broken`];
}

/** There is nothing private in it to overlook: who wrote the generator has read it. */
function noteReview(file: string): void {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace('"reviewedBy": null', '"reviewedBy": "wf"'));
}

/** As long as the slowest turn of any collector, and a little. */
const warmMs = 660_000;
const beganUnixMs = 1_793_606_400_000 - warmMs;
