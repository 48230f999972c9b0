import { join } from "node:path";
import { type RecordedFrame, recordSource } from "#agent/hardware/recording.ts";
import { type FixtureDescription, writeFixture } from "#agent/hardware/write-fixture.ts";
import { createInspectionSink } from "#agent/inspect/inspection-sink.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createSyntheticServer } from "#test/support/synthetic-host/synthetic-server.ts";
import { syntheticServers } from "#test/support/synthetic-host/synthetic-servers.ts";
import type { ServerShape } from "#test/support/synthetic-host/server-shape.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { FailureTimeline } from "./failure-timelines.ts";
import { spliceFrames } from "./splice-frames.ts";

/** A small server with all that can fail: few disks, a BMC, two supplies, fans, modules of two controllers. */
export function failingShape(hasBmc: boolean): ServerShape {
  const [, web, storage] = syntheticServers;
  if (web === undefined || storage === undefined) throw new Error("the made-up servers are gone");
  return {
    ...storage,
    name: "example-f1",
    product: "EX-F1",
    seed: 71,
    disks: storage.disks.filter(({ name }) => /^(?:nvme0n1|sd[abc])$/.test(name)),
    nics: storage.nics.slice(0, 1),
    dimms: { count: 4, gibibytes: 32 },
    sensors: { ...web.sensors, bmc: hasBmc, fans: { count: 4, faulty: null } },
    filesystems: storage.filesystems.filter(({ device }) => /nvme0n1p2|sd[abc]$/.test(device)),
  };
}

/**
 * Records what one subject asks of a made-up server at the cadence of the timeline, splices the
 * faults in, and writes it as a fixture of its own. The same timeline gives the same bytes.
 */
export async function recordFailure(timeline: FailureTimeline, into: string): Promise<string> {
  const shape = failingShape(timeline.hasBmc);
  const server = createSyntheticServer(shape);
  const clock = createVirtualClock();
  const recording = recordSource(server.source, clock);
  const sink = createInspectionSink();
  const collector = timeline.createCollector({ source: recording, sink, clock });
  const recorded: RecordedFrame[] = [];
  server.moveTo(0);
  await collector.discover();
  for (let frame = 0; frame < timeline.frames; frame += 1) {
    if (frame > 0) server.moveTo(frame % shape.frames);
    recording.markBegin();
    await collectWhole(collector, clock.nowMonotonicMs());
    recorded.push(recording.takeFrame());
    await clock.advance(timeline.intervalMs);
  }
  collector.close();
  const { frames, synthetic } = spliceFrames(
    { name: shape.name, frames: recorded },
    timeline.faults,
  );
  const folder = join(into, timeline.name);
  const description = describe(shape, timeline, synthetic);
  writeFixture(folder, description, frames, createSeededRandom(shape.seed).fork("scrub"));
  return folder;
}

/** Some collectors take their parts in turns: all of them, as often as the longest turn is. */
export async function collectWhole(
  collector: { collect(at: ReturnType<typeof monotonicMs>): unknown },
  atMs: number,
): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn += 1) await collector.collect(monotonicMs(atMs));
}

function describe(
  shape: ServerShape,
  timeline: FailureTimeline,
  synthetic: string,
): FixtureDescription {
  const nothing = { vendor: "Example Systems", model: shape.product };
  return {
    name: timeline.name,
    machine: { ...nothing, class: shape.machineClass, biosVersion: null, bmc: null },
    cpu: { model: null, sockets: null, cores: null, threads: null, numaNodes: null },
    os: { kernel: null, distribution: null, arch: null },
    tools: {},
    recorder: {
      version: "splice 1",
      uid: 0,
      capabilities: [],
      recordedAt: "2026-11-02T08:00:00.000Z",
    },
    state: { power: "on", load: null, known_faults: [timeline.knownFault] },
    synthetic: { is: true, what: `${synthetic}. One subject of the machine alone was asked.` },
    provenance: {
      recordedBy: "test/support/splice/generate-failures.ts",
      source: "no machine",
      licence: "project",
    },
    unknown: {
      "machine.biosVersion": "one subject alone was asked",
      "machine.bmc": "one subject alone was asked",
      cpu: "one subject alone was asked",
      os: "one subject alone was asked",
      "state.load": "one subject alone was asked",
      "scrub.reviewedBy": "nothing in it is anybody's",
    },
  };
}

const turnsMax = 8;
