import { type ChildOutcome, type ChildRequest, runChild } from "#agent/hardware/child.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";

/**
 * systemd, where it started us (Type=notify, WatchdogSec=): told that we are ready, what we do, and
 * that the loop goes round. Node has no datagram sockets of the unix kind, so each message is a
 * `systemd-notify`; there is one at a time, and with the unit's WatchdogSec one a minute.
 */
export interface ServiceManager {
  /** false: nobody started us who wants to know; everything below does nothing. */
  readonly isThere: boolean;
  /** Ready, and doing what `text` says. */
  ready(text: string): void;
  /**
   * One more round of the loop is done. Sends the watchdog its sign when a third of its time is
   * over, so that one sign may be lost.
   */
  roundDone(): void;
  /** Before there is anything to sample: a round is that the event loop goes round. */
  feedByTimer(): CancelTimer;
  /** What people read in `systemctl status`; goes with the next sign. */
  describe(text: string): void;
}

export interface ServiceManagerParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly run?: (request: ChildRequest) => Promise<ChildOutcome>;
}

const notifyProgram = "/usr/bin/systemd-notify";
/** It waits until systemd has taken the message; a systemd that is stuck keeps no child alive. */
const notifyTimeoutMs = 5_000;
const signsPerWatchdog = 3;
const feedsPerSign = 4;
const statusCharactersMax = 200;

export function openServiceManager(parts: ServiceManagerParts): ServiceManager {
  const { environment, clock, log, run = runChild } = parts;
  const socket = environment["NOTIFY_SOCKET"];
  if (socket === undefined || socket === "") return nobody;
  const signMs = watchdogMs(environment, parts.pid) / signsPerWatchdog;
  let isReady = false;
  let text = "";
  let lastMs = Number.NEGATIVE_INFINITY;
  let isRunning = false;
  let isWaiting = false;
  let hasFailed = false;

  const fail = (problem: string): void => {
    if (!hasFailed) log.warn({ problem }, "systemd could not be told");
    hasFailed = true;
  };
  const send = (): void => {
    if (isRunning) {
      isWaiting = true;
      return;
    }
    isRunning = true;
    isWaiting = false;
    lastMs = clock.nowMonotonicMs();
    const ready = isReady ? ["--ready"] : [];
    const outcome = run({
      program: notifyProgram,
      args: [...ready, `--status=${text}`, "WATCHDOG=1"],
      timeoutMs: notifyTimeoutMs,
      outputBytesMax: 4_096,
      env: { NOTIFY_SOCKET: socket, LC_ALL: "C" },
    });
    void outcome.then((answer) => {
      isRunning = false;
      if (answer.kind === "ended" && answer.exitCode === 0) hasFailed = false;
      else fail(answer.kind === "ended" ? answer.stderr.slice(0, 200) : answer.kind);
      if (isWaiting) send();
    });
  };
  const describe = (next: string): void => {
    text = next.replace(/[^\x20-\x7e]+/g, " ").slice(0, statusCharactersMax);
  };
  const roundDone = (): void => {
    if (clock.nowMonotonicMs() - lastMs >= signMs) send();
  };
  return {
    isThere: true,
    ready(next) {
      const before = isReady ? text : null;
      isReady = true;
      describe(next);
      if (text !== before) send();
    },
    roundDone,
    feedByTimer() {
      let cancel = (): void => {};
      const again = (): void => {
        roundDone();
        if (Number.isFinite(signMs)) cancel = clock.after(signMs / feedsPerSign, again);
      };
      again();
      return () => cancel();
    },
    describe,
  };
}

/** Infinity: nobody watches. sd_watchdog_enabled(3). */
function watchdogMs(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): number {
  const microseconds = Number(environment["WATCHDOG_USEC"] ?? "0");
  const meant = environment["WATCHDOG_PID"];
  const isOurs = meant === undefined || meant === String(pid);
  return isOurs && Number.isFinite(microseconds) && microseconds > 0
    ? microseconds / 1_000
    : Number.POSITIVE_INFINITY;
}

const nobody: ServiceManager = {
  isThere: false,
  ready: () => {},
  roundDone: () => {},
  feedByTimer: () => () => {},
  describe: () => {},
};
