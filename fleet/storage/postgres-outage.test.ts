import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { startPostgres } from "#test/support/postgres-server.ts";
import { type ControlStore, openControlStore } from "./control-store.ts";

const server = await startPostgres();
let url: string;
let store: ControlStore;

afterAll(() => server.stop());

beforeEach(async () => {
  url = await server.createDatabase();
  store = await openControlStore({ postgres: url }, storeOptions);
});

afterEach(() => store.close());

async function onTheSide(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

test.each(["fast", "crash"] as const)(
  "a database that stops (%s) and comes back interrupts nobody",
  async (how) => {
    await store.inventory.insertHost(hostRecord(1));
    await server.halt(how);
    const writes = [2, 3, 4].map((number) => store.inventory.insertHost(hostRecord(number)));
    const read = store.inventory.findHost(hostIdOf(1));
    await server.resume();
    for (const written of await Promise.all(writes)) expect(written.ok).toBe(true);
    expect(await read).toEqual(hostRecord(1));
    expect(await store.inventory.listHosts()).toHaveLength(4);
  },
);

test("a manager may be started before its database", async () => {
  await server.halt("fast");
  const opening = openControlStore({ postgres: url }, storeOptions);
  await server.resume();
  const late = await opening;
  expect(await late.inventory.listHosts()).toEqual([]);
  await late.close();
});

test("connections that are cut one by one cost no write and make none twice", async () => {
  const writes = Array.from({ length: 30 }, (_, number) =>
    store.inventory.insertHost(hostRecord(number + 1)),
  );
  await onTheSide(async (client) => {
    for (let times = 0; times < 5; times += 1)
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
  });
  for (const written of await Promise.all(writes)) expect(written.ok).toBe(true);
  expect(await store.inventory.listHosts()).toHaveLength(30);
});

test("a number beyond what a double holds exactly is refused, not rounded", async () => {
  await store.inventory.insertHost(hostRecord(1));
  await onTheSide(async (client) => {
    await client.query("update hosts set revision = 9007199254740993");
  });
  await expect(store.inventory.findHost(hostIdOf(1))).rejects.toThrow(/9007199254740993/);
});
