import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "#test/support/postgres-server.ts";
import { createBench, until } from "#test/support/programs.ts";
import { startHere } from "#test/support/running-manager.ts";

let postgres: PostgresServer;
const bench = createBench();
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

test("npm start on PostgreSQL shows this machine, outlives a restart of the database, and keeps the id", {
  timeout: 120_000,
}, async () => {
  const where = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  const environment = { WWS_DATABASE_URL: await postgres.createDatabase() };
  const manager = await startHere(bench, where, environment);
  const { id } = await manager.thisMachine();
  expect(existsSync(join(where.data, "control.sqlite"))).toBe(false);

  await postgres.halt("crash");
  await postgres.resume();
  const resumedMs = Date.now();
  await until("reports after the database is back", async () => {
    const { lastReportAt } = await manager.thisMachine();
    return (lastReportAt ?? 0) > resumedMs ? true : undefined;
  });

  manager.program.kill("SIGINT");
  expect((await manager.program.exited).code).toBe(0);
  const again = await startHere(bench, where, environment);
  expect((await again.thisMachine()).id).toBe(id);
});
