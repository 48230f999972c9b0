import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { leaseRecord, operationRecord } from "#test/support/life-builders.ts";
import { whyNotForget } from "./why-not-forget.ts";

const host = { name: "host-1" };
const operation = operationRecord(1, { endedMs: null });
const lease = leaseRecord(1, { endedMs: null });

test("a host on which nothing runs may be forgotten, whatever ran there once", () => {
  expect(whyNotForget(host, { operation: null, leases: [] })).toEqual([]);
  const atMs = unixMs(1);
  expect(
    whyNotForget(host, {
      operation: { ...operation, endedMs: atMs },
      leases: [{ ...lease, endedMs: atMs }],
    }),
  ).toEqual([]);
});

test("an open operation and every running lease stand against it, each with the command that ends it", () => {
  const other = leaseRecord(2, { endedMs: null });
  const why = whyNotForget(host, { operation, leases: [lease, other] });
  expect(why.map(({ code, command }) => [code, command])).toEqual([
    ["operation", `wws-fleet op cancel ${operation.id} --reason REASON`],
    ["lease", `wws-fleet lease end ${lease.id}`],
    ["lease", `wws-fleet lease end ${other.id}`],
  ]);
});
