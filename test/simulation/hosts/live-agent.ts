import { type Agent, startAgent } from "#agent/agent.ts";
import type { OrderFailPoint } from "#agent/commands/order-effects.ts";
import { enrolHost } from "#agent/enrolment/enrol.ts";
import { parseJoinToken } from "#agent/enrolment/join-token.ts";
import type { OrderFacts } from "#agent/journal/order-journal.ts";
import type { Journal, JournalFacts } from "#agent/journal/journal.ts";
import type { LinkTransport } from "#agent/link/transport.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import { type BootId, type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { createWalkingLoad } from "#test/support/farm/walking-load.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { HostClock, VirtualClock } from "#test/support/virtual-clock.ts";
import { thinned } from "./thinned.ts";
import { createHostWork, type HostEffect, type HostWork } from "./host-work.ts";
import { createOrderDisk, type OrderDisk } from "./order-disk.ts";
import { createProcessLife, type ProcessLife } from "./process-life.ts";

/** What the world is told of one server. */
export interface AgentWitness {
  readonly onEffect: (host: LiveAgent, effect: HostEffect) => void;
  readonly onJournal: (host: LiveAgent, facts: OrderFacts) => void;
  /** Power, agent or work changed. */
  readonly onChange: (host: LiveAgent) => void;
}

/** One server with the product's agent core: orders, their journal on a disk, work, and a power switch. */
export interface LiveAgent {
  readonly name: string;
  readonly serial: string;
  readonly clock: HostClock;
  readonly work: HostWork;
  readonly disk: OrderDisk;
  /** The agent dies when it passes this point next. */
  killAt: OrderFailPoint | null;
  /** The agent dies at the nth answer of the host from now on; 0: it does not. */
  killAtAnswer: number;
  /** What a person wrote into the hold file; null: nobody holds it. */
  holdReason: string | null;
  /** How long the next boots take, milliseconds. */
  bootMs: number;
  isOn(): boolean;
  bootId(): BootId;
  hostId(): HostId;
  facts(): JournalFacts | null;
  agent(): Agent | null;
  enrol(token: string): Promise<void>;
  start(): void;
  /** The agent's process is gone at once. */
  crash(): void;
  /** Power is gone, and back after `offMs`. */
  powerCut(offMs: number): void;
}

/** A system that was told to restart goes down after this. */
const goesDownMs = 8_000;
/** An agent that died is started again, as systemd does it. */
const restartMs = 5_000;

export function createLiveAgent(parts: {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly transport: LinkTransport;
  /** Ends every connection of this server. */
  readonly cut: () => void;
  readonly wallOffsetMs: number;
  readonly manager: string;
  readonly witness: AgentWitness;
}): LiveAgent {
  const { name, random, witness } = parts;
  const clock = parts.clock.hostClock({ wallOffsetMs: parts.wallOffsetMs });
  let facts: JournalFacts | null = null;
  let bootId = newUuidV7<BootId>(parts.clock.nowUnixMs(), random);
  let running: { readonly agent: Agent; readonly life: ProcessLife } | null = null;
  let acknowledgedToMs: UnixMs | null = null;
  let isOn = true;
  /** Counts power cuts: what was planned before one is void. */
  let turns = 0;

  const journal: Journal = {
    read: () => facts,
    write: (next) => {
      facts = next;
    },
  };
  const die = (): void => {
    host.crash();
    const turn = turns;
    parts.clock.after(restartMs, () => {
      if (turns === turn && isOn) host.start();
    });
  };
  const work = createHostWork({
    clock: parts.clock,
    onEffect: (effect) => witness.onEffect(host, effect),
    onChange: () => witness.onChange(host),
    onReboot: () => {
      const turn = turns;
      parts.clock.after(goesDownMs, () => {
        if (turns === turn && isOn) host.powerCut(host.bootMs);
      });
    },
  });
  const disk = createOrderDisk({
    path: `${name}:/var/lib/wws-agent/orders.json`,
    onTorn: die,
    onWritten: (written) => witness.onJournal(host, written),
  });

  const host: LiveAgent = {
    name,
    serial: name.replace("host-", "SN"),
    clock,
    work,
    disk,
    killAt: null,
    killAtAnswer: 0,
    holdReason: null,
    bootMs: 90_000,
    isOn: () => isOn,
    bootId: () => bootId,
    facts: () => facts,
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
        transport: parts.transport,
        journal,
        clock,
        random,
        log: silentLog,
        manager: parts.manager,
        token: join.value,
        release: "0.0.0-simulation",
        simulated: true,
        identity: { ...unknownIdentity, hostname: name, serial: host.serial },
        bootId,
        attemptsMax: 50,
        signal: new AbortController().signal,
        onPending: () => {},
      });
      if (end.kind !== "enrolled") throw new Error(`${name}: ${JSON.stringify(end)}`);
    },
    start() {
      if (running !== null || !isOn || facts === null) return;
      const life: ProcessLife = createProcessLife(clock, {
        onAnswer() {
          if (host.killAtAnswer === 0) return;
          host.killAtAnswer -= 1;
          if (host.killAtAnswer === 0) die();
        },
      });
      const agent = startAgent(
        {
          release: "0.0.0-simulation",
          simulated: true,
          ringBytesMax: 4 * 1024 * 1024,
          pace: thinned,
        },
        {
          clock: life.clock,
          random,
          log: silentLog,
          transport: transportOf(parts.transport, life),
          journal,
          bootId,
          createCollectors: (sink) => [
            createWalkingLoad(sink, { clock, random: random.fork(`load of ${name}`) }),
            {
              subject: "identity",
              cadenceMs: 3_600_000,
              discover: () => ({
                absences: [],
                identity: { ...unknownIdentity, hostname: name, serial: host.serial },
              }),
              collect: () => null,
              close: () => {},
            },
          ],
          previousRun: acknowledgedToMs === null ? null : { acknowledgedToMs, stateRevision: 0 },
          hands: {
            journal: disk.journal(life),
            control: life.guard(work.control),
            readHold: () =>
              host.holdReason === null
                ? null
                : { path: "/etc/wws-agent/hold", text: host.holdReason },
            failPoint(point) {
              if (life.isOver()) throw new Error("the process is gone");
              if (host.killAt !== point) return;
              host.killAt = null;
              die();
              throw new Error(`killed at ${point}`);
            },
          },
          onStatus: (status) => {
            acknowledgedToMs = status.acknowledgedToMs ?? acknowledgedToMs;
          },
        },
      );
      running = { agent, life };
      witness.onChange(host);
    },
    crash() {
      running?.life.end();
      running = null;
      parts.cut();
      witness.onChange(host);
    },
    powerCut(offMs) {
      isOn = false;
      turns += 1;
      const turn = turns;
      host.crash();
      work.powerOff();
      bootId = newUuidV7<BootId>(parts.clock.nowUnixMs(), random);
      witness.onChange(host);
      parts.clock.after(offMs, () => {
        if (turns !== turn) return;
        isOn = true;
        work.boot();
        host.start();
        witness.onChange(host);
      });
    },
  };
  return host;
}

function transportOf(transport: LinkTransport, life: ProcessLife): LinkTransport {
  return {
    connect(target, handlers) {
      const connection = transport.connect(target, {
        onOpen: () => life.enter(handlers.onOpen),
        onMessage: (bytes) => life.enter(() => handlers.onMessage(bytes)),
        onClose: (reason) => life.enter(() => handlers.onClose(reason)),
      });
      return {
        // What is left of a process that is gone says nothing more.
        send: (bytes) => void (life.isOver() || connection.send(bytes)),
        bufferedBytes: () => connection.bufferedBytes(),
        close: (code, detail) => connection.close(code, detail),
      };
    },
  };
}
