import { expect, test } from "vitest";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { HostId, SessionId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createLinkTracker, linkDefaults } from "./links.ts";

const host = "0a" as HostId;
const session = { id: "5e" as SessionId, clockOffsetMs: 12 };

function world() {
  const clock = createVirtualClock();
  const events = createEventBus(silentLog);
  const changes: string[] = [];
  events.subscribe((event) => {
    if (event.kind === "link-changed") changes.push(event.state);
  });
  return { clock, changes, links: createLinkTracker({ clock, events, settings: linkDefaults }) };
}

test("a host that nobody heard is never, and one that speaks is connected", () => {
  const { links, changes, clock } = world();
  expect(links.isConnected?.(host)).toBe(false);
  expect(links.view(host)).toEqual({
    state: "never",
    sinceMs: null,
    lastHeardMs: null,
    sessionId: null,
    clockOffsetMs: null,
  });
  links.opened(host, session);
  expect(links.view(host)).toEqual({
    state: "connected",
    sinceMs: clock.nowUnixMs(),
    lastHeardMs: clock.nowUnixMs(),
    sessionId: "5e",
    clockOffsetMs: 12,
  });
  expect(changes).toEqual(["connected"]);
});

test("after 3 missed heartbeats it is late, after 9 lost, and one word brings it back", async () => {
  const { links, changes, clock } = world();
  links.opened(host, session);
  // The grace of the start is long over.
  for (let beat = 0; beat < 40; beat += 1) {
    await clock.advance(10_000);
    links.heard(host);
  }
  await clock.advance(29_000);
  expect(links.view(host).state).toBe("connected");
  expect(links.isConnected?.(host)).toBe(true);
  await clock.advance(4_000);
  expect(links.view(host).state).toBe("late");
  expect(links.isConnected?.(host)).toBe(false);
  await clock.advance(60_000);
  expect(links.view(host).state).toBe("lost");
  links.heard(host);
  expect(links.view(host).state).toBe("connected");
  expect(changes).toEqual(["connected", "late", "lost", "connected"]);
});

test("a closed session alone changes nothing: a flapping network shows no change", async () => {
  const { links, changes, clock } = world();
  for (let flap = 0; flap < 300; flap += 1) {
    links.opened(host, { id: `s${flap}` as SessionId, clockOffsetMs: 0 });
    links.closed(host, `s${flap}` as SessionId);
    await clock.advance(2_000);
  }
  expect(changes).toEqual(["connected"]);
  expect(links.view(host).sessionId).toBeNull();
});

test("the end of an older session does not take the newer one's id away", () => {
  const { links } = world();
  links.opened(host, session);
  links.opened(host, { id: "5f" as SessionId, clockOffsetMs: 0 });
  links.closed(host, session.id);
  expect(links.view(host).sessionId).toBe("5f");
});

test("after the manager's start nobody is lost for 300 s, however long they were not heard", async () => {
  const { links, clock } = world();
  links.remember(host, unixMs(clock.nowUnixMs() - 86_400_000));
  expect(links.view(host).state).toBe("late");
  await clock.advance(297_000);
  expect(links.view(host).state).toBe("late");
  await clock.advance(6_000);
  expect(links.view(host).state).toBe("lost");
});

test("a host that was heard just before a restart of the manager stays connected through it", async () => {
  const { links, changes, clock } = world();
  links.remember(host, unixMs(clock.nowUnixMs() - 4_000));
  expect(links.view(host).state).toBe("connected");
  await clock.advance(8_000);
  links.opened(host, session);
  expect(changes).toEqual([]);
});

test("a removed host is forgotten", () => {
  const { links } = world();
  links.opened(host, session);
  links.forget(host);
  expect(links.view(host).state).toBe("never");
});

test.each([-2_264_000, 3_600_000])(
  "a wall clock that leaps by %i ms moves what is known of the past with it",
  async (leapMs) => {
    const virtual = createVirtualClock();
    const clock = virtual.hostClock({ wallOffsetMs: 0 });
    const events = createEventBus(silentLog);
    const links = createLinkTracker({ clock, events, settings: linkDefaults });
    links.opened(host, session);
    await virtual.advance(60_000);
    const before = links.view(host);
    const agoMs = clock.nowUnixMs() - (before.lastHeardMs ?? 0);
    expect(agoMs).toBe(60_000);
    clock.jumpWall(leapMs);
    const after = links.view(host);
    expect(clock.nowUnixMs() - (after.lastHeardMs ?? 0)).toBe(agoMs);
    expect((after.sinceMs ?? 0) - (before.sinceMs ?? 0)).toBe(leapMs);
    expect(after.state).toBe(before.state);
    await virtual.advance(60_000);
    expect(clock.nowUnixMs() - (links.view(host).lastHeardMs ?? 0)).toBe(120_000);
  },
);

test("a clock that is only corrected by some milliseconds leaves times as they are", async () => {
  const virtual = createVirtualClock();
  const clock = virtual.hostClock({ wallOffsetMs: 0 });
  const links = createLinkTracker({
    clock,
    events: createEventBus(silentLog),
    settings: linkDefaults,
  });
  links.opened(host, session);
  const { lastHeardMs } = links.view(host);
  clock.jumpWall(40);
  await virtual.advance(1_000);
  expect(links.view(host).lastHeardMs).toBe(lastHeardMs);
});

test("a host that was heard later than now, by a clock that was set back since, is not connected before it speaks", async () => {
  const { links, changes, clock } = world();
  links.remember(host, unixMs(clock.nowUnixMs() + 2_264_000));
  expect(links.view(host)).toMatchObject({
    state: "late",
    lastHeardMs: clock.nowUnixMs() - 30_000,
  });
  links.heard(host);
  expect(changes).toEqual(["connected"]);
});

/** A tracker in a process that can stand still, beating all the time; messages come in by hand. */
async function pausable() {
  const machine = createVirtualClock();
  let waiting: (() => void)[] | null = null;
  const enter = (run: () => void): void => {
    if (waiting === null) run();
    else waiting.push(run);
  };
  const clock: Clock = {
    nowUnixMs: machine.nowUnixMs,
    nowMonotonicMs: machine.nowMonotonicMs,
    after: (delayMs, callback) => machine.after(delayMs, () => enter(callback)),
  };
  const events = createEventBus(silentLog);
  const changes: string[] = [];
  events.subscribe((event) => {
    if (event.kind === "link-changed") changes.push(event.state);
  });
  const links = createLinkTracker({ clock, events, settings: linkDefaults });
  for (let beat = 0; beat < 40; beat += 1) {
    links.heard(host);
    await machine.advance(10_000);
  }
  const standStill = async (forMs: number, first = (): void => {}): Promise<void> => {
    waiting = [first];
    // Said in the middle of it, and waiting in the socket.
    await machine.advance(forMs / 2);
    enter(() => links.heard(host));
    await machine.advance(forMs / 2);
    const came = waiting ?? [];
    waiting = null;
    for (const run of came) run();
  };
  return { machine, links, changes, standStill };
}

test("who asks before the manager has noticed that it stood still hears of it, and of nobody who is there", async () => {
  const { machine, links, changes, standStill } = await pausable();
  let seen: unknown;
  await standStill(3_600_000, () => {
    seen = [links.hearsSinceAt?.(), links.isConnected?.(host), links.view(host).state];
  });
  expect(seen).toEqual([machine.nowMonotonicMs(), false, "late"]);
  expect(changes).toEqual(["connected", "late"]);
});

test("what waited while the manager stood still is no word of now, and loses nobody", async () => {
  const { machine, links, changes, standStill } = await pausable();
  const runMs = machine.nowUnixMs();
  await standStill(160_000);
  expect(links.view(host)).toMatchObject({ state: "late" });
  expect(links.view(host).lastHeardMs).toBeLessThanOrEqual(runMs);
  expect(links.hearsSinceAt?.()).toBe(machine.nowMonotonicMs());
  await machine.advance(10_000);
  links.heard(host);
  expect(links.view(host)).toMatchObject({
    state: "connected",
    lastHeardMs: machine.nowUnixMs(),
  });
  expect(changes).toEqual(["connected", "late", "connected"]);
});

test("who died while the manager stood still is late, and lost when the grace time is over", async () => {
  const { machine, links, changes, standStill } = await pausable();
  await standStill(160_000);
  await machine.advance(295_000);
  expect(links.view(host).state).toBe("late");
  await machine.advance(10_000);
  expect(links.view(host).state).toBe("lost");
  expect(changes).toEqual(["connected", "late", "lost"]);
});

test("a manager that stands still for less than a heartbeat hears as ever", async () => {
  const { machine, links, changes, standStill } = await pausable();
  const before = links.hearsSinceAt?.();
  await standStill(6_000);
  expect(links.view(host)).toMatchObject({
    state: "connected",
    lastHeardMs: machine.nowUnixMs(),
  });
  expect(links.hearsSinceAt?.()).toBe(before);
  expect(changes).toEqual(["connected"]);
});
