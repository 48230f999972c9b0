import type { Reserve } from "#fleet/executor/executor-effects.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { Asker, Lifecycle } from "#fleet/lifecycle/lifecycle.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

export interface ReserveParts {
  readonly inventory: Pick<Inventory, "hosts">;
  readonly lifecycle: Pick<Lifecycle, "view" | "addHold">;
  readonly whyNotPlace: (hostId: HostId, forWhom: string | null) => Promise<readonly Why[]>;
  readonly tenancy: Pick<Tenancy, "tenants">;
  readonly clock: Clock;
}

/** A place that its tenant has not taken by then is given to others again. */
const keptForMs = 7 * 86_400_000;

/**
 * Keeps a place for each lease that has to move: a host of the same class that takes new work, in the
 * same site if there is one, else in the same region, that stays free for this tenant by a
 * reservation. What was reserved for the lease before is found again.
 */
export function createReserve(parts: ReserveParts): Reserve {
  return async ({ host, operation, leases }) => {
    const hosts = await parts.inventory.hosts();
    const names = new Map((await parts.tenancy.tenants()).map(({ id, name }) => [id, name]));
    const taken = new Set<HostId>([host.id]);
    const found: string[] = [];
    for (const lease of leases) {
      const tenant = names.get(lease.tenantId) ?? lease.tenantId;
      const place =
        findReserved(parts, hosts, lease) ??
        (await findFree(parts, { host, hosts, lease, tenant, taken }));
      if (place === undefined) return fail([noPlace(host, lease, tenant)]);
      taken.add(place.id);
      if (findReserved(parts, [place], lease) === undefined) {
        const asker: Asker = {
          name: `drain ${operation.id}`,
          kind: "automation",
          reason: reasonOf(lease, host),
        };
        const nowMs = parts.clock.nowUnixMs();
        const held = await parts.lifecycle.addHold(
          {
            hostId: place.id,
            kind: "reservation",
            forWhom: tenant,
            expiresMs: unixMs(nowMs + keptForMs),
            reviewMs: null,
          },
          asker,
        );
        if (!held.ok) return fail([noPlace(host, lease, tenant)]);
      }
      found.push(`${place.name} for ${tenant}`);
    }
    return ok(`a place is kept: ${found.join(", ")}`);
  };
}

function reasonOf(lease: LeaseRecord, host: HostRecord): string {
  return `a place for lease ${lease.id}, which leaves ${host.name}`;
}

function findReserved(
  { lifecycle, clock }: ReserveParts,
  hosts: readonly HostRecord[],
  lease: LeaseRecord,
): HostRecord | undefined {
  const nowMs = clock.nowUnixMs();
  const isOurs = (hold: HoldRecord): boolean =>
    hold.kind === "reservation" &&
    hold.reason.startsWith(`a place for lease ${lease.id},`) &&
    (hold.expiresMs === null || hold.expiresMs > nowMs);
  return hosts.find((host) => lifecycle.view(host).holds.some(isOurs));
}

/** The nearest comes first; one that another lease of this drain has just got is not taken twice. */
async function findFree(
  parts: ReserveParts,
  ask: {
    readonly host: HostRecord;
    readonly hosts: readonly HostRecord[];
    readonly lease: LeaseRecord;
    readonly tenant: string;
    readonly taken: ReadonlySet<HostId>;
  },
): Promise<HostRecord | undefined> {
  const { host, lease, tenant, taken } = ask;
  const alike = ask.hosts
    .filter(
      (other) =>
        !taken.has(other.id) &&
        other.hardwareClass === host.hardwareClass &&
        other.simulated === host.simulated &&
        distance(host, other) !== null,
    )
    .toSorted(
      (a, b) => (distance(host, a) ?? 0) - (distance(host, b) ?? 0) || (a.name < b.name ? -1 : 1),
    );
  for (const other of alike) {
    const { leases } = parts.lifecycle.view(other);
    if (lease.share === "exclusive" && leases.length > 0) continue;
    if ((await parts.whyNotPlace(other.id, tenant)).length === 0) return other;
  }
  return undefined;
}

/** 0: another rack of the site; 1: its own rack; 2: elsewhere in the region; null: too far. */
function distance(from: HostRecord, to: HostRecord): number | null {
  const [a, b] = [from.position, to.position];
  if (a === null || b === null) return a === b ? 2 : null;
  if (a.region !== b.region) return null;
  if (a.site !== b.site) return 2;
  return a.row === b.row && a.rack === b.rack ? 1 : 0;
}

function noPlace(host: HostRecord, lease: LeaseRecord, tenant: string): Why {
  const site = host.position?.site ?? "none";
  const hardwareClass = host.hardwareClass ?? "none";
  return {
    code: "capacity",
    words: `no host of class ${hardwareClass} in or near ${site} takes ${lease.share === "exclusive" ? "an exclusive" : "a shared"} lease of ${tenant}`,
    who: "an operator, by freeing a host, or the tenant by ending its lease",
    command: exits.hostList(`class=${hardwareClass},site=${site}`),
    untilMs: null,
  };
}
