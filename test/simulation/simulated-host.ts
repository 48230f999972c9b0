import { type Agent, defaultPace, startAgent } from "#agent/agent.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import { enrolHost } from "#agent/enrolment/enrol.ts";
import { parseJoinToken } from "#agent/enrolment/join-token.ts";
import type { Journal, JournalFacts } from "#agent/journal/journal.ts";
import type { LinkTransport } from "#agent/link/transport.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import { type BootId, type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { MemoryNetwork } from "#test/support/memory-link.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { HostClock, VirtualClock } from "#test/support/virtual-clock.ts";
import { createWitness, type Witness } from "./witness.ts";

/** One server: the product's agent core, a disk with its journal, and a clock of its own. */
export interface SimulatedHost {
  readonly name: string;
  readonly clock: HostClock;
  readonly witness: Witness;
  hostId(): HostId;
  agent(): Agent | null;
  enrol(token: string): Promise<void>;
  start(): void;
  /** The process is gone at once; what it knew and had not sent is lost. */
  crash(): void;
  /** As `crash`, and the host boots again. */
  powerCut(): void;
}

export function createSimulatedHost(parts: {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly network: MemoryNetwork;
  readonly wallOffsetMs: number;
}): SimulatedHost {
  const { name, network, random } = parts;
  const clock = parts.clock.hostClock({ wallOffsetMs: parts.wallOffsetMs });
  const witness = createWitness(network.transport(name));
  let facts: JournalFacts | null = null;
  const journal: Journal = {
    read: () => facts,
    write: (next) => {
      facts = next;
    },
  };
  let bootId = newUuidV7<BootId>(parts.clock.nowUnixMs(), random);
  let running: { readonly agent: Agent; kill(): void } | null = null;
  let acknowledgedToMs: UnixMs | null = null;

  const crash = (): void => {
    running?.kill();
    running = null;
    network.cut(name);
  };

  return {
    name,
    clock,
    witness,
    hostId() {
      const id = facts?.identity?.hostId;
      if (id === undefined) throw new Error(`${name} is not enrolled`);
      return id;
    },
    agent: () => running?.agent ?? null,
    async enrol(token) {
      const join = parseJoinToken(token);
      if (!join.ok) throw new Error(join.problem);
      const end = await enrolHost({
        transport: network.transport(name),
        journal,
        clock,
        random,
        log: silentLog,
        manager: "manager.test:7601",
        token: join.value,
        release: "0.0.0-simulation",
        simulated: true,
        identity: { ...unknownIdentity, hostname: name },
        bootId,
        attemptsMax: 50,
        signal: new AbortController().signal,
        onPending: () => {},
      });
      if (end.kind !== "enrolled") throw new Error(`${name}: ${JSON.stringify(end)}`);
    },
    start() {
      if (running !== null) return;
      const life = createLife(clock);
      const agent = startAgent(
        {
          release: "0.0.0-simulation",
          simulated: true,
          ringBytesMax: 4 * 1024 * 1024,
          pace: defaultPace,
        },
        {
          clock: life.clock,
          random,
          log: silentLog,
          transport: whileAlive(witness.transport, life),
          journal,
          bootId,
          createCollectors: (sink) => [createLoad(sink, clock, random.fork(`load of ${name}`))],
          previousRun: acknowledgedToMs === null ? null : { acknowledgedToMs, stateRevision: 0 },
          onStatus: (status) => {
            acknowledgedToMs = status.acknowledgedToMs ?? acknowledgedToMs;
          },
        },
      );
      running = { agent, kill: life.end };
    },
    crash,
    powerCut() {
      crash();
      bootId = newUuidV7<BootId>(parts.clock.nowUnixMs(), random);
    },
  };
}

/** What one process is given of the world; nothing of it reaches the process after its end. */
interface Life {
  readonly clock: Clock;
  isOver(): boolean;
  end(): void;
}

function createLife(clock: Clock): Life {
  let isOver = false;
  return {
    clock: {
      nowUnixMs: () => clock.nowUnixMs(),
      nowMonotonicMs: () => clock.nowMonotonicMs(),
      after: (delayMs, callback): CancelTimer =>
        clock.after(delayMs, () => {
          if (!isOver) callback();
        }),
    },
    isOver: () => isOver,
    end: () => {
      isOver = true;
    },
  };
}

function whileAlive(transport: LinkTransport, life: Life): LinkTransport {
  return {
    connect: (target, handlers) =>
      transport.connect(target, {
        onOpen: () => life.isOver() || handlers.onOpen(),
        onMessage: (bytes) => life.isOver() || handlers.onMessage(bytes),
        onClose: (reason) => life.isOver() || handlers.onClose(reason),
      }),
  };
}

/** A walking gauge, a growing counter, and a gauge that is not always seen. */
function createLoad(sink: SampleSink, clock: Clock, random: SeededRandom): Collector {
  const busy = sink.declare({ metric: "system.cpu.utilization", attributes: {}, exponent: -4 });
  const bytes = sink.declare({
    metric: "system.disk.io",
    attributes: { "system.device": "sda", "disk.io.direction": "write" },
    exponent: 0,
    quantum: 512,
  });
  const watts = sink.declare({ metric: "hw.host.power", attributes: {}, exponent: -3 });
  let share = random.below(10_000);
  let sectors = random.below(1_000_000_000);
  return {
    subject: "cpu",
    cadenceMs: 0,
    discover: () => ({ absences: [] }),
    collect() {
      share = Math.min(10_000, Math.max(0, share + random.below(2_001) - 1_000));
      sectors += random.below(5_000);
      sink.set(busy, share);
      sink.set(bytes, sectors);
      if (Math.floor(clock.nowMonotonicMs() / 1_000) % 7 !== 0)
        sink.set(watts, 200_000 + random.below(100_000));
      return null;
    },
    close() {},
  };
}
