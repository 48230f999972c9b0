import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import { createCommandDesk } from "#agent/commands/command-desk.ts";
import { createOrderDesk } from "#agent/commands/order-desk.ts";
import type { OrderHands } from "#agent/commands/order-effects.ts";
import { noOrderDesk } from "#agent/commands/orders.ts";
import { checkChain } from "#agent/enrolment/certificate-chain.ts";
import { type EnrolledFacts, requireEnrolled } from "#agent/journal/enrolled.ts";
import type { AgentIdentity, Journal } from "#agent/journal/journal.ts";
import { type Link, type LinkStatus, startLink } from "#agent/link/link.ts";
import { managerUrl, sessionPath } from "#agent/link/manager-address.ts";
import type { LinkWork } from "#agent/link/outbox.ts";
import type { LinkTransport } from "#agent/link/transport.ts";
import type { RingStats } from "#agent/report/report-ring.ts";
import { type Pace, type PreviousRun, startReporter } from "#agent/report/reporter.ts";
import { spreadOf } from "#agent/report/spread.ts";
import type { ClockStanding } from "#agent/report/time-anchor.ts";
import type { Refusal, Welcome } from "#proto/messages/frames.ts";
import type { CollectorOutcome } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type BootId, type IncarnationId, newUuidV7, type SpoolId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { monotonicMs, type UnixMs } from "#proto/vocabulary/units.ts";
import { protocolVersion } from "#proto/vocabulary/wire-limits.ts";

/** What one agent core needs to know; main.ts fills it from AgentConfig. */
export interface AgentSettings {
  readonly release: string;
  readonly simulated: boolean;
  readonly ringBytesMax: number;
  /** Until a manager sets another. */
  readonly pace: Pace;
}

export const defaultPace: Pace = { stepMs: 1_000, reportIntervalMs: 10_000 };
export const ringBytesMaxDefault = 32 * 1024 * 1024;

export interface AgentEffects {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly transport: LinkTransport;
  /** Holds an identity already: see agent/enrolment. */
  readonly journal: Journal;
  readonly bootId: BootId;
  /** Called once; a replayed host hands in collectors over a fixture. */
  readonly createCollectors: (sink: SampleSink) => readonly Collector[];
  readonly previousRun: PreviousRun | null;
  /** What it carries orders out with; null: it only looks, and refuses every order. */
  readonly hands: OrderHands | null;
  /** After every change that a person may want to see. */
  readonly onStatus: (status: AgentStatus) => void;
}

export interface Agent {
  status(): AgentStatus;
  /** Settles when the agent is through: stopped, or turned away for good. */
  readonly ended: Promise<AgentEnd>;
  /** Sends what fits into two seconds. */
  stop(): Promise<void>;
}

export type AgentEnd =
  | { readonly kind: "stopped" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface AgentStatus {
  readonly hostId: AgentIdentity["hostId"];
  readonly hostName: string;
  readonly cell: AgentIdentity["cell"];
  readonly manager: string;
  readonly incarnationId: IncarnationId;
  readonly link: LinkStatus;
  readonly pace: Pace;
  readonly ring: RingStats;
  readonly clock: { readonly standing: ClockStanding; readonly offsetMs: number | null };
  /** End of the newest acknowledged point, corrected time. */
  readonly acknowledgedToMs: UnixMs | null;
  readonly acknowledgedReports: number;
  readonly stateRevision: number;
  readonly collectors: readonly CollectorOutcome[];
}

/**
 * One agent: collectors, ring, link. Everything it touches is handed in, and nothing outlives
 * `stop`: hundreds may run in one process. Throws JournalError when the journal has no identity.
 */
export function startAgent(settings: AgentSettings, effects: AgentEffects): Agent {
  const { clock, random, journal, transport } = effects;
  let facts: EnrolledFacts = requireEnrolled(journal.read());
  const { hostId } = facts.identity;
  const log = effects.log.child({ hostId });
  const incarnationId = newUuidV7<IncarnationId>(clock.nowUnixMs(), random);
  const spoolId = newUuidV7<SpoolId>(clock.nowUnixMs(), random);
  // An earlier run's, until this one has its own: a run without a link must not forget it.
  let acknowledgedToMs: UnixMs | null = effects.previousRun?.acknowledgedToMs ?? null;
  let acknowledgedReports = 0;
  let link: Link | null = null;
  let end: (end: AgentEnd) => void = () => {};
  const ended = new Promise<AgentEnd>((resolve) => {
    end = resolve;
  });

  const reporter = startReporter({
    clock,
    log,
    createCollectors: effects.createCollectors,
    pace: settings.pace,
    ringBytesMax: settings.ringBytesMax,
    spread: spreadOf(hostId),
    previousRun: effects.previousRun,
    onNews: () => link?.kick(),
  });
  const { ring, time } = reporter;

  const nowMs = () => time.managerUnixOf(clock.nowMonotonicMs());
  const orders =
    effects.hands === null
      ? noOrderDesk
      : createOrderDesk({
          ...effects.hands,
          clock,
          log: log.child({ component: "orders" }),
          bootId: effects.bootId,
          hostId,
          generation: facts.identity.generation,
          nowMs,
          term: () => facts.term,
          serial: () => {
            const state = reporter.state();
            return state === null ? undefined : state.identity.serial;
          },
          onProgress: () => link?.kick(),
        });
  const desk = createCommandDesk({
    nowMs,
    term: () => facts.term,
    order: orders.carryOut,
    sendState: reporter.renewState,
    setReportInterval: (reportIntervalMs) => reporter.setPace({ reportIntervalMs }),
  });

  /** A journal that cannot be written costs what it would have kept, never the agent. */
  const keep = (changed: EnrolledFacts): void => {
    facts = changed;
    try {
      journal.write(changed);
    } catch (error) {
      log.warn({ err: error }, "journal could not be written; going on without");
    }
  };

  const learn = (welcome: Welcome): void => {
    const { term, certificateChain } = welcome;
    if (term > facts.term) keep({ ...facts, term });
    if (term < facts.term) {
      log.warn(
        { term, highestTerm: facts.term },
        "manager has an older term: its commands are refused",
      );
    }
    if (certificateChain.length === 0) return;
    const checked = checkChain(certificateChain, facts.privateKeyPem);
    if (checked.ok) {
      const { certificateChainPem } = checked.value;
      keep({ ...facts, identity: { ...facts.identity, certificateChainPem } });
      log.info({}, "certificate renewed");
    } else log.error({ problem: checked.problem }, "renewed certificate is not used");
  };

  const clocks = () => ({
    wallMs: clock.nowUnixMs(),
    monotonicMs: monotonicMs(Math.floor(clock.nowMonotonicMs())),
  });

  const work: LinkWork = {
    outbox: {
      oldestSeq: ring.oldestSeq,
      nextSeq: ring.nextSeq,
      find: ring.find,
      dictionary: ring.dictionary,
      discard: ring.discard,
      acknowledge(ranges) {
        const { reports, toMonotonicMs, neverSent } = ring.acknowledge(ranges);
        acknowledgedReports += reports;
        if (toMonotonicMs !== null) acknowledgedToMs = time.unixOf(toMonotonicMs);
        if (neverSent > 0) {
          log.error({ reports: neverSent }, "manager acknowledges what was never sent; kept");
        }
        if (reports > 0) effects.onStatus(status());
      },
    },
    hello: () => ({
      protocol: protocolVersion.current,
      protocolOldest: protocolVersion.oldest,
      agentRelease: settings.release,
      hostId,
      bootId: effects.bootId,
      incarnationId,
      spoolId,
      nextSeq: ring.oldestSeq(),
      ...clocks(),
      simulated: settings.simulated,
      stateRevision: reporter.state()?.revision ?? 0,
      dictionary: reporter.nextDictionary(),
      term: facts.term,
    }),
    heartbeat: () => clocks(),
    state: reporter.state,
    welcomed(welcome, roundTripMs) {
      reporter.observeManager(welcome.managerMs, roundTripMs);
      learn(welcome);
      orders.sayAgain();
      const { reportIntervalMs, stepMs } = welcome;
      reporter.setPace({ reportIntervalMs, stepMs });
    },
    setReportInterval: (reportIntervalMs) => reporter.setPace({ reportIntervalMs }),
    command: desk.carryOut,
    takeProgress: orders.takeProgress,
  };

  const unlinked: LinkStatus = {
    state: "connecting",
    sinceMs: clock.nowUnixMs(),
    sessionId: null,
    reason: null,
    hint: null,
    failures: 0,
    retryInMs: null,
  };
  const status = (): AgentStatus => ({
    hostId,
    hostName: facts.identity.hostName,
    cell: facts.identity.cell,
    manager: facts.manager,
    incarnationId,
    link: link?.status() ?? unlinked,
    pace: reporter.pace(),
    ring: ring.stats(),
    clock: { standing: time.standing(), offsetMs: time.offsetMs() },
    acknowledgedToMs,
    acknowledgedReports,
    stateRevision: reporter.state()?.revision ?? 0,
    collectors: reporter.state()?.collectors ?? [],
  });

  const started = startLink({
    transport,
    target: () => ({
      url: managerUrl(facts.manager, sessionPath),
      credentials: {
        privateKeyPem: facts.privateKeyPem,
        certificateChainPem: facts.identity.certificateChainPem,
        caPem: facts.identity.caPem,
        caKeySha256: null,
      },
    }),
    work,
    clock,
    random,
    log: log.child({ component: "link" }),
    onChange(changed) {
      // What was taken up to now goes at once, and is live: the fleet sees the host's present.
      if (changed.state === "live") reporter.closeBatch();
      effects.onStatus(status());
    },
    onRefusedForGood(refusal) {
      orders.stop();
      reporter.stop();
      end({ kind: "refused", refusal });
    },
  });
  link = started;
  void orders.resume();

  return {
    status,
    ended,
    async stop() {
      orders.stop();
      reporter.stop();
      await started.stop();
      effects.onStatus(status());
      end({ kind: "stopped" });
    },
  };
}
