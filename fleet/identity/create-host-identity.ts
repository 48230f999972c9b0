import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { authenticate } from "./authenticate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { createEnrolment } from "./enrolment.ts";
import type { HostIdentity } from "./host-identity.ts";
import type { IdentityStore } from "./identity-store.ts";
import { newJoinToken } from "./join-token.ts";
import { createPendingDesk } from "./pending-desk.ts";
import { createPlannedHosts } from "./planned-hosts.ts";
import { createWaitingSerials } from "./waiting-serials.ts";

export interface HostIdentityEffects {
  readonly store: IdentityStore;
  readonly inventory: Inventory;
  readonly ca: CertificateAuthority;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: FleetEvents;
  readonly log: Log;
}

const dayMs = 86_400_000;
/** No token lives longer; there is no long-lived shared secret. */
export const tokenValidMsMax = dayMs;
/** How long a token that is over stays known, so that its bearer is told so. */
const tokenKeptMs = 7 * dayMs;

/** Who is a host, by SAFETY section 3: the pinned key decides, everything else only leads to it. */
export function createHostIdentity(effects: HostIdentityEffects): HostIdentity {
  const { store, ca, clock, random, log } = effects;
  const serials = createWaitingSerials(store);
  const desk = createPendingDesk({ ...effects, serials });
  const planned = createPlannedHosts(effects, serials);
  const enrolment = createEnrolment(effects, desk, planned);
  const revokedListeners = new Set<(hostId: HostId) => void>();

  return {
    authenticate: (peer) => authenticate(effects, peer),
    enrol: enrolment.enrol,

    async createToken(request) {
      const now = clock.nowUnixMs();
      const { text, secretSha256 } = newJoinToken(ca.keySha256, random);
      const id = newUuidV7(now, random);
      const expiresMs = unixMs(now + Math.min(request.validMs, tokenValidMsMax));
      await forgetOld();
      const standing =
        request.hostName === null ? undefined : await planned.named(request.hostName);
      await store.insertToken({
        id,
        kind: request.kind,
        secretSha256,
        hostId: standing?.id ?? newUuidV7(now, random),
        hostName: request.hostName,
        position: request.position,
        usesLeft: request.kind === "pending" ? Math.max(1, request.uses) : 1,
        usedBy: null,
        site: request.site ?? null,
        adopts: request.adopts ?? request.kind === "adopt",
        rule: request.rule ?? null,
        expiresMs,
        createdMs: now,
        createdBy: request.createdBy,
      });
      const { kind, createdBy } = request;
      log.info({ tokenId: id, kind, expiresMs, createdBy }, "enrolment token made");
      return { id, token: text, expiresMs };
    },

    async listTokens() {
      const tokens = await store.listTokens();
      return tokens.map(({ secretSha256: _, hostId: __, usedBy: ___, ...view }) => view);
    },

    listPending: () => store.listPending(),
    approve: enrolment.approve,
    approveByRule: planned.approveByRule,
    async setTokenRule(tokenId, rule) {
      const token = (await store.listTokens()).find(({ id }) => id === tokenId);
      if (token?.kind !== "pending") return false;
      if (!(await store.setTokenRule(tokenId, rule))) return false;
      log.info({ tokenId, rule }, "machines of a token are approved by a rule");
      return true;
    },
    dismiss: desk.dismiss,

    async revoke(hostId) {
      const keys = await store.unpinHost(hostId, clock.nowUnixMs());
      if (keys === 0) return false;
      log.warn({ hostId, keys }, "host identity revoked");
      for (const listener of revokedListeners) listener(hostId);
      return true;
    },

    revokedKeys: () => store.listRevokedKeys(),
    onRevoked(listener) {
      revokedListeners.add(listener);
      return () => revokedListeners.delete(listener);
    },
  };

  function forgetOld(): Promise<number> {
    const now = clock.nowUnixMs();
    return store.removeExpired({ secretsMs: now, tokensMs: unixMs(now - tokenKeptMs) });
  }
}
