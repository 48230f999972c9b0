import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type HostId, type LeaseId, newUuidV7, type TenantId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { LeaseRecord, TenantRecord } from "./tenancy.ts";
import type { Tenancy, TenancyRefusal } from "./tenancy-desk.ts";
import type { TenancyChange, TenancyConflict, TenancyStore } from "./tenancy-store.ts";

export interface TenancyEffects {
  readonly store: TenancyStore;
  readonly inventory: Pick<Inventory, "host" | "hosts" | "noteWritten" | "reread">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** 0 while this manager does not lead: then nothing is written. */
  readonly term: () => number;
  /** In words why no lease of this tenant may be placed there; empty: it may. */
  readonly whyNotPlace: (hostId: HostId, tenant: TenantRecord) => Promise<readonly string[]>;
}

export interface OpenTenancy extends Tenancy {
  /** After a take-over. */
  reload(): Promise<void>;
}

/** How often a host may move under one claim before it is answered `moved`. */
const attemptsMax = 8;

/**
 * Tenants and leases in memory, written through. Changes of one host's leases happen one after the
 * other, each against the record of the host as it was judged: a cordon that is written in between
 * wins.
 */
export async function createTenancy(effects: TenancyEffects): Promise<OpenTenancy> {
  const { store, inventory, clock, random, log } = effects;
  const tenants = new Map<TenantId, TenantRecord>();
  const leases = new Map<LeaseId, LeaseRecord>();
  const leasesByHost = new Map<HostId, readonly LeaseRecord[]>();
  /**
   * Revision of the host's record at its last change of leases, or when it was loaded: it only
   * rises, also over a restart.
   */
  const revisions = new Map<HostId, number>();
  const queues = new Map<HostId, Promise<void>>();

  const putLease = (lease: LeaseRecord): void => {
    const others = (leasesByHost.get(lease.hostId) ?? []).filter(({ id }) => id !== lease.id);
    if (lease.endedMs === null) {
      leases.set(lease.id, lease);
      leasesByHost.set(lease.hostId, [...others, lease]);
    } else {
      leases.delete(lease.id);
      if (others.length === 0) leasesByHost.delete(lease.hostId);
      else leasesByHost.set(lease.hostId, others);
    }
  };
  const reload = async (): Promise<void> => {
    const [storedTenants, storedLeases, hosts] = await Promise.all([
      store.listTenants(),
      store.listLeases(),
      inventory.hosts(),
    ]);
    tenants.clear();
    leases.clear();
    leasesByHost.clear();
    for (const tenant of storedTenants) tenants.set(tenant.id, tenant);
    for (const lease of storedLeases) putLease(lease);
    for (const { id, revision } of hosts)
      revisions.set(id, Math.max(revision, revisions.get(id) ?? 0));
  };
  await reload();

  const reread = async (hostId: HostId): Promise<void> => {
    const stored = await store.listLeases();
    for (const { id } of leasesByHost.get(hostId) ?? []) leases.delete(id);
    leasesByHost.delete(hostId);
    for (const lease of stored) if (lease.hostId === hostId) putLease(lease);
    const revision = (await inventory.host(hostId))?.revision ?? 0;
    revisions.set(hostId, Math.max(revision, revisions.get(hostId) ?? 0));
  };

  const inTurn = <Value>(hostId: HostId, act: () => Promise<Value>): Promise<Value> => {
    const mine = (queues.get(hostId) ?? Promise.resolve()).then(act);
    const settled = mine.then(
      () => {},
      () => {},
    );
    queues.set(hostId, settled);
    void settled.then(() => {
      if (queues.get(hostId) === settled) queues.delete(hostId);
    });
    return mine;
  };

  /** Judged on the host as it is, written against that; judged again when it moved. */
  const changeLeases = async (
    hostId: HostId,
    judge: (host: HostRecord) => Promise<Result<LeaseChange, TenancyRefusal>>,
  ): Promise<Result<LeaseRecord, TenancyRefusal>> => {
    if (effects.term() < 1) return fail({ kind: "moved" });
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const host = await inventory.host(hostId);
      if (host === undefined) return fail({ kind: "unknown", what: "host", id: hostId });
      const judged = await judge(host);
      if (!judged.ok) return judged;
      const { lease, expectedVersion, trust, audit } = judged.value;
      const record = { ...host, trust, revision: host.revision + 1 };
      const written = await store.commit({
        hosts: [{ record, expectedRevision: host.revision }],
        leases: [{ record: lease, expectedVersion }],
        term: effects.term(),
        audit,
      });
      if (written.ok) {
        putLease(lease);
        revisions.set(hostId, record.revision);
        await inventory.noteWritten(record);
        return ok(lease);
      }
      const { problem } = written;
      if (problem.kind === "frozen")
        return fail({ kind: "not-schedulable", words: [problem.why.words] });
      if (problem.kind === "lease-taken") return fail({ kind: "lease-taken", by: problem.by });
      if (problem.kind !== "moved" || problem.what !== "host") return fail({ kind: "moved" });
      await inventory.reread(hostId);
      await reread(hostId);
    }
    return fail({ kind: "moved" });
  };

  return {
    reload,
    // After what is under way: it would be forgotten again.
    reread: (hostId) => inTurn(hostId, () => reread(hostId)),
    tenants: async () =>
      [...tenants.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    async addTenant({ name, webhook, by }) {
      if (effects.term() < 1) return fail({ kind: "moved" });
      const nowMs = clock.nowUnixMs();
      const tenant: TenantRecord = {
        id: newUuidV7<TenantId>(nowMs, random),
        name,
        webhook,
        createdMs: nowMs,
        version: 1,
      };
      const change: TenancyChange = {
        tenants: [{ record: tenant, expectedVersion: 0 }],
        term: effects.term(),
        audit: {
          ...entry(by, nowMs, "tenant.add", { name }),
          subject: { kind: "tenant", id: tenant.id, name, serial: null, rack: null },
        },
      };
      const written = await store.commit(change);
      if (!written.ok) return fail(tenantRefusal(written.problem));
      tenants.set(tenant.id, tenant);
      log.info({ tenantId: tenant.id, tenant: name, by }, "tenant added");
      return ok(tenant);
    },
    leases: async () => [...leases.values()],
    leasesOf: (hostId) => leasesByHost.get(hostId) ?? [],
    revisionOf: (hostId) => revisions.get(hostId) ?? 0,
    async settled(hostId) {
      while (queues.has(hostId)) await queues.get(hostId);
      return revisions.get(hostId) ?? 0;
    },
    claim: (ask) =>
      inTurn(ask.hostId, async () => {
        const tenant = tenants.get(ask.tenantId);
        if (tenant === undefined)
          return fail({ kind: "unknown", what: "tenant", id: ask.tenantId });
        return changeLeases(ask.hostId, async (host) => {
          const there = leasesByHost.get(ask.hostId) ?? [];
          const inTheWay =
            ask.share === "exclusive" ? there[0] : there.find(({ share }) => share === "exclusive");
          if (inTheWay !== undefined) return fail({ kind: "lease-taken", by: inTheWay.id });
          const words = [...(await effects.whyNotPlace(ask.hostId, tenant))];
          if (ask.trust === "rented" && ask.share === "shared")
            words.push("a host whose tenant is root is leased whole");
          if (words.length > 0) return fail({ kind: "not-schedulable", words });
          const nowMs = clock.nowUnixMs();
          const { by, ...facts } = ask;
          const lease: LeaseRecord = {
            ...facts,
            id: newUuidV7<LeaseId>(nowMs, random),
            startsMs: nowMs,
            endedMs: null,
            version: 1,
            createdBy: by,
          };
          return ok({
            lease,
            expectedVersion: 0,
            trust: ask.trust === "rented" ? "rented" : host.trust,
            audit: leaseEntry(by, nowMs, "lease.claim", lease, tenant, host),
          });
        });
      }),
    async end(id, by) {
      const known = leases.get(id);
      if (known === undefined) return fail({ kind: "unknown", what: "lease", id });
      return inTurn(known.hostId, () =>
        changeLeases(known.hostId, async (host) => {
          const lease = leases.get(id);
          if (lease === undefined) return fail({ kind: "unknown", what: "lease", id });
          const nowMs = clock.nowUnixMs();
          return ok({
            lease: { ...lease, endedMs: nowMs, version: lease.version + 1 },
            expectedVersion: lease.version,
            // Who was root there is believed again only after a reimage.
            trust: host.trust,
            audit: leaseEntry(by, nowMs, "lease.end", lease, tenants.get(lease.tenantId), host),
          });
        }),
      );
    },
  };
}

interface LeaseChange {
  readonly lease: LeaseRecord;
  readonly expectedVersion: number;
  readonly trust: HostRecord["trust"];
  readonly audit: AuditEntry;
}

function tenantRefusal(problem: TenancyConflict): TenancyRefusal {
  return problem.kind === "name-taken" ? problem : { kind: "moved" };
}

function leaseEntry(
  by: string,
  atMs: AuditEntry["atMs"],
  action: string,
  lease: LeaseRecord,
  tenant: TenantRecord | undefined,
  host: HostRecord,
): AuditEntry {
  const { position } = host;
  return {
    ...entry(by, atMs, action, { host: host.id, tenant: tenant?.name ?? lease.tenantId }),
    subject: {
      kind: "lease",
      id: lease.id,
      name: `${tenant?.name ?? lease.tenantId} on ${host.name}`,
      serial: host.serial,
      rack: position === null ? null : `${position.site}/${position.row}/${position.rack}`,
    },
  };
}

/** Who acts for a drain bears its name. */
function entry(
  by: string,
  atMs: AuditEntry["atMs"],
  action: string,
  facts: AuditEntry["facts"],
): Omit<AuditEntry, "subject"> {
  return {
    atMs,
    actor: by,
    actorKind: by.startsWith("drain ") ? "automation" : "person",
    action,
    outcome: "done",
    reason: null,
    planHash: null,
    facts,
  };
}
