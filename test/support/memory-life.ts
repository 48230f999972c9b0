import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { Asker, Lifecycle, LifeRefusal, LifeView, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import { noBmcWhy } from "#fleet/lifecycle/power.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { holdIdOf, leaseIdOf, planIdOf, tenantIdOf } from "./life-builders.ts";

/**
 * The desks of lifecycle, plans and tenancy as a test wants them to be: they keep what they are told
 * and judge nothing. For what stands before them: routes and the command line.
 */
export interface MemoryLife {
  readonly lifecycle: Lifecycle;
  readonly plans: Plans;
  readonly tenancy: Tenancy;
  /** The next ask of any desk is refused so. */
  refuseNext(...why: readonly Why[]): void;
  putOperation(operation: OperationRecord): void;
  putPlan(plan: PlanRecord): void;
  /** Who asked for what, in order: `pause 0193… by tester: fan 3`. */
  readonly asked: readonly string[];
}

export function createMemoryLife(parts: {
  readonly inventory: Inventory;
  readonly clock: Clock;
}): MemoryLife {
  const { inventory, clock } = parts;
  const holds = new Map<string, HoldRecord>();
  const operations = new Map<string, OperationRecord>();
  const planned = new Map<string, PlanRecord>();
  const leases = new Map<string, LeaseRecord>();
  let tenants: readonly TenantRecord[] = [];
  const asked: string[] = [];
  let refusal: readonly Why[] = [];
  const nowMs = () => clock.nowUnixMs();

  const ask = <Value>(
    words: string,
    asker: Asker,
    run: () => Value | undefined,
  ): Result<Value, LifeRefusal> => {
    asked.push(`${words} by ${asker.name}: ${asker.reason}`);
    const why = refusal;
    refusal = [];
    if (why.length > 0) return fail({ kind: "refused", why });
    const value = run();
    return value === undefined ? fail({ kind: "unknown", what: words }) : ok(value);
  };
  const change = <Item extends { readonly id: string; readonly version: number }>(
    items: Map<string, Item>,
    id: string,
    facts: Partial<Item>,
  ): Item | undefined => {
    const known = items.get(id);
    if (known === undefined) return undefined;
    const changed = { ...known, ...facts, version: known.version + 1 };
    items.set(id, changed);
    return changed;
  };
  const ofHost = <Item extends { readonly hostId: HostId }>(
    items: ReadonlyMap<string, Item>,
    hostId: HostId,
  ): readonly Item[] => [...items.values()].filter((item) => item.hostId === hostId);
  const view = (host: HostRecord): LifeView => {
    const held = ofHost(holds, host.id);
    const cordons = held.filter(({ kind }) => kind === "cordon");
    return {
      lifecycle: host.op?.kind === "drain" ? "draining" : host.phase,
      holds: held,
      leases: ofHost(leases, host.id).filter(({ endedMs }) => endedMs === null),
      isSchedulable: cordons.length === 0,
      whyNotSchedulable: cordons.map(
        ({ id, holder, reason }): Why => ({
          code: "hold",
          words: `cordoned by ${holder}: ${reason}`,
          who: holder,
          command: `wws-fleet hold release ${id} --reason …`,
          untilMs: null,
        }),
      ),
      data: "unknown",
    };
  };

  const lifecycle: Lifecycle = {
    start: async () => fail({ kind: "conflict", words: "operations are put, not started" }),
    pause: async (id, asker) =>
      ask(`pause ${id}`, asker, () => change(operations, id, { status: "paused" })),
    resume: async (id, asker) =>
      ask(`resume ${id}`, asker, () => change(operations, id, { status: "running" })),
    cancel: async (id, asker) =>
      ask(`cancel ${id}`, asker, () =>
        change(operations, id, { status: "canceled", endedMs: nowMs() }),
      ),
    confirmOff: async (id, serial, asker) =>
      ask(`confirm-off ${id} ${serial}`, asker, () =>
        change(operations, id, { status: "done", endedMs: nowMs() }),
      ),
    power: async (hostId) => {
      const host = await inventory.host(hostId);
      return host === undefined
        ? fail({ kind: "unknown", what: `host ${hostId}` })
        : fail({ kind: "refused", why: [noBmcWhy(host)] });
    },
    operation: async (id) => operations.get(id),
    operations: async ({ hostId, planId, before, limit }) =>
      newest(operations, before, limit).filter(
        (one) =>
          (hostId === undefined || one.hostId === hostId) &&
          (planId === undefined || one.planId === planId),
      ),
    addHold: async (wanted, asker) =>
      ask(`hold ${wanted.kind}`, asker, () => {
        const hold: HoldRecord = {
          ...wanted,
          id: holdIdOf(holds.size + 1),
          holder: asker.name,
          holderKind: "operator",
          reason: asker.reason,
          createdMs: nowMs(),
          leaseId: null,
        };
        holds.set(hold.id, hold);
        return hold;
      }),
    releaseHold: async (id, asker) =>
      ask(`there is no hold ${id}`, asker, () => {
        const hold = holds.get(id);
        holds.delete(id);
        return hold;
      }),
    setWatchedOnly: async (hostId, watchedOnly, asker) => {
      const host = await inventory.host(hostId);
      return ask(`watchedOnly ${watchedOnly}`, asker, () =>
        host === undefined ? undefined : { ...host, watchedOnly },
      );
    },
    view,
    async explain(hostId) {
      const host = await inventory.host(hostId);
      if (host === undefined) return undefined;
      const operation = ofHost(operations, hostId).find(({ endedMs }) => endedMs === null) ?? null;
      const whyNot = view(host).whyNotSchedulable;
      return {
        phase: host.phase,
        sinceMs: host.createdMs,
        view: view(host),
        operation,
        waitsFor: operation?.why ?? [],
        next: null,
        verbs: [
          { verb: "drain", isAllowed: true, why: [] },
          { verb: "place", isAllowed: whyNot.length === 0, why: whyNot },
        ],
      };
    },
  };

  const plans: Plans = {
    async plan({ action, selector, hostIds, asker }) {
      const hosts = await Promise.all(hostIds.map((id) => inventory.host(id)));
      return ask(`plan ${action.kind} ${selector}`, asker, () => {
        const plan = planRecord(planned.size + 1, {
          action,
          selector,
          reason: asker.reason,
          createdBy: asker.name,
          createdMs: nowMs(),
          hosts: hosts.flatMap((host) => (host === undefined ? [] : [planHost(host)])),
        });
        planned.set(plan.id, plan);
        return plan;
      });
    },
    apply: async (id, hash, asker) =>
      ask(`apply ${id} ${hash.slice(0, 6)} after ${asker.approvedBy ?? "nobody"}`, asker, () =>
        change(planned, id, {
          status: "applying",
          appliedBy: asker.name,
          appliedMs: nowMs(),
        }),
      ),
    pause: async (id, asker) =>
      ask(`pause plan ${id}`, asker, () => change(planned, id, { status: "paused" })),
    resume: async (id, asker) =>
      ask(`resume plan ${id}`, asker, () => change(planned, id, { status: "applying" })),
    cancel: async (id, asker) =>
      ask(`cancel plan ${id}`, asker, () => change(planned, id, { status: "canceled" })),
    find: async (id) => planned.get(id),
    list: async ({ before, limit }) => newest(planned, before, limit),
    judge: async () => ({ waits: [], verbs: new Map() }),
    waiting: (_plan, host) => host.why,
  };

  const tenancy: Tenancy = {
    tenants: async () => tenants,
    async addTenant({ name, webhook }) {
      if (tenants.some((tenant) => tenant.name === name)) return fail({ kind: "name-taken", name });
      const id = tenantIdOf(tenants.length + 1);
      const tenant = { id, name, webhook, createdMs: nowMs(), version: 1 };
      tenants = [...tenants, tenant];
      return ok(tenant);
    },
    leases: async () => [...leases.values()].filter(({ endedMs }) => endedMs === null),
    leasesOf: (hostId) => ofHost(leases, hostId).filter(({ endedMs }) => endedMs === null),
    async claim({ by, ...wanted }) {
      const host = await inventory.host(wanted.hostId);
      if (host === undefined) return fail({ kind: "unknown", what: "host", id: wanted.hostId });
      const { whyNotSchedulable } = view(host);
      if (whyNotSchedulable.length > 0) {
        return fail({
          kind: "not-schedulable",
          words: whyNotSchedulable.map(({ words }) => words),
        });
      }
      const id = leaseIdOf(leases.size + 1);
      const times = { startsMs: nowMs(), endedMs: null };
      const lease: LeaseRecord = { ...wanted, id, ...times, version: 1, createdBy: by };
      leases.set(id, lease);
      return ok(lease);
    },
    async end(id) {
      const ended = change(leases, id, { endedMs: nowMs() });
      return ended === undefined ? fail({ kind: "unknown", what: "lease", id }) : ok(ended);
    },
    revisionOf: () => leases.size,
    settled: async () => leases.size,
    reread: async () => {},
  };

  return {
    lifecycle,
    plans,
    tenancy,
    asked,
    refuseNext: (...why) => {
      refusal = why;
    },
    putOperation: (operation) => operations.set(operation.id, operation),
    putPlan: (plan) => planned.set(plan.id, plan),
  };
}

function newest<Item extends { readonly id: string }>(
  items: ReadonlyMap<string, Item>,
  before: string | null,
  limit: number,
): readonly Item[] {
  return [...items.values()]
    .filter(({ id }) => before === null || id < before)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}

function planHost(host: HostRecord): PlanRecord["hosts"][number] {
  const { position } = host;
  return {
    hostId: host.id,
    name: host.name,
    serial: host.serial,
    revision: host.revision,
    phase: host.phase,
    rack: position === null ? null : `${position.site}/${position.row}/${position.rack}`,
    hardwareClass: host.hardwareClass,
    wave: 0,
    steps: ["cordon", "notify", "reserve", "evacuate", "prove"],
    state: "waiting",
    why: [],
    operationId: null,
    endedMs: null,
  };
}

/** A plan of no hosts that nobody has applied. */
export function planRecord(number: number, facts: Partial<PlanRecord> = {}): PlanRecord {
  const hosts = facts.hosts?.length ?? 0;
  const createdMs = facts.createdMs ?? (0 as PlanRecord["createdMs"]);
  return {
    id: planIdOf(number),
    hash: number.toString(16).padStart(2, "0").repeat(32),
    action: { kind: "return" },
    selector: "host-1",
    reason: "fan 3 is loud",
    createdBy: "tester",
    createdMs,
    expiresMs: (createdMs + 86_400_000) as PlanRecord["expiresMs"],
    hosts: [],
    blast: {
      hosts,
      tenants: [],
      classes: [],
      feeds: [],
      racks: [],
      sharedFate: [],
      ownManagement: [],
      wattsCoverage: 0,
    },
    warnings: [],
    irreversible: [],
    predictedMs: null,
    pace: { waves: [hosts], soakMs: 0, atOnceMax: 1, brokenShareMax: 0.05 },
    status: "planned",
    appliedBy: null,
    appliedMs: null,
    endedMs: null,
    why: [],
    version: 1,
    ...facts,
  };
}
