import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { createVirtualClock, virtualStartMs } from "#test/support/virtual-clock.ts";
import { createFleetSnapshot, type PowerReadings } from "./create-fleet-snapshot.ts";

const now = virtualStartMs;
const hosts = [hostRecord(1), hostRecord(2, { tags: ["management", "rack-top"] }), hostRecord(3)];

function read(
  latest: PowerReadings["latest"],
  startedMs: readonly number[] = [],
  isConnected = (): boolean => true,
) {
  return createFleetSnapshot({
    inventory: { hosts: async () => hosts, racks: async () => [], sites: async () => [] },
    store: {
      listHolds: async () => [],
      listOpenOperations: async () => [],
      listStarts: async () => startedMs.map((at) => unixMs(at)),
    },
    tenancy: { tenants: async () => [], leases: async () => [] },
    links: {
      view: () => ({
        state: "connected",
        sinceMs: null,
        lastHeardMs: unixMs(now),
        sessionId: null,
        clockOffsetMs: null,
      }),
      isConnected,
    },
    health: { view: () => ({ verdict: "ok", findings: [], judged: {}, judgedMs: null }) },
    telemetry: { latest },
    clock: createVirtualClock(),
    leadsSinceMs: () => unixMs(now),
    management: () => new Set([hostIdOf(3)]),
    hasBmc: ({ id }) => id === hostIdOf(1),
  })();
}

test.each([
  ["fresh", 250, 60_000, 250],
  ["none measured", null, 0, null],
  ["eleven minutes old", 250, 660_000, null],
  ["negative", -3, 0, null],
  ["no number", Number.NaN, 0, null],
  ["without end", Number.POSITIVE_INFINITY, 0, null],
  ["a host that draws nothing", 0, 0, 0],
] as const)("watts that are %s", async (_, watts, ageMs, expected) => {
  const snapshot = await read(() => ({
    receivedMs: unixMs(now - ageMs),
    hostWide: () => watts,
  }));
  expect(snapshot.observed.get(hostIdOf(1))?.watts?.value ?? null).toBe(expected);
});

test("a host without telemetry is not measured, and is there all the same", async () => {
  const snapshot = await read(() => undefined);
  expect(snapshot.observed.get(hostIdOf(1))).toMatchObject({ link: "connected", watts: null });
});

test("our own management is who is said to be, and who is tagged so", async () => {
  const snapshot = await read(() => undefined);
  expect([...snapshot.management].toSorted()).toEqual([hostIdOf(2), hostIdOf(3)]);
});

test("starts of the last minute are counted, older ones are not", async () => {
  const snapshot = await read(
    () => undefined,
    [now - 1_000, now - 59_999, now - 60_000, now - 9e6],
  );
  expect(snapshot.startsMs).toEqual([now - 1_000, now - 59_999]);
});

test("a host is up while it is connected and has not failed, as it was told the first time", async () => {
  let isConnected = true;
  const snapshot = await read(
    () => undefined,
    [],
    () => isConnected,
  );
  const [one, other] = [hostIdOf(1), hostIdOf(2)];
  expect(snapshot.observed.isUp?.(one)).toBe(true);
  expect(snapshot.observed.get(other)?.link).toBe("connected");
  isConnected = false;
  expect(snapshot.observed.isUp?.(one)).toBe(false);
  // Whoever was told of this one goes on with what it was told.
  expect(snapshot.observed.isUp?.(other)).toBe(true);
});

test("whose BMC is known is asked of the hosts that somebody asks for", async () => {
  const { withBmc } = await read(() => undefined);
  expect([1, 2, 3, 4].map((number) => withBmc?.has(hostIdOf(number)))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
