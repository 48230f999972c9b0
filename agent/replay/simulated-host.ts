import { join } from "node:path";
import { type Agent, defaultPace, startAgent } from "#agent/agent.ts";
import { createCollectors } from "#agent/collectors/create-collectors.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import { type EnrolEnd, enrolHost } from "#agent/enrolment/enrol.ts";
import type { JoinToken } from "#agent/enrolment/join-token.ts";
import type { Fixture } from "#agent/hardware/fixture.ts";
import { openReplaySource } from "#agent/hardware/replay.ts";
import { isEnrolled } from "#agent/journal/enrolled.ts";
import { openOrderJournalFile } from "#agent/journal/order-journal-file.ts";
import { openJournalFile } from "#agent/journal/journal-file.ts";
import type { LinkTransport } from "#agent/link/transport.ts";
import { agentRelease } from "#agent/release.ts";
import { discoverIdentity } from "#agent/report/discover-once.ts";
import { spreadOf } from "#agent/report/spread.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type BootId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { withOwnIdentity } from "./own-identity.ts";
import { startRebootingAgent } from "./rebooting-agent.ts";
import { createSimulatedControl } from "./simulated-control.ts";

/** One host of a replayed fleet: the agent's own core over a recording, with its own key and socket. */
export interface SimulatedHost {
  readonly name: string;
  isEnrolled(): boolean;
  enrol(token: JoinToken, signal: AbortSignal): Promise<EnrolEnd>;
  start(): Agent;
}

export interface SimulatedHostParts {
  readonly name: string;
  readonly fixture: Fixture;
  /** Times as fast as it was recorded. */
  readonly speed: number;
  /** Folder of all hosts; each has one of its own in it. */
  readonly dataFolder: string;
  /** `host:port`. */
  readonly manager: string;
  readonly transport: LinkTransport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Unsent reports of one host; hundreds share the process. */
const ringBytesMax = 256 * 1024;
const enrolAttemptsMax = 5;

export function createSimulatedHost(parts: SimulatedHostParts): SimulatedHost {
  const { name, fixture, clock, random, transport } = parts;
  const log = parts.log.child({ host: name });
  const journal = openJournalFile(join(parts.dataFolder, name));
  // A start of the replay is a boot of its machines.
  let bootId = newUuidV7<BootId>(clock.nowUnixMs(), random);
  const replay = openReplaySource(fixture, {
    isLooping: true,
    firstFrame: spreadOf(name) % fixture.frames.length,
    follow: { clock, frameMs: frameMsOf(fixture) / parts.speed },
  });
  const source = withOwnIdentity(replay, name);
  const collectorsOf = (sink: SampleSink): readonly Collector[] =>
    createCollectors({ source, sink, clock, random, log });
  return {
    name,
    isEnrolled: () => isEnrolled(journal.read()),
    enrol: async (token, signal) =>
      enrolHost({
        transport,
        journal,
        clock,
        random,
        log,
        manager: parts.manager,
        token,
        release: agentRelease,
        simulated: true,
        identity: await discoverIdentity(collectorsOf, clock),
        bootId,
        attemptsMax: enrolAttemptsMax,
        signal,
        onPending: () => {},
      }),
    start: () => {
      const facts = journal.read();
      if (facts !== null && facts.manager !== parts.manager)
        journal.write({ ...facts, manager: parts.manager });
      const control = createSimulatedControl(name, clock, () => {
        bootId = newUuidV7<BootId>(clock.nowUnixMs(), random);
        agent.reboot();
      });
      const orders = openOrderJournalFile(join(parts.dataFolder, name));
      const hands = { journal: orders, control, readHold: () => null, failPoint: () => {} };
      const boot = (): Agent =>
        startAgent(
          { release: agentRelease, simulated: true, ringBytesMax, pace: defaultPace },
          {
            clock,
            random,
            log,
            transport,
            journal,
            bootId,
            createCollectors: collectorsOf,
            previousRun: null,
            hands,
            onStatus: () => {},
          },
        );
      const agent = startRebootingAgent(boot, clock, log);
      return agent;
    },
  };
}

/** Mean time from frame to frame. */
function frameMsOf({ frames }: Fixture): number {
  const first = frames[0]?.monotonicMs ?? 0;
  const last = frames.at(-1)?.monotonicMs ?? 0;
  return frames.length > 1 ? (last - first) / (frames.length - 1) : 1_000;
}
