import type { AuditVerdict } from "#fleet/audit/verify.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import { createWindowReader } from "#fleet/lifecycle/plans/maintenance-window.ts";
import { isStanding } from "#fleet/lifecycle/plans/place-index.ts";
import type { SafeMode } from "#fleet/lifecycle/safe-mode.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId, PlanId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";
import type { AlertFacts, AuditFound } from "./alert-facts.ts";
import { alertNumbers } from "./alert-numbers.ts";

/** Where the facts come from. */
export interface FactSources {
  readonly cell: string;
  readonly inventory: Pick<Inventory, "hosts" | "sites">;
  readonly links: Links;
  readonly health: Pick<HealthReader, "view">;
  readonly lifecycle: Pick<Lifecycle, "view">;
  /** Those under way. */
  readonly listOperations: () => Promise<readonly OperationRecord[]>;
  readonly plans: Pick<Plans, "find" | "list">;
  readonly domains: Pick<DomainWatch, "known">;
  readonly safeMode: () => SafeMode | null;
  /** Hosts whose identity two machines use. */
  readonly clones: () => readonly HostId[];
  /** Of the data folder's disk; null: not known. */
  readonly freeBytes: () => number | null;
  /** Follows the whole chain of the audit. */
  readonly verifyAudit: () => Promise<AuditVerdict>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FactGatherer {
  /** Everything is read anew; `told`: the keys of alerts that ended in the last day. */
  begin(told: ReadonlySet<string>): Promise<void>;
  /** What an event makes old. */
  note(event: FleetEvent): void;
  /** A person has seen a plan's end: it is no cause any more. */
  forgetPlan(id: string): void;
  gather(): Promise<Omit<AlertFacts, "takeOver" | "failingChannels">>;
}

/** Collects what alerts are made of; what costs a question to the store is asked when it changed. */
export function createFactGatherer(sources: FactSources): FactGatherer {
  const { clock, log, plans } = sources;
  const windows = createWindowReader();
  let operations: readonly OperationRecord[] | null = null;
  let operationsAt: MonotonicMs = clock.nowMonotonicMs();
  const stopped = new Map<string, PlanRecord>();
  const changedPlans = new Set<PlanId>();
  const clones = new Map<HostId, UnixMs>();
  let audit: AuditFound | null = null;
  let auditDueAt: number = clock.nowMonotonicMs() + alertNumbers.auditFirstMs;
  let isVerifying = false;

  const isFresh = (plan: PlanRecord): boolean =>
    plan.status === "stopped" &&
    clock.nowUnixMs() - (plan.endedMs ?? 0) < alertNumbers.stoppedPlanMs;
  const readOperations = async (): Promise<readonly OperationRecord[]> => {
    const isOld = clock.nowMonotonicMs() - operationsAt >= operationsMsMax;
    if (operations !== null && !isOld) return operations;
    operationsAt = clock.nowMonotonicMs();
    const read = await sources.listOperations();
    operations = read;
    return read;
  };
  const readPlans = async (): Promise<readonly PlanRecord[]> => {
    for (const id of [...changedPlans]) {
      const plan = await plans.find(id);
      changedPlans.delete(id);
      if (plan !== undefined && isFresh(plan)) stopped.set(id, plan);
    }
    for (const [id, plan] of stopped) if (!isFresh(plan)) stopped.delete(id);
    return [...stopped.values()];
  };
  const readClones = (nowMs: UnixMs): ReadonlyMap<HostId, UnixMs> => {
    const now = new Set(sources.clones());
    for (const id of clones.keys()) if (!now.has(id)) clones.delete(id);
    for (const id of now) if (!clones.has(id)) clones.set(id, nowMs);
    return clones;
  };
  /** Beside the rounds: a long chain takes its time. */
  const verifyWhenDue = (): void => {
    if (isVerifying || clock.nowMonotonicMs() < auditDueAt) return;
    isVerifying = true;
    sources
      .verifyAudit()
      .then(({ fault }) => {
        audit =
          fault === null
            ? null
            : { seq: fault.seq, words: fault.words, atMs: audit?.atMs ?? clock.nowUnixMs() };
      })
      .catch((err: unknown) => log.error({ err }, "the audit could not be verified"))
      .finally(() => {
        isVerifying = false;
        auditDueAt = clock.nowMonotonicMs() + alertNumbers.auditEveryMs;
      });
  };

  return {
    async begin(told) {
      operations = null;
      stopped.clear();
      changedPlans.clear();
      for (const plan of await plans.list({ before: null, limit: plansLookedAt }))
        if (isFresh(plan) && !told.has(`plan-stopped:${plan.id}`)) stopped.set(plan.id, plan);
    },
    note(event) {
      if (event.kind === "operation-changed") operations = null;
      if (event.kind === "plan-changed") changedPlans.add(event.planId);
    },
    forgetPlan: (id) => void stopped.delete(id),
    async gather() {
      verifyWhenDue();
      const nowMs = clock.nowUnixMs();
      const sites = await sources.inventory.sites();
      const open = sites.filter(
        (site) => site.windows.length > 0 && windows.whyClosed(site, nowMs) === null,
      );
      const records = (await sources.inventory.hosts()).filter(isStanding);
      return {
        nowMs,
        cell: sources.cell,
        hosts: records.map((host) => ({
          host,
          link: sources.links.view(host.id),
          health: sources.health.view(host.id),
          holds: sources.lifecycle.view(host).holds,
        })),
        openWindows: new Set(open.map(({ code }) => code)),
        events: sources.domains.known(),
        operations: await readOperations(),
        stoppedPlans: await readPlans(),
        safeMode: sources.safeMode(),
        freeBytes: sources.freeBytes(),
        audit,
        clones: readClones(nowMs),
      };
    },
  };
}

/** Read again after so long even where nobody said that they changed. */
const operationsMsMax = 60_000;
const plansLookedAt = 100;
