import type { HostRow } from "./inventory-columns.ts";
import type {
  HoldRow,
  LeadershipRow,
  LeaseRow,
  OperationRow,
  PlanRow,
  TenantRow,
} from "./life-columns.ts";
import {
  holdFromRow,
  leaseFromRow,
  operationFromRow,
  planFromRow,
  tenantFromRow,
} from "./life-rows.ts";
import { parseStoredOperation } from "./stored-estate.ts";

/**
 * What the records of the lifecycle say of each other. Every row is seen once, hosts first; each
 * throws what is wrong with the row by itself, `contradictions` tells the rest when all were seen.
 */
export interface LifeCheck {
  seeHost(row: HostRow): void;
  seeOperation(row: OperationRow): void;
  seePlan(row: PlanRow): void;
  seeHold(row: HoldRow): void;
  seeTenant(row: TenantRow): void;
  seeLease(row: LeaseRow): void;
  seeLeader(row: LeadershipRow): void;
  contradictions(): readonly Contradiction[];
}

export interface Contradiction {
  readonly table: "hosts" | "operations" | "holds" | "leases";
  readonly words: string;
}

interface SeenHost {
  readonly name: string;
  /** The operation that its record names. */
  readonly operationId: string | null;
}

export function createLifeCheck(): LifeCheck {
  const hosts = new Map<string, SeenHost>();
  /** Under way: operation → its host. */
  const running = new Map<string, string>();
  const plansNamed = new Map<string, string>();
  const plans = new Set<string>();
  const tenants = new Set<string>();
  const leases = new Set<string>();
  /** Lease → the hold that it set. */
  const leasesNamed = new Map<string, string>();
  /** Host → its leases that run. */
  const leasesOf = new Map<string, LeaseRow[]>();

  function* findContradictions(): Generator<Contradiction> {
    for (const { name, operationId } of hosts.values())
      if (operationId !== null && !running.has(operationId))
        yield {
          table: "hosts",
          words: `host ${name} is in operation ${operationId}, which is not under way`,
        };
    for (const [id, hostId] of running) {
      const host = hosts.get(hostId);
      const words = `operation ${id} is under way on host ${host?.name ?? hostId}`;
      if (host === undefined) yield { table: "operations", words: `${words}, which is not there` };
      else if (host.operationId !== id)
        yield {
          table: "operations",
          words: `${words}, which is in ${host.operationId ?? "none"}`,
        };
    }
    for (const [plan, operation] of plansNamed)
      if (!plans.has(plan))
        yield {
          table: "operations",
          words: `operation ${operation} belongs to plan ${plan}, which is not there`,
        };
    for (const [lease, hold] of leasesNamed)
      if (!leases.has(lease))
        yield { table: "holds", words: `hold ${hold} is of lease ${lease}, which is not there` };
    for (const [hostId, claimed] of leasesOf) {
      const ids = claimed.map(({ id }) => id).join(" and ");
      if (!hosts.has(hostId))
        yield {
          table: "leases",
          words: `lease ${ids} runs on host ${hostId}, which is not there`,
        };
      if (claimed.length > 1 && claimed.some(({ share }) => share === "exclusive"))
        yield {
          table: "leases",
          words: `leases ${ids} have host ${hostId} together, and one of them alone`,
        };
    }
  }

  return {
    seeHost(row) {
      const op = row.op_json === null ? null : parseStoredOperation(row.op_json);
      hosts.set(row.id, { name: row.name, operationId: op?.id ?? null });
      if (op !== null && op.epoch > row.epoch)
        throw new Error(
          `host ${row.name} is at epoch ${row.epoch}, and its operation at ${op.epoch}`,
        );
    },
    seeOperation(row) {
      if (row.status === "running" || row.status === "paused") running.set(row.id, row.host_id);
      if (row.plan_id !== null) plansNamed.set(row.plan_id, row.id);
      operationFromRow(row);
    },
    seePlan(row) {
      plans.add(row.id);
      planFromRow(row);
    },
    seeHold(row) {
      const { leaseId } = holdFromRow(row);
      if (leaseId !== null) leasesNamed.set(leaseId, row.id);
      if (!hosts.has(row.host_id))
        throw new Error(`hold ${row.id} is on host ${row.host_id}, which is not there`);
    },
    seeTenant(row) {
      tenants.add(row.id);
      tenantFromRow(row);
    },
    seeLease(row) {
      leases.add(row.id);
      if (row.ended_ms === null)
        leasesOf.set(row.host_id, [...(leasesOf.get(row.host_id) ?? []), row]);
      leaseFromRow(row);
      if (!tenants.has(row.tenant_id))
        throw new Error(`lease ${row.id} is of tenant ${row.tenant_id}, who is not there`);
    },
    seeLeader(row) {
      if (row.name !== "cell" || row.term < 1)
        throw new Error(`leadership "${row.name}" has term ${row.term}`);
    },
    contradictions: () => [...findContradictions()],
  };
}
