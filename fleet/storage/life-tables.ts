import type { LifeStore } from "#fleet/lifecycle/life-store.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { Engine } from "./engine.ts";
import { createCommit } from "./life-commit.ts";
import {
  holdFromRow,
  leaseFromRow,
  operationFromRow,
  planFromRow,
  tenantFromRow,
} from "./life-rows.ts";

/** Operations, plans, holds and leases on the control store's tables. */
export function createLifeTables(engine: Engine): LifeStore {
  const { db, run } = engine;
  return {
    commit: createCommit(engine),
    findOperation: (id) =>
      run("find an operation", async () => {
        const row = await db
          .selectFrom("operations")
          .selectAll()
          .where("id", "=", id)
          .executeTakeFirst();
        return row && operationFromRow(row);
      }),
    listOpenOperations: () =>
      run("list the operations under way", async () => {
        const rows = await db
          .selectFrom("operations")
          .selectAll()
          .where("status", "in", ["running", "paused"])
          .orderBy("id")
          .execute();
        return rows.map(operationFromRow);
      }),
    listOperations: ({ hostId, planId, before, limit }) =>
      run("list operations", async () => {
        let query = db.selectFrom("operations").selectAll();
        if (hostId !== undefined) query = query.where("host_id", "=", hostId);
        if (planId !== undefined) query = query.where("plan_id", "=", planId);
        if (before !== null) query = query.where("id", "<", before);
        const rows = await query.orderBy("id", "desc").limit(limit).execute();
        return rows.map(operationFromRow);
      }),
    findPlan: (id) =>
      run("find a plan", async () => {
        const row = await db
          .selectFrom("plans")
          .selectAll()
          .where("id", "=", id)
          .executeTakeFirst();
        return row && planFromRow(row);
      }),
    listOpenPlans: () =>
      run("list the plans under way", async () => {
        const rows = await db
          .selectFrom("plans")
          .selectAll()
          .where("status", "in", ["applying", "paused"])
          .orderBy("id")
          .execute();
        return rows.map(planFromRow);
      }),
    listPlans: ({ before, limit }) =>
      run("list plans", async () => {
        let query = db.selectFrom("plans").selectAll();
        if (before !== null) query = query.where("id", "<", before);
        const rows = await query.orderBy("id", "desc").limit(limit).execute();
        return rows.map(planFromRow);
      }),
    listHolds: () =>
      run("list holds", async () => {
        const rows = await db.selectFrom("holds").selectAll().orderBy("id").execute();
        return rows.map(holdFromRow);
      }),
    listLeases: () =>
      run("list leases", async () => {
        const rows = await db
          .selectFrom("leases")
          .selectAll()
          .where("ended_ms", "is", null)
          .orderBy("id")
          .execute();
        return rows.map(leaseFromRow);
      }),
    listTenants: () =>
      run("list tenants", async () => {
        const rows = await db.selectFrom("tenants").selectAll().orderBy("name").execute();
        return rows.map(tenantFromRow);
      }),
    listStarts: (sinceMs, limit) =>
      run("list when operations began", async () => {
        const newest = db
          .selectFrom("operations")
          .select(["id", "started_ms"])
          .orderBy("id", "desc")
          .limit(limit);
        const rows = await db
          .selectFrom(newest.as("newest"))
          .select("started_ms")
          .where("started_ms", ">", sinceMs)
          .orderBy("id", "desc")
          .execute();
        return rows.map((row) => unixMs(row.started_ms));
      }),
    listDurations: (kind, limit) =>
      run("list how long operations took", async () => {
        const rows = await db
          .selectFrom("operations")
          .select(["started_ms", "ended_ms"])
          .where("kind", "=", kind)
          .where("status", "=", "done")
          .where("ended_ms", "is not", null)
          .orderBy("id", "desc")
          .limit(limit)
          .execute();
        return rows.map((row) => Math.max(0, (row.ended_ms ?? row.started_ms) - row.started_ms));
      }),
  };
}
