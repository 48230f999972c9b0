import type { BootEvidence } from "#proto/messages/state.ts";

/**
 * After a restart of ours nobody remembers of which boot the stored state speaks: then its own word
 * must fit, and the host's clock be right.
 */
export function isOfNewBoot(
  boot: BootEvidence | null,
  hasNewState: boolean,
  lastHeardMs: number | null,
): boolean {
  if (boot === null || hasNewState) return hasNewState;
  return lastHeardMs !== null && boot.bootedMs >= lastHeardMs - clockSlackMs;
}

const clockSlackMs = 60_000;
