import type { AgentConfig } from "#agent/config/agent-config.ts";
import {
  type EnrolEnd,
  type EnrolFailure,
  enrolHost,
  type PendingNotice,
} from "#agent/enrolment/enrol.ts";
import type { JoinToken } from "#agent/enrolment/join-token.ts";
import type { Journal } from "#agent/journal/journal.ts";
import { formatManagerAddress, parseManagerAddress } from "#agent/link/manager-address.ts";
import { createWebSocketTransport } from "#agent/link/websocket-transport.ts";
import { agentRelease } from "#agent/release.ts";
import { discoverIdentity } from "#agent/report/discover-once.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Machine } from "./machine.ts";
import type { ProgramEffects } from "./program-effects.ts";
import { UsageError } from "./usage-error.ts";

export interface JoinParts {
  readonly config: AgentConfig;
  readonly journal: Journal;
  readonly token: JoinToken | null;
  readonly machine: Machine;
  readonly log: Log;
  readonly attemptsMax: number;
  readonly onPending: (notice: PendingNotice) => void;
}

/** Enrolment over real sockets, for `enroll` and for a `run` that was given a token. */
export async function joinFleet(parts: JoinParts, effects: ProgramEffects): Promise<EnrolEnd> {
  const { clock, random, interrupted } = effects;
  const { config, journal, machine } = parts;
  const manager = requireManager(config.manager, journal.read()?.manager ?? null);
  return enrolHost({
    transport: createWebSocketTransport({ clock, random }),
    journal,
    clock,
    random,
    log: parts.log,
    manager,
    token: parts.token,
    release: agentRelease,
    simulated: config.simulated,
    identity: await discoverIdentity(machine.createCollectors, clock),
    bootId: machine.bootId,
    attemptsMax: parts.attemptsMax,
    signal: interrupted,
    onPending: parts.onPending,
  });
}

/** The configured address, checked, in the form `host:port`; else the one of the journal. */
export function requireManager(configured: string | null, remembered: string | null): string {
  if (configured === null) {
    if (remembered !== null) return remembered;
    throw new UsageError("which manager? write --manager HOST:PORT, or set WWS_MANAGER");
  }
  const parsed = parseManagerAddress(configured);
  if (!parsed.ok) throw new UsageError(parsed.problem);
  return formatManagerAddress(parsed.value);
}

/** What a person should know of an enrolment that did not succeed. */
export function explainEnrolEnd(end: EnrolFailure): string {
  switch (end.kind) {
    case "refused":
      return `the manager refused: ${end.refusal.message}\n  ${end.refusal.hint}`;
    case "unreachable":
      return `the manager cannot be reached: ${end.detail}`;
    case "untrusted":
      return `the manager is not trusted, nothing was said to it: ${end.detail}`;
    case "no-token":
      return "this host is not enrolled: make a token with `wws-fleet enroll token` and give it by WWS_JOIN_TOKEN or --token";
    case "interrupted":
      return "interrupted; run it again to go on with the same key";
  }
}

export function pendingText({ pendingId, fingerprint }: PendingNotice): string {
  return `this host waits for an operator
  fingerprint  ${fingerprint}
  compare it in \`wws-fleet enroll pending\`, then \`wws-fleet enroll approve ${pendingId}\``;
}
