import { beforeEach, describe, expect, test } from "vitest";
import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { createEventHub, type EventHub, type NumberedEvent, replayEventsMax } from "./event-hub.ts";

let clock: VirtualClock;
let hub: EventHub;
let publish: (event: FleetEvent) => void;
let batches: (readonly NumberedEvent[])[];

beforeEach(() => {
  clock = createVirtualClock();
  const events: FleetEvents = {
    publish: () => {},
    subscribe(listener) {
      publish = listener;
      return () => {};
    },
  };
  hub = createEventHub({ events, clock, run: "run1" });
  batches = [];
  hub.watch((batch) => batches.push(batch));
});

const telemetry = (host: number, untilMs: number): FleetEvent => ({
  kind: "host-telemetry",
  hostId: hostIdOf(host),
  untilMs: unixMs(untilMs),
});
const changed = (host: number): FleetEvent => ({ kind: "host-changed", hostId: hostIdOf(host) });
const numbersOf = (events: readonly NumberedEvent[] | undefined) =>
  events?.map(({ number }) => number);

test("of one kind and host only the newest of half a second is told", async () => {
  for (let ms = 0; ms < 400; ms += 10) {
    publish(telemetry(1, ms));
    await clock.advance(10);
  }
  publish(changed(1));
  publish(telemetry(2, 7));
  await clock.advance(100);
  expect(batches.map((batch) => batch.map(({ event }) => event))).toEqual([
    [telemetry(1, 390), changed(1), telemetry(2, 7)],
  ]);
});

test("a host that changes all the time is told twice a second", async () => {
  for (let ms = 0; ms < 10_000; ms += 10) {
    publish(changed(1));
    await clock.advance(10);
  }
  expect(batches.length).toBeGreaterThanOrEqual(19);
  expect(batches.length).toBeLessThanOrEqual(20);
});

test("each event is text for the stream, with its id", async () => {
  publish(changed(1));
  await clock.advance(500);
  const id = hostIdOf(1);
  expect(batches[0]?.[0]?.text).toBe(
    `id: run1-1\nevent: host-changed\ndata: {"kind":"host-changed","hostId":"${id}"}\n\n`,
  );
});

test("nothing is set going while nothing happens", async () => {
  publish(changed(1));
  await clock.advance(500);
  expect(clock.timers()).toBe(0);
});

describe("what was missed", () => {
  test("is what came after an id", async () => {
    for (let host = 1; host <= 3; host += 1) {
      publish(changed(host));
      await clock.advance(500);
    }
    expect(numbersOf(hub.since("run1-0"))).toEqual([1, 2, 3]);
    expect(numbersOf(hub.since("run1-2"))).toEqual([3]);
    expect(numbersOf(hub.since(hub.newestId()))).toEqual([]);
  });

  test.each(["run0-1", "run1-9", "run1-", "1", "", "run1-1-1"])(
    "%j is not answered",
    async (id) => {
      publish(changed(1));
      await clock.advance(500);
      expect(hub.since(id)).toBeUndefined();
    },
  );

  test("is kept for the newest 8,192 events, however many there were", async () => {
    let count = 0;
    while (count < replayEventsMax * 3 + 100) {
      for (let host = 1; host <= 1_000; host += 1) publish(changed(host));
      count += 1_000;
      await clock.advance(500);
    }
    const oldest = count - replayEventsMax;
    expect(hub.since(`run1-${oldest}`)).toHaveLength(replayEventsMax);
    expect(numbersOf(hub.since(`run1-${oldest}`))?.[0]).toBe(oldest + 1);
    expect(hub.since(`run1-${oldest - 1}`)).toBeUndefined();
  });
});
