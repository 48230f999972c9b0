import { type Agent, defaultPace, startAgent } from "#agent/agent.ts";
import { enrolHost } from "#agent/enrolment/enrol.ts";
import { parseJoinToken } from "#agent/enrolment/join-token.ts";
import type { Journal, JournalFacts } from "#agent/journal/journal.ts";
import { createWebSocketTransport } from "#agent/link/websocket-transport.ts";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import { type BootId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { countLink, createLinkCounters } from "./counting-transport.ts";
import { createGeneratedLoad, recordSteps, requestSeries } from "./generated-load.ts";

/**
 * Many real agents in one process, each with its key, certificate and socket, over generated
 * series. Told what to do over the channel to its parent.
 */
export type FarmOrder =
  | { readonly kind: "enrol"; readonly manager: string; readonly tokens: readonly string[] }
  | { readonly kind: "run"; readonly series: number }
  | { readonly kind: "tell" }
  | { readonly kind: "stop" };

export interface FarmFigures {
  readonly hostIds: readonly string[];
  readonly live: number;
  /** Samples that collectors have given. */
  readonly taken: number;
  readonly sentBytes: number;
  readonly sentReports: number;
  readonly acknowledgedReports: number;
  readonly welcomes: number;
  /** Since the figures were told last. */
  readonly ackMs: readonly number[];
}

export type FarmNews = { readonly figures: FarmFigures } | { readonly failed: string };

interface Planted {
  readonly journal: Journal;
  readonly bootId: BootId;
  agent: Agent | null;
}

const clock = createSystemClock();
const counters = createLinkCounters();
const planted: Planted[] = [];
let taken = 0;

process.on("message", (order: FarmOrder) => {
  carryOut(order)
    .then(() => process.send?.({ figures: figures() } satisfies FarmNews))
    .catch((error: unknown) => process.send?.({ failed: String(error) } satisfies FarmNews));
});
process.on("disconnect", () => process.exit(0));

async function carryOut(order: FarmOrder): Promise<void> {
  if (order.kind === "enrol") await enrolAll(order.manager, order.tokens);
  else if (order.kind === "run") runAll(order.series);
  else if (order.kind === "stop") await Promise.all(planted.map(({ agent }) => agent?.stop()));
}

function figures(): FarmFigures {
  const { sentBytes, sentReports, acknowledgedReports, welcomes, ackMs } = counters;
  counters.ackMs = [];
  return {
    hostIds: planted.flatMap(({ journal }) => journal.read()?.identity?.hostId ?? []),
    live: planted.filter(({ agent }) => agent?.status().link.state === "live").length,
    taken,
    sentBytes,
    sentReports,
    acknowledgedReports,
    welcomes,
    ackMs,
  };
}

/** A few at a time: enrolment is not what is measured. */
async function enrolAll(manager: string, tokens: readonly string[]): Promise<void> {
  const waiting = [...tokens.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      planted.push(await enrolOne(manager, next[1], next[0]));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function enrolOne(manager: string, token: string, index: number): Promise<Planted> {
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
    transport: createWebSocketTransport({ clock, random: systemRandom }),
    journal,
    clock,
    random: systemRandom,
    log: silentLog,
    manager,
    token: join.value,
    release: "0.0.0-bench",
    simulated: true,
    identity: { ...unknownIdentity, hostname: `bench-${index}` },
    bootId,
    attemptsMax: 10,
    signal: new AbortController().signal,
    onPending: () => {},
  });
  if (end.kind !== "enrolled") throw new Error(`bench-${index}: ${JSON.stringify(end)}`);
  return { journal, bootId, agent: null };
}

/** Hosts share a few recordings, each from another step on. */
const recordings = 16;
const recordedSteps = 600;

function runAll(series: number): void {
  const recorded = Array.from({ length: Math.min(recordings, planted.length) }, (_, id) =>
    recordSteps(id, recordedSteps),
  );
  const requests = requestSeries(series);
  for (const [index, host] of planted.entries()) {
    const recording = recorded[index % recorded.length];
    if (recording === undefined) continue;
    const link = createWebSocketTransport({ clock, random: systemRandom });
    host.agent = startAgent(
      { release: "0.0.0-bench", simulated: true, ringBytesMax: 2 ** 23, pace: defaultPace },
      {
        clock,
        random: systemRandom,
        log: silentLog,
        transport: countLink(link, String(index), counters, clock.nowMonotonicMs),
        journal: host.journal,
        bootId: host.bootId,
        createCollectors: (sink) => [
          createGeneratedLoad(sink, {
            requests,
            recording,
            firstStep: 1 + index * 7,
            onTaken: (samples) => {
              taken += samples;
            },
          }),
        ],
        previousRun: null,
        hands: null,
        onStatus: () => {},
      },
    );
  }
}
