import { beforeEach, expect, test } from "vitest";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { createEventHub, type EventHub } from "./event-hub.ts";
import { heartbeatMs, openEventStream, stuckMsMax, waitingEventsMax } from "./event-stream.ts";

let clock: VirtualClock;
let hub: EventHub;
let publish: (event: FleetEvent) => void;

beforeEach(() => {
  clock = createVirtualClock();
  const events = {
    publish: () => {},
    subscribe(listener: (event: FleetEvent) => void) {
      publish = listener;
      return () => {};
    },
  };
  hub = createEventHub({ events, clock, run: "r" });
});

/** A watcher that can stop taking. */
function watch(differs: { lastEventId?: string; untilMs?: number; host?: number } = {}) {
  const state = { text: "", takes: true, ended: false, drain: () => {}, reason: "" };
  const stream = openEventStream(
    {
      write(text) {
        state.text += text;
        return state.takes;
      },
      onDrain(listener) {
        state.drain = listener;
      },
      end() {
        state.ended = true;
      },
    },
    {
      hub,
      clock,
      isWanted: ({ event }) =>
        differs.host === undefined ||
        (event.kind === "host-changed" && event.hostId === hostIdOf(differs.host)),
      lastEventId: differs.lastEventId ?? null,
      untilMs: differs.untilMs ?? Number.POSITIVE_INFINITY,
      onEnd: (reason) => {
        state.reason = reason;
      },
    },
  );
  return { state, stream };
}

async function change(...hosts: number[]): Promise<void> {
  for (const host of hosts) publish({ kind: "host-changed", hostId: hostIdOf(host) });
  await clock.advance(500);
}

const idsIn = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);

test("a watcher is greeted with where the stream stands", async () => {
  await change(1);
  const { state } = watch();
  expect(state.text).toBe('retry: 2000\n\nid: r-1\nevent: hello\ndata: {"kind":"hello"}\n\n');
});

test("who comes back gets what it missed, once, and then what happens", async () => {
  await change(1);
  await change(2);
  const { state } = watch({ lastEventId: "r-1" });
  await change(3);
  expect(idsIn(state.text)).toEqual(["r-2", "r-3"]);
});

test("who missed too much, or another run of the manager, starts anew", async () => {
  await change(1);
  const { state } = watch({ lastEventId: "q-1" });
  expect(state.text).toContain("event: reset\n");
  expect(idsIn(state.text)).toEqual(["r-1"]);
});

test("a filter holds for what was missed as well", async () => {
  await change(1, 2);
  const { state } = watch({ lastEventId: "r-0", host: 2 });
  await change(1, 2);
  expect(idsIn(state.text)).toEqual(["r-2", "r-4"]);
});

test("a comment comes every 15 s", async () => {
  const { state } = watch();
  await clock.advance(heartbeatMs * 4);
  expect(state.text.match(/^: still here$/gm)).toHaveLength(4);
});

test("a slow watcher gets the newest of each thing when it takes again", async () => {
  const { state } = watch();
  state.takes = false;
  await change(1);
  state.text = "";
  for (let round = 0; round < 10; round += 1) await change(1, 2);
  expect(state.text).toBe("");
  state.takes = true;
  state.drain();
  expect(idsIn(state.text)).toEqual(["r-20", "r-21"]);
  await change(3);
  expect(idsIn(state.text)).toEqual(["r-20", "r-21", "r-22"]);
});

test("a watcher that takes nothing for 30 s is let go", async () => {
  const { state, stream } = watch();
  state.takes = false;
  await change(1);
  await clock.advance(stuckMsMax + heartbeatMs);
  expect([state.ended, state.reason]).toEqual([true, "the watcher takes nothing"]);
  expect(stream.ended()).toBe("the watcher takes nothing");
  expect(clock.timers()).toBe(0);
});

test("what waits for a slow watcher is bounded", async () => {
  const { state } = watch();
  state.takes = false;
  await change(1);
  await change(...Array.from({ length: waitingEventsMax + 1 }, (_, index) => index + 1));
  expect(state.reason).toBe("the watcher is too slow");
});

test("the stream ends with the session that opened it", async () => {
  const { state } = watch({ untilMs: clock.nowUnixMs() + 20_000 });
  await clock.advance(heartbeatMs);
  expect(state.ended).toBe(false);
  await clock.advance(heartbeatMs);
  expect(state.reason).toBe("the session has ended");
});

test("after its end a stream writes nothing and holds nothing", async () => {
  const { state, stream } = watch();
  stream.end("the watcher went away");
  state.text = "";
  await change(1);
  await clock.advance(heartbeatMs * 2);
  state.drain();
  expect([state.text, clock.timers()]).toEqual(["", 0]);
});
