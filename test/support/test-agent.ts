import {
  type Agent,
  type AgentEffects,
  type AgentSettings,
  defaultPace,
  startAgent,
} from "#agent/agent.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import type { Journal, JournalFacts } from "#agent/journal/journal.ts";
import type { BootId, CellId, HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { createMemoryNetwork, type MemoryNetwork } from "./memory-link.ts";
import { createScriptedManager, type ScriptedManager } from "./scripted-manager.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock, type HostClock, type VirtualClock } from "./virtual-clock.ts";

/** One agent, a scripted manager and the wire between them, on virtual time. */
export interface TestBed {
  readonly clock: VirtualClock;
  readonly hostClock: HostClock;
  readonly network: MemoryNetwork;
  readonly manager: ScriptedManager;
  readonly journal: MemoryJournal;
  start(settings?: Partial<AgentSettings>, effects?: Partial<AgentEffects>): Agent;
  /** Stops an agent and lets the time pass that this takes. */
  stop(agent: Agent): Promise<void>;
}

export const testHostId = "01930000-0000-7000-8000-000000000001" as HostId;
export const testBootId = "b0070000-0000-4000-8000-000000000001" as BootId;

export function createTestBed(
  options: {
    readonly seed?: number;
    readonly wallOffsetMs?: number;
    readonly hostNumber?: number;
  } = {},
): TestBed {
  const clock = createVirtualClock();
  const hostClock = clock.hostClock({ wallOffsetMs: options.wallOffsetMs ?? 0 });
  const random = createSeededRandom(options.seed ?? 1);
  const network = createMemoryNetwork({ clock, random: random.fork("network") });
  const manager = createScriptedManager(clock.nowUnixMs);
  network.listen(manager.accept);
  const journal = createMemoryJournal(enrolledAs(options.hostNumber ?? 1));
  return {
    clock,
    hostClock,
    network,
    manager,
    journal,
    start: (settings = {}, effects = {}) =>
      startAgent(
        {
          release: "0.1.0-test",
          simulated: false,
          ringBytesMax: 4 * 1024 * 1024,
          pace: defaultPace,
          ...settings,
        },
        {
          clock: hostClock,
          random: random.fork("agent"),
          log: silentLog,
          transport: network.transport("host-1"),
          journal,
          bootId: testBootId,
          createCollectors: (sink) => [createRampCollector(sink, hostClock.nowMonotonicMs)],
          previousRun: null,
          hands: null,
          onStatus: () => {},
          ...effects,
        },
      ),
    async stop(agent) {
      const stopping = agent.stop();
      await clock.advance(3_000);
      await stopping;
    },
  };
}

export interface MemoryJournal extends Journal {
  readonly writes: JournalFacts[];
}

export function createMemoryJournal(facts: JournalFacts | null = enrolledFacts): MemoryJournal {
  const writes: JournalFacts[] = [];
  return { writes, read: () => writes.at(-1) ?? facts, write: (next) => void writes.push(next) };
}

export function enrolledAs(hostNumber: number): JournalFacts {
  const hostId = `01930000-0000-7000-8000-${String(hostNumber).padStart(12, "0")}` as HostId;
  const { identity } = enrolledFacts;
  return { ...enrolledFacts, identity: identity && { ...identity, hostId } };
}

export const enrolledFacts: JournalFacts = {
  format: 1,
  privateKeyPem: "a test needs none",
  identity: {
    hostId: testHostId,
    hostName: "host-1",
    cell: "na" as CellId,
    generation: 1,
    certificateChainPem: "a test needs none",
    caPem: "a test needs none",
  },
  manager: "manager.test:7601",
  term: 0,
};

/**
 * One gauge, the monotonic second, and one counter that grows by three a second: each point tells
 * when it was taken.
 */
export function createRampCollector(sink: SampleSink, now: () => MonotonicMs): Collector {
  const gauge = sink.declare({ metric: "system.cpu.load_average.1m", attributes: {}, exponent: 0 });
  const counter = sink.declare({
    metric: "system.disk.io",
    attributes: { "system.device": "sda", "disk.io.direction": "read" },
    exponent: 0,
  });
  return {
    subject: "cpu",
    cadenceMs: 0,
    discover: () => ({ absences: [] }),
    collect() {
      const second = Math.floor(now() / 1_000);
      sink.set(gauge, second);
      sink.set(counter, second * 3);
      return null;
    },
    close() {},
  };
}
