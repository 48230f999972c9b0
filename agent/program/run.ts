import { type AgentStatus, defaultPace, startAgent } from "#agent/agent.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { isEnrolled, requireEnrolled } from "#agent/journal/enrolled.ts";
import { openJournalFile } from "#agent/journal/journal-file.ts";
import type { Journal } from "#agent/journal/journal.ts";
import { createWebSocketTransport } from "#agent/link/websocket-transport.ts";
import { agentRelease } from "#agent/release.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { awaitEnrolment, hasJoined, waitingText } from "./await-enrolment.ts";
import { stoppedNotice } from "./boot-before.ts";
import { exitCodeOf } from "./enroll.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { takeInstanceLock } from "./instance-lock.ts";
import { findJoinToken } from "./join-secret.ts";
import { explainEnrolEnd, joinFleet, pendingText, requireManager } from "./join-fleet.ts";
import { type Machine, openMachine } from "./machine.ts";
import type { ProgramEffects } from "./program-effects.ts";
import { openHands } from "./open-hands.ts";
import { openServiceManager, type ServiceManager } from "./service-manager.ts";
import { settleMemory } from "./settle-memory.ts";
import { openStatusFile, previousRunOf, readStatusFile, type StatusRecord } from "./status-file.ts";
import { witnessRounds } from "./witness-rounds.ts";

/** `wws-agent run`: enrols where it must and may, then reports until it is stopped. */
export async function run(
  asked: { readonly token: string | undefined },
  config: AgentConfig,
  effects: ProgramEffects,
): Promise<ExitCode> {
  const log = effects.openLog(config.logLevel);
  // A service's standard input is nobody's token, unless it is asked for.
  const readInput = asked.token === "-" ? effects.readInput : null;
  const token = await findJoinToken(asked.token, effects.environment, readInput);
  const { clock } = effects;
  const service = openServiceManager({
    environment: effects.environment,
    pid: process.pid,
    clock,
    log,
  });
  if (service.isThere && token === null && !(await isJoined(config, effects, service, log))) {
    return exitCodes.ok;
  }
  const answer = takeInstanceLock(config.data);
  if (answer.kind === "taken") {
    effects.tell(`an agent (process ${answer.pid}) runs on ${config.data} already`);
    return exitCodes.failed;
  }
  if (answer.kind === "unwritten") {
    log.warn({ err: answer.cause }, "data folder takes no writing; going on without a lock");
  }
  const before = readStatusFile(config.data);
  const status = openStatusFile(config.data, clock, log);
  const startedMs = clock.nowUnixMs();
  let boot: Pick<Machine, "bootId" | "bootBefore"> | null = null;
  const say = (phase: StatusRecord["phase"], notice: string | null, agent: AgentStatus | null) =>
    status.put({
      pid: process.pid,
      release: agentRelease,
      ...(boot === null ? {} : boot),
      phase,
      startedMs,
      writtenMs: startedMs,
      notice,
      agent,
    });
  try {
    const machine = openMachine(config, { ...effects, log }, before);
    boot = { bootId: machine.bootId, bootBefore: machine.bootBefore };
    const journal = openJournalFile(config.data);
    service.ready("looks at this machine for the first time");
    await machine.prepare();
    if (!isEnrolled(journal.read())) {
      say("enrolling", null, null);
      service.describe("asks the manager to take this host in");
      const parts = { config, journal, token, machine, log, attemptsMax: Number.POSITIVE_INFINITY };
      const cancelFeed = service.feedByTimer();
      const end = await joinFleet(
        {
          ...parts,
          onPending(notice) {
            say("pending", pendingText(notice), null);
            service.ready(`waits for an operator to approve it: ${notice.pendingId}`);
            // At once: whoever reads the log line below asks for the status next.
            status.flush();
            log.warn({ ...notice }, "this host waits for an operator to approve it");
          },
        },
        effects,
      ).finally(cancelFeed);
      if (end.kind !== "enrolled") {
        const text = explainEnrolEnd(end);
        say("ended", text, null);
        effects.tell(text);
        if (end.kind === "interrupted") return exitCodes.ok;
        return end.kind === "refused" ? exitCodes.turnedAway : exitCodeOf(end);
      }
      log.info({ hostId: end.identity.hostId, hostName: end.identity.hostName }, "host enrolled");
    }
    moveManager(journal, config);
    const hostId = journal.read()?.identity?.hostId ?? "";
    return await report({ config, journal, machine, log, say, service }, effects, () =>
      previousRunOf(before, hostId),
    );
  } finally {
    status.flush();
    if (answer.kind === "held") answer.lock.release();
  }
}

interface ReportParts {
  readonly config: AgentConfig;
  readonly journal: Journal;
  readonly machine: Machine;
  readonly log: Log;
  readonly service: ServiceManager;
  readonly say: (
    phase: StatusRecord["phase"],
    notice: string | null,
    agent: AgentStatus | null,
  ) => void;
}

async function report(
  { config, journal, machine, log, say, service }: ReportParts,
  effects: ProgramEffects,
  previousRun: () => ReturnType<typeof previousRunOf>,
): Promise<ExitCode> {
  const { clock, random, interrupted } = effects;
  const agent = startAgent(
    {
      release: agentRelease,
      simulated: config.simulated,
      ringBytesMax: config.ringBytes,
      pace: defaultPace,
    },
    {
      clock,
      random,
      log,
      transport: createWebSocketTransport({ clock, random }),
      journal,
      bootId: machine.bootId,
      createCollectors: (sink) =>
        witnessRounds(machine.createCollectors(sink), () => service.roundDone()),
      previousRun: previousRun(),
      hands: openHands(config, effects, requireEnrolled(journal.read()).identity),
      onStatus(status) {
        say("running", null, status);
        service.describe(`${status.hostName}: link to ${status.manager} is ${status.link.state}`);
      },
    },
  );
  const { hostId, hostName, manager } = agent.status();
  log.info({ hostId, hostName, manager, release: agentRelease }, "agent runs");
  const stop = (): void => {
    agent.stop().catch((error: unknown) => log.error({ err: error }, "agent did not stop cleanly"));
  };
  interrupted.addEventListener("abort", stop, { once: true });
  if (interrupted.aborted) stop();
  const cancelSettling = settleMemory(clock, typeof gc === "undefined" ? undefined : gc);
  const end = await agent.ended;
  cancelSettling();
  if (end.kind === "refused") {
    const { code, message, hint } = end.refusal;
    const text = `the manager turned this host away: ${message} (${code})\n  ${hint}`;
    say("ended", text, agent.status());
    effects.tell(text);
    return exitCodes.turnedAway;
  }
  say("ended", stoppedNotice, agent.status());
  log.info({ hostId }, "agent stopped");
  return exitCodes.ok;
}

/** False: stopped while it waited for somebody to enrol this host. */
async function isJoined(
  config: AgentConfig,
  { clock, interrupted }: ProgramEffects,
  service: ServiceManager,
  log: Log,
): Promise<boolean> {
  const journal = openJournalFile(config.data);
  if (hasJoined(journal)) return true;
  const text = waitingText(config.manager);
  log.warn({ data: config.data }, text);
  service.ready(text);
  try {
    await awaitEnrolment({ config, journal, clock, service, signal: interrupted });
    return true;
  } catch (error) {
    if (interrupted.aborted) return false;
    throw error;
  }
}

/** A manager that moved: the address is configuration, what is trusted stays. */
function moveManager(journal: Journal, config: AgentConfig): void {
  const facts = journal.read();
  if (facts === null || config.manager === null) return;
  const manager = requireManager(config.manager, facts.manager);
  if (manager !== facts.manager) journal.write({ ...facts, manager });
}
