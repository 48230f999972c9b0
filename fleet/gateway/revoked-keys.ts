import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Session } from "./session-host.ts";

/**
 * Looks for sessions whose key was unpinned through another manager of the cell, which tells nobody
 * here. Begins at once; the answer stops it.
 */
export function watchRevokedKeys(parts: {
  readonly identity: Pick<HostIdentity, "revokedKeys" | "authenticate">;
  readonly clock: Clock;
  readonly log: Log;
  /** From the end of one look to the begin of the next. */
  readonly lookMs: number;
  /** All of them, also those whose key is still being looked up. */
  readonly sessions: Iterable<Session>;
  /** Its key is no host's any more. */
  readonly onRevoked: (session: Session) => Promise<void>;
}): () => void {
  const { identity, clock, log, lookMs } = parts;
  let isStopped = false;
  let cancel = (): void => {};

  const judge = async (session: Session): Promise<void> => {
    // It may have been let in again while that was read.
    const answer = await identity.authenticate(session.peer);
    if (!answer.ok && answer.problem === "identity-removed") await parts.onRevoked(session);
  };
  const look = async (): Promise<void> => {
    const revoked = await identity.revokedKeys();
    const found = [...parts.sessions].filter(({ peer }) => revoked.has(peer.fingerprint));
    await Promise.all(found.map(judge));
  };
  const lookLater = (): void => {
    if (isStopped) return;
    cancel = clock.after(lookMs, () => {
      look()
        .catch((err: unknown) =>
          log.warn({ err }, "which hosts were removed elsewhere could not be read"),
        )
        .finally(lookLater);
    });
  };
  lookLater();
  return () => {
    isStopped = true;
    cancel();
  };
}
