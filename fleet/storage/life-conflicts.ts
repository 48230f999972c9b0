import type { Transaction } from "kysely";
import type { LifeChange, LifeConflict } from "#fleet/lifecycle/life-store.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { freezeWhy, mayWhileFrozen } from "#fleet/lifecycle/freeze.ts";
import { readFreeze } from "./freeze-rows.ts";
import type { HostRow } from "./inventory-columns.ts";
import { findConflict } from "./inventory-tables.ts";
import { leaseFromRow } from "./life-rows.ts";
import type { VersionedTable } from "./life-packing.ts";
import { isHarmless, isInSafeMode } from "./safe-mode-rows.ts";
import type { Tables } from "./tables.ts";

type Trx = Transaction<Tables>;

/**
 * Why a change cannot be written now; undefined: it can, and nothing that was looked at changes until
 * the transaction ends. Writes nothing.
 */
export async function findLifeConflict(
  trx: Trx,
  engine: "sqlite" | "postgres",
  change: LifeChange,
): Promise<LifeConflict | undefined> {
  const overruled = await findOverruled(trx, change.term);
  if (overruled !== undefined) return overruled;
  if (!isHarmless(change) && (await isInSafeMode(trx))) return { kind: "safe-mode" };
  const freeze = mayWhileFrozen(change) ? null : await readFreeze(trx);
  if (freeze !== null) return { kind: "frozen", why: freezeWhy(freeze, false) };
  const hosts = await readHosts(trx, engine, change);
  return (
    (await findMovedHost(trx, change, hosts)) ??
    (await findMovedRecord(trx, change)) ??
    findMissingHost(change, hosts) ??
    (await findMovedHold(trx, change)) ??
    (await findTenantConflict(trx, change)) ??
    (await findTakenLease(trx, change))
  );
}

/** Another term than the stored one: another manager leads, or the store is older than this manager. */
export async function findOverruled(trx: Trx, term: number): Promise<LifeConflict | undefined> {
  const row = await trx.selectFrom("leadership").select("term").executeTakeFirst();
  if (row === undefined || row.term === term) return undefined;
  return { kind: "term-over", term, current: row.term };
}

/** Every host that the change names; other managers' writes of them wait until we are done. */
async function readHosts(
  trx: Trx,
  engine: "sqlite" | "postgres",
  change: LifeChange,
): Promise<ReadonlyMap<string, HostRow>> {
  const ids = new Set<string>();
  for (const { record } of change.hosts ?? []) ids.add(record.id);
  for (const { record } of change.operations ?? []) ids.add(record.hostId);
  for (const { record } of change.leases ?? []) ids.add(record.hostId);
  for (const { hostId } of change.holdsAdded ?? []) ids.add(hostId);
  const found = new Map<string, HostRow>();
  for (const page of inPages([...ids].toSorted(), 500)) {
    const query = trx.selectFrom("hosts").selectAll().where("id", "in", page).orderBy("id");
    // SQLite has the whole database to itself already.
    const rows = await (engine === "postgres" ? query.forUpdate() : query).execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

async function findMovedHost(
  trx: Trx,
  change: LifeChange,
  hosts: ReadonlyMap<string, HostRow>,
): Promise<LifeConflict | undefined> {
  for (const { record, expectedRevision } of change.hosts ?? []) {
    const stored = hosts.get(record.id);
    const moved = { kind: "moved", what: "host", id: record.id } as const;
    if ((stored?.revision ?? 0) !== expectedRevision) return moved;
    if (stored === undefined) {
      const removed = await trx
        .selectFrom("removed_hosts")
        .select("id")
        .where("id", "=", record.id)
        .executeTakeFirst();
      if (removed !== undefined) return moved;
    }
    const conflict = await findConflict(trx, record);
    if (conflict?.kind === "name-taken") return conflict;
    if (conflict !== undefined) return moved;
  }
  return undefined;
}

const versioned = [
  ["operations", "operation"],
  ["plans", "plan"],
  ["leases", "lease"],
  ["tenants", "tenant"],
] as const satisfies readonly (readonly [VersionedTable, string])[];

async function findMovedRecord(trx: Trx, change: LifeChange): Promise<LifeConflict | undefined> {
  for (const [table, what] of versioned)
    for (const { record, expectedVersion } of change[table] ?? []) {
      const stored = await trx
        .selectFrom(table as VersionedTable)
        .select("version")
        .where("id", "=", record.id)
        .executeTakeFirst();
      if ((stored?.version ?? 0) !== expectedVersion) return { kind: "moved", what, id: record.id };
    }
  return undefined;
}

/** Whatever begins on a host needs the host. What ends may outlive it. */
function findMissingHost(
  change: LifeChange,
  hosts: ReadonlyMap<string, HostRow>,
): LifeConflict | undefined {
  const named: HostId[] = [];
  for (const { record, expectedVersion } of change.operations ?? [])
    if (expectedVersion === 0) named.push(record.hostId);
  for (const { record } of change.leases ?? [])
    if (record.endedMs === null) named.push(record.hostId);
  for (const { hostId } of change.holdsAdded ?? []) named.push(hostId);
  const added = new Set(change.hosts?.map(({ record }) => record.id));
  const missing = named.find((id) => !hosts.has(id) && !added.has(id));
  return missing && { kind: "moved", what: "host", id: missing };
}

async function findMovedHold(trx: Trx, change: LifeChange): Promise<LifeConflict | undefined> {
  const isThere = async (id: string): Promise<boolean> =>
    (await trx.selectFrom("holds").select("id").where("id", "=", id).executeTakeFirst()) !==
    undefined;
  for (const id of change.holdsReleased ?? [])
    if (!(await isThere(id))) return { kind: "moved", what: "hold", id };
  for (const { id } of change.holdsAdded ?? [])
    if (await isThere(id)) return { kind: "moved", what: "hold", id };
  return undefined;
}

async function findTenantConflict(trx: Trx, change: LifeChange): Promise<LifeConflict | undefined> {
  const added = new Set<string>();
  for (const { record } of change.tenants ?? []) {
    added.add(record.id);
    const other = await trx
      .selectFrom("tenants")
      .select("id")
      .where("name", "=", record.name)
      .where("id", "!=", record.id)
      .executeTakeFirst();
    if (other !== undefined) return { kind: "name-taken", name: record.name };
  }
  for (const { record } of change.leases ?? []) {
    if (added.has(record.tenantId)) continue;
    const tenant = await trx
      .selectFrom("tenants")
      .select("id")
      .where("id", "=", record.tenantId)
      .executeTakeFirst();
    if (tenant === undefined) return { kind: "moved", what: "tenant", id: record.tenantId };
  }
  return undefined;
}

/** As the leases of each host would stand after the change: many shared ones, or one exclusive. */
async function findTakenLease(trx: Trx, change: LifeChange): Promise<LifeConflict | undefined> {
  const changed = (change.leases ?? []).map(({ record }) => record);
  const claims = changed.filter(({ endedMs }) => endedMs === null);
  for (const claim of claims) {
    const rows = await trx
      .selectFrom("leases")
      .selectAll()
      .where("host_id", "=", claim.hostId)
      .where("ended_ms", "is", null)
      .orderBy("id")
      .execute();
    const stay = rows.filter(({ id }) => changed.every((lease) => lease.id !== id));
    const sameHost = claims.filter(({ id, hostId }) => hostId === claim.hostId && id !== claim.id);
    const others: readonly LeaseRecord[] = [...stay.map(leaseFromRow), ...sameHost];
    const inTheWay = others.find(({ share }) => isExclusive(share) || isExclusive(claim.share));
    if (inTheWay !== undefined)
      return { kind: "lease-taken", hostId: claim.hostId, by: inTheWay.id };
  }
  return undefined;
}

function isExclusive(share: LeaseRecord["share"]): boolean {
  return share === "exclusive";
}

function inPages<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const pages: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size)
    pages.push(items.slice(start, start + size));
  return pages;
}
