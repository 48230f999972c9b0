import type { HostRecord, Phase } from "#fleet/inventory/host-record.ts";
import type { NewHost } from "#fleet/inventory/inventory.ts";
import type { InventoryConflict } from "#fleet/inventory/inventory-store.ts";
import type { EnrolRequest } from "#proto/messages/frames.ts";
import type { HostId, KeyFingerprint } from "#proto/vocabulary/ids.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { readPeer } from "./authenticate.ts";
import type { HostIdentityEffects } from "./create-host-identity.ts";
import type { EnrolOutcome, HostIdentity, PeerIdentity } from "./host-identity.ts";
import { nameUnnamedHost } from "./host-name.ts";
import type { PinnedKey, StoredToken } from "./identity-store.ts";
import type { PendingDesk } from "./pending-desk.ts";
import { spendToken } from "./spend-token.ts";

/** Until the lifecycle exists, a host serves as soon as its identity is proven (CONTRACT, Host). */
const phaseOfEnrolled: Phase = "active";

/**
 * The two ways to become a host: at once by a token that an operator made for it, or after an
 * operator approved a machine that waits. Each step may run twice: a crash or a lost answer leaves
 * nothing that the same key asking again does not complete.
 */
export function createEnrolment(
  effects: HostIdentityEffects,
  desk: PendingDesk,
): Pick<HostIdentity, "enrol" | "approve"> {
  const { store, inventory, ca, clock, events, log } = effects;

  return {
    // A refusal is its caller's to tell: everybody on the network can cause any number.
    enrol,

    async approve(id, approval) {
      const pending = await store.findPending(id);
      if (pending === undefined) return fail({ kind: "no-such-pending" });
      const { hostName: name, position, adopt: adopted, approvedBy } = approval;
      // The place's id becomes the host's, so that approving twice makes one host.
      const hostId = pending.id as string as HostId;
      const added = await addOnce({
        id: hostId,
        name,
        phase: phaseOfEnrolled,
        position,
        simulated: pending.simulated,
        adopted,
        watchedOnly: adopted,
        serial: null,
      });
      if (!added.ok) return fail(asApprovalProblem(added.problem));
      await pin(pending.fingerprint, added.value);
      log.info({ hostId, pendingId: id, approvedBy }, "pending machine approved");
      events.publish({ kind: "pending-changed", pendingId: id });
      return ok(hostId);
    },
  };

  async function enrol(
    peer: PeerIdentity,
    request: EnrolRequest,
  ): Promise<Result<EnrolOutcome, RefusalCode>> {
    const read = readPeer(peer);
    if (!read.ok) return read;
    const { spki } = read.value;
    // The key is a host's already: approved meanwhile, or an answer was lost.
    const pinned = await store.findPinnedKey(peer.fingerprint);
    if (pinned !== undefined) return issue(pinned, spki);
    if (request.token === null) return askAgain(peer, request);
    const waits = await store.findPendingByKey(peer.fingerprint);
    const spent = await spendToken(effects, peer.fingerprint, request.token, {
      mayWait: async () => waits !== undefined || (await desk.hasRoom()),
      alreadyWaits: waits !== undefined,
    });
    if (!spent.ok) return spent;
    if (spent.value.kind === "pending") return desk.wait(peer, request);
    const added = await addByToken(spent.value, request);
    if (!added.ok) {
      // Somebody else has the name or the place that this token stands for: a person must decide.
      log.warn({ tokenId: spent.value.id, conflict: added.problem }, "token cannot be carried out");
      return desk.wait(peer, request);
    }
    return issue(await pin(peer.fingerprint, added.value), spki);
  }

  async function askAgain(
    peer: PeerIdentity,
    request: EnrolRequest,
  ): Promise<Result<EnrolOutcome, RefusalCode>> {
    const waits = await store.findPendingByKey(peer.fingerprint);
    if (waits !== undefined) return desk.wait(peer, request);
    const turnedAway = await store.findTurnedAway(peer.fingerprint);
    if (turnedAway === undefined) return fail("token-missing");
    return fail(turnedAway.why === "revoked" ? "identity-removed" : "pending-removed");
  }

  async function addByToken(
    token: StoredToken,
    request: EnrolRequest,
  ): Promise<Result<HostRecord, InventoryConflict>> {
    const hosts = await inventory.hosts();
    const isTaken = (name: string): boolean =>
      hosts.some((host) => host.name === name && host.id !== token.hostId);
    return addOnce({
      id: token.hostId,
      name: token.hostName ?? nameUnnamedHost(request.identity.hostname, token.hostId, isTaken),
      phase: phaseOfEnrolled,
      position: token.position,
      simulated: request.simulated,
      adopted: token.kind === "adopt",
      watchedOnly: token.kind === "adopt",
      serial: null,
    });
  }

  async function addOnce(host: NewHost): Promise<Result<HostRecord, InventoryConflict>> {
    const known = await inventory.host(host.id);
    return known === undefined ? inventory.addHost(host) : ok(known);
  }

  async function pin(fingerprint: KeyFingerprint, host: HostRecord): Promise<PinnedKey> {
    const pinned = await store.pinKey({
      fingerprint,
      hostId: host.id,
      generation: host.generation,
      pinnedMs: clock.nowUnixMs(),
    });
    const { hostId } = pinned;
    if (hostId === host.id) log.info({ hostId, fingerprint }, "host enrolled");
    else
      log.warn({ hostId, wanted: host.id, fingerprint }, "key was pinned to another host before");
    return pinned;
  }

  async function issue(
    pinned: PinnedKey,
    spki: Uint8Array,
  ): Promise<Result<EnrolOutcome, RefusalCode>> {
    const host = await inventory.host(pinned.hostId);
    invariant(host !== undefined, `a key is pinned to ${pinned.hostId}, which is no host`);
    return ok({
      kind: "issued",
      hostId: host.id,
      hostName: host.name,
      generation: pinned.generation,
      chain: ca.issueHost(host.id, spki),
    });
  }
}

function asApprovalProblem(
  conflict: InventoryConflict,
): Exclude<InventoryConflict, { kind: "revision-moved" }> {
  invariant(conflict.kind !== "revision-moved", "a record that is new has no revision to move");
  return conflict;
}
