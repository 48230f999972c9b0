import { enrolHost } from "#agent/enrolment/enrol.ts";
import { parseJoinToken } from "#agent/enrolment/join-token.ts";
import type { Agent } from "#agent/agent.ts";
import { defaultPace, startAgent } from "#agent/agent.ts";
import type { Journal, JournalFacts } from "#agent/journal/journal.ts";
import { createWebSocketTransport } from "#agent/link/websocket-transport.ts";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import { type BootId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { createWitness, type SeenDictionaries, type Witness } from "./witness.ts";
import { createWalkingLoad } from "./walking-load.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";

/**
 * Many real agents in one process of their own, each with its key, certificate and socket, and a
 * witness on its side of the wire. Told what to do over the channel to its parent.
 */
export interface FarmOrder {
  readonly kind: "start" | "held" | "stop";
  readonly manager: string;
  readonly tokens: readonly string[];
}

export interface FarmHost {
  readonly hostId: string;
  /** Gauge readings that the collector has taken. */
  readonly taken: number;
  readonly acknowledgedReports: number;
  readonly ringReports: number;
  readonly gaps: number;
  readonly series: readonly {
    readonly metric: string;
    readonly sent: readonly (readonly [number, readonly number[]])[];
    readonly acknowledged: readonly number[];
  }[];
}

export type FarmNews =
  | { readonly kind: "started"; readonly hostIds: readonly string[] }
  | {
      readonly kind: "stopped";
      readonly hosts: readonly FarmHost[];
      readonly ackMs: readonly number[];
    }
  | { readonly kind: "held"; readonly reports: number }
  | { readonly kind: "failed"; readonly reason: string };

interface Planted {
  readonly agent: Agent;
  readonly witness: Witness;
  readonly taken: () => number;
}

const planted: Planted[] = [];
const dictionaries: SeenDictionaries = new Map();
const clock = createSystemClock();

process.on("message", (order: FarmOrder) => {
  const work = { start, held, stop }[order.kind](order);
  work.then(tell).catch((error: unknown) => tell({ kind: "failed", reason: String(error) }));
});
process.on("disconnect", () => process.exit(0));

async function start({ manager, tokens }: FarmOrder): Promise<FarmNews> {
  for (const [index, token] of tokens.entries()) planted.push(await plant(manager, token, index));
  return { kind: "started", hostIds: planted.map(({ agent }) => agent.status().hostId) };
}

async function plant(manager: string, token: string, index: number): Promise<Planted> {
  const transport = createWebSocketTransport({ clock, random: systemRandom });
  let facts: JournalFacts | null = null;
  const journal: Journal = {
    read: () => facts,
    write: (next) => {
      facts = next;
    },
  };
  const join = parseJoinToken(token);
  if (!join.ok) throw new Error(join.problem);
  const bootId = newUuidV7<BootId>(clock.nowUnixMs(), systemRandom);
  const end = await enrolHost({
    transport,
    journal,
    clock,
    random: systemRandom,
    log: silentLog,
    manager,
    token: join.value,
    release: "0.0.0-farm",
    simulated: true,
    identity: { ...unknownIdentity, hostname: `farm-${index}` },
    bootId,
    attemptsMax: 10,
    signal: new AbortController().signal,
    onPending: () => {},
  });
  if (end.kind !== "enrolled") throw new Error(`farm-${index}: ${JSON.stringify(end)}`);
  const witness = createWitness(transport, { nowMs: clock.nowMonotonicMs, dictionaries });
  let taken = 0;
  const agent = startAgent(
    { release: "0.0.0-farm", simulated: true, ringBytesMax: 8 * 1024 * 1024, pace: defaultPace },
    {
      clock,
      random: systemRandom,
      log: silentLog,
      transport: witness.transport,
      journal,
      bootId,
      createCollectors: (sink) => [
        createWalkingLoad(sink, {
          clock,
          random: createSeededRandom(index),
          onTaken: () => {
            taken += 1;
          },
        }),
      ],
      previousRun: null,
      hands: null,
      onStatus: () => {},
    },
  );
  return { agent, witness, taken: () => taken };
}

async function held(): Promise<FarmNews> {
  return {
    kind: "held",
    reports: Math.max(...planted.map(({ agent }) => agent.status().ring.reports)),
  };
}

async function stop(): Promise<FarmNews> {
  await Promise.all(planted.map(({ agent }) => agent.stop()));
  return {
    kind: "stopped",
    ackMs: planted.flatMap(({ witness }) => witness.ackMs()),
    hosts: planted.map(({ agent, witness, taken }) => ({
      hostId: agent.status().hostId,
      taken: taken(),
      acknowledgedReports: witness.acknowledgedReports(),
      ringReports: agent.status().ring.reports,
      gaps: witness.gaps().length,
      series: witness.series().map(({ metric, sent, acknowledged }) => ({
        metric,
        sent: [...sent].map(([at, values]) => [at, [...values]] as const),
        acknowledged: [...acknowledged],
      })),
    })),
  };
}

function tell(news: FarmNews): void {
  process.send?.(news);
}
