import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { lookingTools } from "#agent/hardware/hardware-source.ts";
import { type RecordedFrame, recordSource } from "#agent/hardware/recording.ts";
import { formatUnixTime } from "#agent/hardware/unix-time.ts";
import {
  type FixtureDescription,
  type WrittenFixture,
  writeFixture,
} from "#agent/hardware/write-fixture.ts";
import type { Identity } from "#proto/messages/state.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { createInspectionSink } from "./inspection-sink.ts";
import { startLooking } from "./inspect-host.ts";
import { askRecordedSet } from "./recorded-set.ts";

export interface RecordOptions {
  readonly source: HardwareSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly frames: number;
  readonly intervalMs: number;
  /** Of the agent that records. */
  readonly release: string;
  readonly uid: number | null;
  /** What a person knows of the machine and the program does not. */
  readonly notes?: Partial<RecordNotes>;
}

export interface RecordNotes {
  readonly name: string;
  readonly machineClass: string;
  readonly bmc: { readonly kind: string; readonly version: string };
  readonly load: string;
  readonly knownFaults: readonly string[];
  readonly synthetic: string;
  readonly recordedBy: string;
  readonly source: string;
  readonly licence: string;
}

/**
 * Records the machine into a new folder with the collectors that will later read it, and with what
 * later ones may ask. Everything stays in memory until it is scrubbed and the scan found nothing.
 */
export async function recordHost(folder: string, options: RecordOptions): Promise<WrittenFixture> {
  const { clock, frames, intervalMs } = options;
  const recording = recordSource(options.source, clock);
  const looking = startLooking(recording, createInspectionSink(), clock);
  const recorded: RecordedFrame[] = [];
  try {
    await looking.discover();
    await askRecordedSet(recording);
    const capabilities = readCapabilities(recording);
    // A BMC may take a minute to answer: what is read that rarely has its first answers before.
    await looking.collect(clock.nowMonotonicMs(), intervalMs);
    // What was found out before belongs to the first frame, whose time is that of its readings.
    const startMs = clock.nowMonotonicMs();
    recording.markBegin();
    for (let frame = 0; frame < frames; frame += 1) {
      const dueMs = startMs + frame * intervalMs;
      const waitMs = dueMs - clock.nowMonotonicMs();
      if (waitMs > 0) await sleep(clock, waitMs);
      if (frame > 0) recording.markBegin();
      // By the time at which it was due: a timer that fires a little early must skip no frame. And
      // without waiting: an answer that takes long belongs to the frame in which it comes.
      looking.startCollecting(dueMs);
      if (frame === frames - 1) await looking.settle();
      else await sleep(clock, 0);
      recorded.push(recording.takeFrame());
    }
    const { identity } = looking.found();
    const name = folder.replace(/\/+$/, "").split("/").at(-1) ?? "host";
    const description = describe(
      identity,
      recorded,
      capabilities,
      { name, ...options.notes },
      options,
    );
    return writeFixture(folder, description, recorded, options.random);
  } finally {
    looking.close();
  }
}

function describe(
  identity: Identity,
  recorded: readonly RecordedFrame[],
  capabilities: readonly string[],
  notes: Partial<RecordNotes> & Pick<RecordNotes, "name">,
  options: RecordOptions,
): FixtureDescription {
  const { processor } = identity;
  const facts: Omit<FixtureDescription, "unknown"> = {
    name: notes.name,
    machine: {
      vendor: identity.manufacturer,
      model: identity.product,
      class: notes.machineClass ?? null,
      biosVersion: identity.firmwareVersion,
      bmc: notes.bmc ?? null,
    },
    cpu: {
      model: processor?.model ?? null,
      sockets: processor?.sockets ?? null,
      cores: processor?.cores ?? null,
      threads: processor?.threads ?? null,
      numaNodes: identity.numaNodes,
    },
    os: { kernel: identity.kernel, distribution: identity.os, arch: identity.architecture },
    tools: Object.fromEntries(lookingTools.map((tool) => [tool, versionOf(tool, recorded)])),
    recorder: {
      version: options.release,
      uid: options.uid,
      capabilities,
      recordedAt: formatUnixTime(recorded[0]?.atUnixMs ?? 0),
    },
    state: { power: "on", load: notes.load ?? null, known_faults: notes.knownFaults ?? [] },
    synthetic: { is: notes.synthetic !== undefined, what: notes.synthetic ?? null },
    provenance: {
      recordedBy: notes.recordedBy ?? "us",
      source: notes.source ?? null,
      licence: notes.licence ?? "project",
    },
  };
  return { ...facts, unknown: reasonsOf(facts, identity.virtualization) };
}

/** A line for each null: a reader must not take "not known" for "not looked". */
function reasonsOf(facts: object, virtualization: string | null): Readonly<Record<string, string>> {
  const reasons: Record<string, string> = { "scrub.reviewedBy": "nobody has read it yet" };
  const walk = (value: object, path: string): void => {
    for (const [key, item] of Object.entries(value)) {
      const name = path === "" ? key : `${path}.${key}`;
      if (item === null) reasons[name] = reasonOf(name, virtualization);
      else if (typeof item === "object" && !Array.isArray(item)) walk(item, name);
    }
  };
  walk(facts, "");
  return reasons;
}

function reasonOf(name: string, virtualization: string | null): string {
  if (name.startsWith("tools.")) return "not installed on the machine";
  if (name === "synthetic.what") return "recorded, nothing was made up";
  if (name === "provenance.source") return "recorded by us";
  if (name === "machine.class" || name === "state.load" || name === "machine.bmc")
    return "not noted when it was recorded";
  return virtualization === "none" || virtualization === null
    ? "the machine does not say"
    : `the machine does not say: virtual (${virtualization})`;
}

/** The first number with a point in it that the tool says when asked for its version. */
function versionOf(tool: string, recorded: readonly RecordedFrame[]): string | null {
  for (const answer of recorded[0]?.answers.values() ?? []) {
    if (answer.kind !== "tool" || answer.request.tool !== tool || !answer.answer.ok) continue;
    if (!["--version", "-V", "version"].includes(answer.request.args[0] ?? "")) continue;
    return /\d+(?:\.\d+)+/.exec(answer.answer.value.stdout)?.[0] ?? null;
  }
  return null;
}

/** Those capabilities that decide what may be read. Source: CapEff of /proc/self/status. */
function readCapabilities(source: HardwareSource): readonly string[] {
  const read = source.readText("/proc/self/status");
  const mask = read.ok ? /^CapEff:\s*([0-9a-f]+)$/m.exec(read.value)?.[1] : undefined;
  if (mask === undefined) return [];
  const bits = BigInt(`0x${mask}`);
  return lookingCapabilities.filter(([, bit]) => (bits >> bit) & 1n).map(([name]) => name);
}

const lookingCapabilities: readonly (readonly [string, bigint])[] = [
  ["dac_override", 1n],
  ["dac_read_search", 2n],
  ["net_admin", 12n],
  ["sys_rawio", 17n],
  ["sys_admin", 21n],
  ["perfmon", 38n],
];
