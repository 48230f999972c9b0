import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { foldSerial, usableSerial } from "#fleet/inventory/serial.ts";
import type { KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import type { HostIdentityEffects } from "./create-host-identity.ts";
import type { ApprovalRule, HostIdentity, PendingView, RuleOutcome } from "./host-identity.ts";
import type { PinnedKey } from "./identity-store.ts";
import { indexPlanned, isOpen, type Matched, matchPlanned } from "./match-planned.ts";
import type { WaitingSerials } from "./waiting-serials.ts";

/** How machines become hosts that were planned before them. */
export interface PlannedHosts extends Pick<HostIdentity, "approveByRule"> {
  /** The planned host of this name; undefined: no host, or one that is planned no more. */
  named(name: string): Promise<HostRecord | undefined>;
  /** The planned host that a machine is by a rule. */
  match(pending: PendingView, rule: ApprovalRule, site: string | null): Promise<Matched>;
  /** Makes the machine with this key that host; undefined: another machine was faster. */
  claim(
    host: HostRecord,
    machine: { readonly fingerprint: KeyFingerprint; readonly simulated: boolean },
    adopted: boolean,
  ): Promise<PinnedKey | undefined>;
  /** It waits no more. */
  left(id: PendingId): void;
}

export function createPlannedHosts(
  effects: HostIdentityEffects,
  serials: WaitingSerials,
): PlannedHosts {
  const { store, inventory, clock, events, log } = effects;

  const match: PlannedHosts["match"] = async (pending, rule, site) => {
    const said = usableSerial(pending.identity);
    const count = said === null ? 0 : await serials.count(said);
    const index = indexPlanned(await inventory.hosts(), await store.listPinnedHosts());
    return matchPlanned(pending, index, { rule, site, waiting: () => count });
  };

  const claim: PlannedHosts["claim"] = async (host, machine, adopted) => {
    const { fingerprint, simulated } = machine;
    // Refused where it broke off before the key was pinned: who has the key decides.
    await inventory.claimPlanned(host.id, { adopted, simulated });
    const pinned = await store.pinOnlyKey({
      fingerprint,
      hostId: host.id,
      generation: host.generation,
      pinnedMs: clock.nowUnixMs(),
    });
    if (pinned !== undefined) log.info({ hostId: host.id, fingerprint }, "planned host enrolled");
    return pinned;
  };

  return {
    match,
    claim,
    left: (id) => serials.remove(id),

    async named(name) {
      const host = (await inventory.hosts()).find((one) => one.name === name);
      if (host === undefined || !isOpen(host)) return undefined;
      return (await store.listPinnedHosts()).has(host.id) ? undefined : host;
    },

    async approveByRule({ rule, isDry, adopt, approvedBy }) {
      const waiting = await store.listPending();
      const tokens = new Map((await store.listTokens()).map((token) => [token.id, token]));
      const index = indexPlanned(await inventory.hosts(), await store.listPinnedHosts());
      const counts = countSerials(waiting);
      const approved: RuleOutcome["approved"][number][] = [];
      const left: RuleOutcome["left"][number][] = [];
      for (const pending of waiting) {
        const token = tokens.get(pending.tokenId ?? "");
        const matched = matchPlanned(pending, index, {
          rule,
          site: token?.site ?? null,
          waiting: (serial) => counts.get(serial) ?? 0,
        });
        const pendingId = pending.id;
        if (!matched.ok) {
          left.push({ pendingId, ...matched.why });
          continue;
        }
        const { host } = matched;
        const adopted = adopt ?? token?.adopts ?? false;
        if (!isDry && (await claim(host, pending, adopted)) === undefined) {
          const words = `${host.name} has another machine's key; \`wws-fleet host show\` has it`;
          left.push({ pendingId, code: "already-taken", words });
          continue;
        }
        approved.push({ pendingId, hostId: host.id, hostName: host.name, adopted });
        if (isDry) continue;
        serials.remove(pendingId);
        events.publish({ kind: "pending-changed", pendingId });
      }
      if (!isDry)
        log.info(
          { rule, approved: approved.length, left: left.length, approvedBy },
          "pending machines approved by a rule",
        );
      return { approved, left };
    },
  };
}

function countSerials(waiting: readonly PendingView[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { identity } of waiting) {
    const said = usableSerial(identity);
    if (said === null) continue;
    const serial = foldSerial(said);
    counts.set(serial, (counts.get(serial) ?? 0) + 1);
  }
  return counts;
}
