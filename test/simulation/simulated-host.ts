import { type Agent, defaultPace, startAgent } from "#agent/agent.ts";
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
import { createWalkingLoad } from "#test/support/farm/walking-load.ts";
import { createWitness, type SeenDictionaries, type Witness } from "#test/support/farm/witness.ts";

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
  readonly dictionaries: SeenDictionaries;
}): SimulatedHost {
  const { name, network, random } = parts;
  const clock = parts.clock.hostClock({ wallOffsetMs: parts.wallOffsetMs });
  const witness = createWitness(network.transport(name), {
    nowMs: clock.nowMonotonicMs,
    dictionaries: parts.dictionaries,
  });
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
          createCollectors: (sink) => [
            createWalkingLoad(sink, { clock, random: random.fork(`load of ${name}`) }),
          ],
          previousRun: acknowledgedToMs === null ? null : { acknowledgedToMs, stateRevision: 0 },
          hands: null,
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
