import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { EnrolRequest } from "#proto/messages/frames.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { newUuidV7, type PendingId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { EnrolOutcome, PeerIdentity } from "./host-identity.ts";
import type { IdentityStore } from "./identity-store.ts";
import type { WaitingSerials } from "./waiting-serials.ts";

/** Machines that may wait at once; a token that ran away must not fill the disk. */
export const pendingMax = 4_000;
/** A machine that has not asked for this long gives its place up when there is none left. */
const silentMs = 24 * 3_600_000;
/** A machine that asks again is written down at most this often. */
const noteEveryMs = 30_000;
const retryAfterMsMin = 5_000;
/** All machines that wait together ask about this often. */
const askEveryMs = 20;

/** Where machines wait that a person must decide about, one place a key. */
export interface PendingDesk {
  /** False where all places are taken by machines that still ask. */
  hasRoom(): Promise<boolean>;
  /** Gives the machine a place, or notes that it asked again. */
  wait(
    peer: PeerIdentity,
    request: EnrolRequest,
    tokenId?: string,
  ): Promise<Result<EnrolOutcome, RefusalCode>>;
  dismiss(id: PendingId): Promise<boolean>;
}

export function createPendingDesk(effects: {
  readonly store: IdentityStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: FleetEvents;
  readonly log: Log;
  readonly serials: WaitingSerials;
}): PendingDesk {
  const { store, clock, random, events, log, serials } = effects;

  const hasRoom = async (): Promise<boolean> => {
    if ((await store.countPending()) < pendingMax) return true;
    const forgotten = await store.removeSilentPending(unixMs(clock.nowUnixMs() - silentMs));
    if (forgotten > 0) serials.reset();
    if (forgotten === 0) log.warn({ pendingMax }, "no room for another pending machine");
    return forgotten > 0;
  };

  return {
    hasRoom,

    async wait(peer, request, tokenId: string | null = null) {
      const now = clock.nowUnixMs();
      const known = await store.findPendingByKey(peer.fingerprint);
      if (known === undefined && !(await hasRoom())) return fail("overloaded");
      const id = known?.id ?? newUuidV7<PendingId>(now, random);
      const sinceNoted = known === undefined ? Number.POSITIVE_INFINITY : now - known.lastSeenMs;
      if (sinceNoted >= noteEveryMs || sinceNoted < 0 || known?.address !== peer.address)
        await store.upsertPending({
          id,
          fingerprint: peer.fingerprint,
          address: peer.address,
          identity: request.identity,
          simulated: request.simulated,
          firstSeenMs: known?.firstSeenMs ?? now,
          lastSeenMs: now,
          tokenId: known?.tokenId ?? tokenId,
        });
      if (known === undefined) serials.note(id, request.identity);
      if (known === undefined) {
        const { fingerprint, address } = peer;
        log.info({ pendingId: id, fingerprint, address }, "machine waits for an operator");
        events.publish({ kind: "pending-changed", pendingId: id });
      }
      const retryAfterMs = Math.max(retryAfterMsMin, (await store.countPending()) * askEveryMs);
      return ok({ kind: "pending", pendingId: id, retryAfterMs });
    },

    async dismiss(id) {
      if (!(await store.dismissPending(id, clock.nowUnixMs()))) return false;
      serials.remove(id);
      log.info({ pendingId: id }, "pending machine turned away");
      events.publish({ kind: "pending-changed", pendingId: id });
      return true;
    },
  };
}
