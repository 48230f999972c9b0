import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { LifeStore } from "../life-store.ts";
import type { Asker, LifeRefusal } from "../lifecycle.ts";
import type { PlanHost, PlanRecord } from "../plan.ts";
import { safeModeWhy } from "../safe-mode.ts";

export interface PlanWriterEffects {
  readonly store: Pick<LifeStore, "commit">;
  readonly clock: Clock;
  readonly events: FleetEvents;
  readonly term: () => number;
}

/** What is written of a change: who did what, and to which host of the plan. */
export interface PlanChange {
  readonly by: Pick<Asker, "name" | "kind">;
  readonly action: string;
  readonly host?: PlanHost;
  readonly facts?: AuditEntry["facts"];
}

/** Plans change here and nowhere else: one commit and one audit entry for each change. */
export interface PlanWriter {
  /** The plan as it was written: its version is one more. */
  write(
    plan: PlanRecord,
    alter: Partial<PlanRecord>,
    change: PlanChange,
  ): Promise<Result<PlanRecord, LifeRefusal>>;
}

export const planner = { name: "planner", kind: "automation" } as const;

export function createPlanWriter(effects: PlanWriterEffects): PlanWriter {
  const { store, clock, events, term } = effects;
  return {
    async write(plan, alter, change) {
      const record: PlanRecord = { ...plan, ...alter, version: plan.version + 1 };
      const written = await store.commit({
        plans: [{ record, expectedVersion: plan.version }],
        term: term(),
        audit: {
          atMs: clock.nowUnixMs(),
          actor: change.by.name,
          actorKind: change.by.kind,
          action: change.action,
          outcome: "done",
          subject: {
            kind: "plan",
            id: record.id,
            name: change.host === undefined ? record.selector : change.host.name,
            serial: change.host?.serial ?? null,
            rack: change.host?.rack ?? null,
          },
          reason: record.reason,
          planHash: record.hash,
          facts: { status: record.status, ...change.facts },
        },
      });
      if (!written.ok) {
        const { problem } = written;
        if (problem.kind === "frozen") return fail({ kind: "refused", why: [problem.why] });
        const words =
          problem.kind === "safe-mode"
            ? safeModeWhy.words
            : problem.kind === "term-over"
              ? `this manager's term ${problem.term} is over: ${problem.current} leads`
              : `plan ${record.id} was changed by somebody else meanwhile`;
        return fail({ kind: "conflict", words });
      }
      events.publish({ kind: "plan-changed", planId: record.id });
      return ok(record);
    },
  };
}

/** The plan with one of its hosts altered. */
export function withHost(plan: PlanRecord, host: PlanHost): Pick<PlanRecord, "hosts"> {
  return { hosts: plan.hosts.map((known) => (known.hostId === host.hostId ? host : known)) };
}
