import type { HostIdentity, PendingView, TokenView } from "#fleet/identity/host-identity.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "./inventory-builders.ts";

export interface MemoryIdentity extends HostIdentity {
  putPending(pending: PendingView): void;
  readonly revoked: readonly HostId[];
}

/** The operators' half of the identity port, over the real inventory; no certificates. */
export function createMemoryIdentity(effects: {
  readonly clock: Clock;
  readonly inventory: Inventory;
}): MemoryIdentity {
  const { clock, inventory } = effects;
  const tokens: TokenView[] = [];
  const pending = new Map<string, PendingView>();
  const revoked: HostId[] = [];
  let approvals = 0;
  return {
    revoked,
    putPending: (view) => {
      pending.set(view.id, view);
    },
    authenticate: async () => fail("identity-removed"),
    enrol: async () => fail("token-wrong"),
    async createToken(request) {
      const id = `token-${tokens.length + 1}`;
      const createdMs = clock.nowUnixMs();
      const expiresMs = unixMs(createdMs + request.validMs);
      const { kind, hostName, position, uses, createdBy } = request;
      tokens.push({
        id,
        kind,
        hostName,
        position,
        usesLeft: uses,
        expiresMs,
        createdMs,
        createdBy,
      });
      return { id, token: `wws1.SECRET-${tokens.length}.CAHASH`, expiresMs };
    },
    listTokens: async () => tokens,
    listPending: async () => [...pending.values()],
    async approve(id, approval) {
      const view = pending.get(id);
      if (view === undefined) return fail({ kind: "no-such-pending" });
      approvals += 1;
      const added = await inventory.addHost({
        id: hostIdOf(900 + approvals),
        name: approval.hostName,
        phase: "active",
        position: approval.position,
        simulated: view.simulated,
        adopted: approval.adopt,
        serial: null,
      });
      if (added.ok) {
        pending.delete(id);
        return ok(added.value.id);
      }
      if (added.problem.kind === "revision-moved") throw new Error("no revision is given here");
      return fail(added.problem);
    },
    dismiss: async (id) => pending.delete(id),
    async revoke(hostId) {
      revoked.push(hostId);
      return true;
    },
    onRevoked: () => () => {},
  };
}
