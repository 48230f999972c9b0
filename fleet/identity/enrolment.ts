import type { HostRecord, Phase } from "#fleet/inventory/host-record.ts";
import type { NewHost } from "#fleet/inventory/inventory.ts";
import type { InventoryConflict } from "#fleet/inventory/inventory-store.ts";
import type { EnrolRequest } from "#proto/messages/frames.ts";
import type { HostId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import { formatPosition } from "#proto/vocabulary/position.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { readPeer } from "./authenticate.ts";
import type { HostIdentityEffects } from "./create-host-identity.ts";
import type {
  Approval,
  ApprovalProblem,
  EnrolOutcome,
  HostIdentity,
  PeerIdentity,
  PendingView,
} from "./host-identity.ts";
import { nameUnnamedHost } from "./host-name.ts";
import type { PinnedKey, StoredToken } from "./identity-store.ts";
import { isOpen } from "./match-planned.ts";
import type { PendingDesk } from "./pending-desk.ts";
import type { PlannedHosts } from "./planned-hosts.ts";
import { spendToken } from "./spend-token.ts";

/** A host that nobody planned serves as soon as its identity is proven; a planned one is `new`. */
const phaseOfEnrolled: Phase = "active";

/**
 * The two ways to become a host: at once by a token that an operator made for it, or after an
 * operator approved a machine that waits. Each step may run twice: a crash or a lost answer leaves
 * nothing that the same key asking again does not complete.
 */
export function createEnrolment(
  effects: HostIdentityEffects,
  desk: PendingDesk,
  planned: PlannedHosts,
): Pick<HostIdentity, "enrol" | "approve"> {
  const { store, inventory, ca, clock, events, log } = effects;

  return {
    // A refusal is its caller's to tell: everybody on the network can cause any number.
    enrol,

    async approve(id, approval) {
      const pending = await store.findPending(id);
      if (pending === undefined) return fail(await whyNoPending(id));
      const target = await findTarget(pending, approval);
      if (!target.ok) return target;
      if (target.value !== null) return claimPlanned(pending, target.value, approval);
      const { hostName: name, position, adopt: adopted, approvedBy } = approval;
      // The place's id becomes the host's, so that approving twice makes one host.
      const hostId = pending.id as string as HostId;
      const added = await addOnce({
        id: hostId,
        name: name ?? "",
        phase: phaseOfEnrolled,
        position,
        simulated: pending.simulated,
        adopted,
        watchedOnly: adopted,
        serial: null,
      });
      if (!added.ok) return fail(await asApprovalProblem(added.problem, hostId));
      if (added.value.name !== name)
        return fail({ kind: "approved-before", name: added.value.name });
      await pin(pending.fingerprint, added.value);
      planned.left(id);
      log.info({ hostId, pendingId: id, approvedBy }, "pending machine approved");
      events.publish({ kind: "pending-changed", pendingId: id });
      return ok(hostId);
    },
  };

  /** It does not wait: because it is a host by now, or because it never did. */
  async function whyNoPending(id: PendingId): Promise<ApprovalProblem> {
    const host = await inventory.host(id as string as HostId);
    return host === undefined
      ? { kind: "no-such-pending" }
      : { kind: "approved-before", name: host.name };
  }

  /** The planned host that an approval means; null: it makes a new one. */
  async function findTarget(
    pending: PendingView,
    { hostName, position }: Approval,
  ): Promise<Result<HostRecord | null, ApprovalProblem>> {
    if (hostName === null) {
      const matched = await planned.match(pending, ["serial"], null);
      return matched.ok
        ? ok(matched.host)
        : fail({ kind: "not-planned", words: matched.why.words });
    }
    const host = (await planned.named(hostName)) ?? null;
    const place = host?.position ?? null;
    if (host === null || position === null || place === null) return ok(host);
    const isItsPlace = formatPosition(place) === formatPosition(position);
    return isItsPlace ? ok(host) : fail({ kind: "name-taken", name: host.name });
  }

  /** The id is a host's by now: somebody approved it at the same moment. */
  async function asApprovalProblem(
    conflict: InventoryConflict,
    hostId: HostId,
  ): Promise<ApprovalProblem> {
    if (conflict.kind !== "revision-moved") return conflict;
    const host = await inventory.host(hostId);
    return { kind: "approved-before", name: host?.name ?? "another name" };
  }

  async function claimPlanned(
    pending: PendingView,
    host: HostRecord,
    { adopt, approvedBy }: Approval,
  ): Promise<Result<HostId, ApprovalProblem>> {
    if ((await planned.claim(host, pending, adopt)) === undefined)
      return fail({ kind: "name-taken", name: host.name });
    planned.left(pending.id);
    log.info({ hostId: host.id, pendingId: pending.id, approvedBy }, "pending machine approved");
    events.publish({ kind: "pending-changed", pendingId: pending.id });
    return ok(host.id);
  }

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
    if (request.token === null) return askAgain(peer, spki, request);
    const waits = await store.findPendingByKey(peer.fingerprint);
    const spent = await spendToken(effects, peer.fingerprint, request.token, {
      mayWait: async () => waits !== undefined || (await desk.hasRoom()),
      alreadyWaits: waits !== undefined,
    });
    if (!spent.ok) return spent;
    if (spent.value.kind === "pending")
      return letInByRule(peer, spki, await desk.wait(peer, request, spent.value.id), request);
    const standing = await inventory.host(spent.value.hostId);
    if (standing !== undefined) return becomeStanding(standing, spent.value, peer, spki, request);
    const added = await addByToken(spent.value, request);
    if (!added.ok) {
      // Somebody else has the name or the place that this token stands for: a person must decide.
      log.warn({ tokenId: spent.value.id, conflict: added.problem }, "token cannot be carried out");
      return desk.wait(peer, request);
    }
    return issue(await pin(peer.fingerprint, added.value), spki);
  }

  /** The host that a token stands for is there: it was planned, or making it broke off. */
  async function becomeStanding(
    host: HostRecord,
    token: StoredToken,
    peer: PeerIdentity,
    spki: Uint8Array,
    request: EnrolRequest,
  ): Promise<Result<EnrolOutcome, RefusalCode>> {
    const { fingerprint } = peer;
    const machine = { fingerprint, simulated: request.simulated };
    const key = { fingerprint, hostId: host.id, generation: host.generation };
    const pinned = isOpen(host)
      ? await planned.claim(host, machine, token.kind === "adopt")
      : await store.pinOnlyKey({ ...key, pinnedMs: clock.nowUnixMs() });
    if (pinned !== undefined) return issue(pinned, spki);
    log.warn({ tokenId: token.id, host: host.name }, "the host of a token is another machine");
    return desk.wait(peer, request, token.id);
  }

  /** A machine whose token has a rule is let in at once where it is one planned host by that rule. */
  async function letInByRule(
    peer: PeerIdentity,
    spki: Uint8Array,
    waits: Result<EnrolOutcome, RefusalCode>,
    { identity, simulated }: EnrolRequest,
  ): Promise<Result<EnrolOutcome, RefusalCode>> {
    if (!waits.ok || waits.value.kind !== "pending") return waits;
    const pending = await store.findPendingByKey(peer.fingerprint);
    if (pending === undefined || pending.tokenId === null) return waits;
    const token = (await store.listTokens()).find(({ id }) => id === pending.tokenId);
    if (token === undefined || token.rule === null) return waits;
    if (token.expiresMs <= clock.nowUnixMs()) return waits;
    // What it says now: the BMC may have answered only after it began to wait.
    const matched = await planned.match({ ...pending, identity }, token.rule, token.site);
    if (!matched.ok) {
      log.debug({ pendingId: pending.id, why: matched.why }, "a rule leaves a machine waiting");
      return waits;
    }
    const machine = { fingerprint: peer.fingerprint, simulated };
    const claimed = await planned.claim(matched.host, machine, token.adopts);
    if (claimed === undefined) return waits;
    planned.left(pending.id);
    const { id: tokenId, rule } = token;
    log.info({ hostId: claimed.hostId, pendingId: pending.id, tokenId, rule }, "machine let in");
    events.publish({ kind: "pending-changed", pendingId: pending.id });
    return issue(claimed, spki);
  }

  async function askAgain(
    peer: PeerIdentity,
    spki: Uint8Array,
    request: EnrolRequest,
  ): Promise<Result<EnrolOutcome, RefusalCode>> {
    const waits = await store.findPendingByKey(peer.fingerprint);
    if (waits !== undefined)
      return letInByRule(peer, spki, await desk.wait(peer, request), request);
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
