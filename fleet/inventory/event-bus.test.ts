import { expect, test } from "vitest";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { createEventBus } from "./event-bus.ts";

const changed = { kind: "host-changed", hostId: "h" as HostId } as const;

test("every listener hears every event until it leaves, even twice the same listener", () => {
  const bus = createEventBus(silentLog);
  const heard: string[] = [];
  const listener = (): void => void heard.push("a");
  const leave = bus.subscribe(listener);
  bus.subscribe(listener);
  bus.publish(changed);
  expect(heard).toEqual(["a", "a"]);
  leave();
  bus.publish(changed);
  expect(heard).toEqual(["a", "a", "a"]);
});

test("a listener that throws costs nobody else the event", () => {
  const bus = createEventBus(silentLog);
  let heard = 0;
  bus.subscribe(() => {
    throw new Error("defect");
  });
  bus.subscribe(() => {
    heard += 1;
  });
  bus.publish(changed);
  expect(heard).toBe(1);
});
