import { join } from "node:path";
import type { Agent } from "#agent/agent.ts";
import { type JoinToken, parseJoinToken } from "#agent/enrolment/join-token.ts";
import { type Fixture, loadFixture } from "#agent/hardware/fixture.ts";
import { createWebSocketTransport } from "#agent/link/websocket-transport.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { createSimulatedHost, type SimulatedHost } from "./simulated-host.ts";

/** Many simulated hosts in one process. */
export interface ReplayFleet {
  progress(): ReplayProgress;
  stop(): Promise<void>;
}

export interface ReplayProgress {
  readonly hosts: number;
  readonly enrolled: number;
  /** With a session. */
  readonly live: number;
  /** Turned away for good. */
  readonly refused: number;
}

export interface ReplayedHost {
  readonly name: string;
  /** Name of the recording it replays. */
  readonly fixture: string;
}

export interface ReplayFleetParts {
  readonly hosts: readonly ReplayedHost[];
  /** hardware-fixtures/hosts: each folder below it is a recorded machine. */
  readonly fixturesFolder: string;
  readonly dataFolder: string;
  readonly manager: string;
  readonly speed: number;
  /** A join token for each of these hosts, by name. */
  readonly askTokens: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const enrolAtOnceMax = 8;
const tokensAtOnceMax = 40;
/** Agents are started a few at a time, so that what is there stays responsive. */
const startsPerSecond = 60;

/** Enrols who is not enrolled yet, then starts all agents. Resolves once every one is started. */
export async function startReplayFleet(parts: ReplayFleetParts): Promise<ReplayFleet> {
  const { clock, log, signal } = parts;
  const transport = createWebSocketTransport(parts);
  const fixtureOf = createFixtureShelf(parts.fixturesFolder);
  const hosts = parts.hosts.map(({ name, fixture }) =>
    createSimulatedHost({ ...parts, transport, name, fixture: fixtureOf(fixture) }),
  );
  const agents: Agent[] = [];
  let refused = 0;
  const strangers = hosts.filter((host) => !host.isEnrolled());
  for (let from = 0; from < strangers.length; from += tokensAtOnceMax) {
    signal.throwIfAborted();
    await enrolBatch(strangers.slice(from, from + tokensAtOnceMax), parts);
  }
  for (const [index, host] of hosts.entries()) {
    if (signal.aborted) break;
    if (!host.isEnrolled()) continue;
    const agent = host.start();
    agents.push(agent);
    void agent.ended.then((end) => {
      if (end.kind !== "refused") return;
      refused += 1;
      log.error({ host: host.name, refusal: end.refusal.code }, "a simulated host was turned away");
    });
    if (index % 10 === 9) await sleep(clock, 10_000 / startsPerSecond);
  }
  return {
    progress: () => ({
      hosts: hosts.length,
      enrolled: agents.length,
      live: agents.filter((agent) => agent.status().link.state === "live").length,
      refused,
    }),
    stop: async () => {
      await Promise.all(agents.map((agent) => agent.stop()));
    },
  };
}

async function enrolBatch(
  hosts: readonly SimulatedHost[],
  parts: Pick<ReplayFleetParts, "askTokens" | "log" | "signal">,
): Promise<void> {
  const tokens = await parts.askTokens(hosts.map(({ name }) => name));
  const waiting = [...hosts];
  const enrolNext = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      const end = await host.enrol(requireToken(tokens.get(host.name)), parts.signal);
      if (end.kind !== "enrolled")
        parts.log.error({ host: host.name, end }, "a simulated host was not enrolled");
    }
  };
  await Promise.all(Array.from({ length: enrolAtOnceMax }, enrolNext));
}

function requireToken(text: string | undefined): JoinToken {
  const parsed = parseJoinToken(text ?? "");
  if (!parsed.ok) throw new Error(`no token for a simulated host: ${parsed.problem}`);
  return parsed.value;
}

/** Each recording is read once, however many hosts replay it. Throws FixtureError. */
function createFixtureShelf(folder: string): (name: string) => Fixture {
  const fixtures = new Map<string, Fixture>();
  return (name) => {
    const known = fixtures.get(name);
    if (known !== undefined) return known;
    const fixture = loadFixture(join(folder, name));
    fixtures.set(name, fixture);
    return fixture;
  };
}
