import type { AgentConfig } from "#agent/config/agent-config.ts";
import { isEnrolled } from "#agent/journal/enrolled.ts";
import type { Journal } from "#agent/journal/journal.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import { findInstance } from "./instance-lock.ts";
import type { ServiceManager } from "./service-manager.ts";

/** How long until an enrolment that was done beside us is seen. */
const lookMs = 2_000;

export interface WaitParts {
  readonly config: AgentConfig;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly service: ServiceManager;
  readonly signal: AbortSignal;
}

/**
 * A service that was installed before anybody said which fleet this host belongs to waits here, in
 * good health, instead of failing again and again. It holds no lock, so `wws-agent enroll` may do its
 * work; when that is done (or waits in pending, and its program is gone) the service goes on.
 * Rejects when `signal` is aborted.
 */
export async function awaitEnrolment(parts: WaitParts): Promise<void> {
  const { config, journal, clock, service, signal } = parts;
  while (!hasJoined(journal) || findInstance(config.data) !== null) {
    await sleep(clock, lookMs, signal);
    service.roundDone();
  }
}

/** There is an identity, or a manager that knows this host's key and has yet to approve it. */
export function hasJoined(journal: Journal): boolean {
  const facts = journal.read();
  return isEnrolled(facts) || (facts?.caKeySha256 ?? null) !== null;
}

export function waitingText(manager: string | null): string {
  const address = manager ?? "HOST:PORT";
  return `waits: this host is in no fleet; wws-agent enroll --manager ${address} with a token of \`wws-fleet enroll token\``;
}
