import { expect, test } from "vitest";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fc } from "#test/support/properties.ts";
import type { HostRecord } from "./host-record.ts";
import { createInventoryCache } from "./inventory-cache.ts";
import type { InventoryStore } from "./inventory-store.ts";

const host = (key: number, name: string, revision: number): HostRecord =>
  ({ id: `id-${String(key).padStart(2, "0")}` as HostId, name, revision }) as HostRecord;

const cacheOf = (hosts: readonly HostRecord[]) =>
  createInventoryCache({
    listHosts: async () => hosts,
    listSites: async () => [],
    listRacks: async () => [],
  } as Partial<InventoryStore> as InventoryStore);

test("hosts are listed by id and found by name, whatever came, changed and went between two lists", async () => {
  const key = fc.integer({ min: 0, max: 12 });
  const change = fc.oneof(
    fc.record({ kind: fc.constant("put" as const), key, name: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ kind: fc.constant("drop" as const), key }),
    fc.record({ kind: fc.constant("list" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
      const first = [host(7, "n7", 0), host(3, "n3", 0)];
      const cache = await cacheOf(first);
      const expected = new Map(first.map((record) => [record.id, record]));
      const listed = () => [...expected.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      changes.forEach((one, revision) => {
        if (one.kind === "put") {
          const record = host(one.key, `n${one.key}-${one.name}`, revision + 1);
          cache.put(record);
          expected.set(record.id, record);
        } else if (one.kind === "drop") {
          const { id } = host(one.key, "", 0);
          cache.drop(id);
          expected.delete(id);
        } else expect(cache.hosts()).toEqual(listed());
      });
      expect(cache.hosts()).toEqual(listed());
      for (const record of expected.values()) {
        expect(cache.resolve(record.name)).toBe(record);
        expect(cache.resolve(`${record.name}-before`)).toBeUndefined();
      }
    }),
  );
});

test("a list that was handed out stays as it is, and is the same until something changes", async () => {
  const cache = await cacheOf([host(1, "a", 0), host(2, "b", 0)]);
  const before = cache.hosts();
  expect(cache.hosts()).toBe(before);
  cache.put(host(2, "c", 1));
  expect(before.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(cache.hosts().map(({ name }) => name)).toEqual(["a", "c"]);
  expect(cache.resolve("b")).toBeUndefined();
  cache.put(host(2, "old", 0));
  expect(cache.hosts().map(({ name }) => name)).toEqual(["a", "c"]);
});
