import { afterEach, expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import {
  afterGraceMs,
  type AlertWorld,
  type KeptChannel,
  keptChannel,
  openAlertWorld,
} from "#test/support/alert-world.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import type { Batch, SendOutcome } from "./delivery.ts";

const minute = 60_000;
const hour = 60 * minute;
const failed = (words: string, retryAfterMs: number | null = null): SendOutcome => ({
  kind: "failed",
  words,
  retryAfterMs,
});

let world: AlertWorld;
async function open(...channels: KeptChannel[]): Promise<void> {
  world = await openAlertWorld(channels);
  await world.clock.advance(afterGraceMs);
}
afterEach(() => world.stop());
const fillDisk = (): void => {
  world.facts.freeBytes = () => 1_000;
};
const deliveries = async () => {
  const [alert] = [
    ...(await world.alerts.open()),
    ...(await world.store.alerts.listResolved({ before: null, limit: 9 })),
  ];
  return alert === undefined ? [] : world.store.alerts.listDeliveries(alert.id);
};

test("what was written down and not sent is sent by the manager after, with the same id", async () => {
  let release = (): void => {};
  const pager = keptChannel();
  // It takes the message, and the manager dies before it hears so.
  pager.answer = () =>
    new Promise((resolve) => {
      release = () => resolve({ kind: "sent", words: "taken" });
    });
  await open(pager);
  fillDisk();
  await world.clock.advance(10_000);
  expect(pager.batches).toHaveLength(1);
  expect((await deliveries()).map(({ state }) => state)).toEqual(["sending"]);
  pager.answer = { kind: "sent", words: "taken" };
  world = await world.restart("killed");
  fillDisk();
  await world.clock.advance(10_000);
  const [first, second] = pager.batches;
  expect(second?.id).toBe(first?.id);
  expect(second?.deliveries.map(({ id }) => id)).toEqual(first?.deliveries.map(({ id }) => id));
  expect((await deliveries()).map(({ state }) => state)).toEqual(["sent"]);
  release();
});

test("a message is written down before it is sent: none is lost between the two", async () => {
  const pager = keptChannel();
  await open(pager);
  const commit = world.store.alerts.commit;
  const order: string[] = [];
  Object.assign(world.store.alerts, {
    commit: async (change: Parameters<typeof commit>[0]) => {
      order.push(...(change.deliveries ?? []).map(({ state }) => state));
      return commit(change);
    },
  });
  pager.answer = () => {
    order.push("on the wire");
    return { kind: "sent", words: "taken" };
  };
  fillDisk();
  await world.clock.advance(10_000);
  expect(order).toEqual(["due", "sending", "on the wire", "sent"]);
});

test("a channel that fails is tried again with pauses that grow, for a day, and then given up", async () => {
  const pager = keptChannel();
  pager.answer = failed("ECONNREFUSED");
  await open(pager);
  fillDisk();
  await world.clock.advance(25 * hour);
  const ids = new Set(pager.batches.map(({ id }) => id));
  const opened = pager.batches.filter(({ deliveries: [one] }) => one?.alert.kind === "disk");
  expect([ids.size, opened.length > 80, opened.length < 1_000]).toEqual([1, true, true]);
  const [one] = await deliveries();
  expect(one).toMatchObject({ state: "given-up", outcome: "ECONNREFUSED" });
  expect(world.alerts.channels()[0]).toMatchObject({
    givenUp: 1,
    waiting: 0,
    lastFailure: "ECONNREFUSED",
    lastSuccessMs: null,
  });
});

test("a message that its receiver cannot take holds up no other of the channel", async () => {
  const pager = keptChannel();
  pager.answer = ({ deliveries: [one] }) =>
    one?.alert.kind === "disk" ? failed("answered 500") : { kind: "sent", words: "taken" };
  await open(pager);
  fillDisk();
  await world.clock.advance(hour);
  world.setLink([3], "lost");
  await world.clock.advance(4 * minute);
  expect(world.told(pager).filter((one) => one.includes("host-lost"))).toEqual([
    "opened host-lost",
  ]);
  const tries = pager.batches.length;
  await world.clock.advance(hour);
  expect(pager.batches.length).toBeGreaterThan(tries);
});

test("a receiver that is down is asked once a minute at most, however many messages wait", async () => {
  const pager = keptChannel();
  pager.answer = failed("ECONNREFUSED");
  await open(pager);
  world.setLink([1, 13], "lost");
  fillDisk();
  await world.clock.advance(20 * minute);
  const asked = pager.batches.length;
  world.facts.clones = () => [5, 6, 7, 8, 9].map((number) => hostIdOf(number));
  await world.clock.advance(20 * minute);
  expect(pager.batches.length - asked).toBeLessThan(80);
  expect(new Set(world.told(pager))).toContain("opened host-cloned");
  pager.answer = { kind: "sent", words: "taken" };
  await world.clock.advance(30 * minute);
  expect(world.alerts.channels()[0]).toMatchObject({ waiting: 0, givenUp: 0 });
});

test("a channel that fails is an alert on the others, and holds them up in nothing", async () => {
  const dead = keptChannel({ name: "dead" });
  dead.answer = failed("no answer within 10 s");
  const mail = keptChannel({ name: "mail" });
  await open(dead, mail);
  fillDisk();
  await world.clock.advance(hour);
  expect(world.told(mail)).toEqual(["opened disk", "opened channel-failing"]);
  expect(mail.batches[1]?.deliveries[0]?.alert.words).toBe(
    "alerts do not reach dead: no answer within 10 s",
  );
  expect(world.told(dead)).not.toContain("opened channel-failing");
  dead.answer = { kind: "sent", words: "taken" };
  await world.clock.advance(hour);
  expect(world.told(mail).at(-1)).toBe("resolved channel-failing");
});

test("a refusal that cannot succeed is not tried again; one that may is, a few times", async () => {
  const pager = keptChannel();
  pager.answer = { kind: "refused", words: "answered 410", isFinal: true };
  const other = keptChannel({ name: "other" });
  other.answer = { kind: "refused", words: "answered 403", isFinal: false };
  await open(pager, other);
  fillDisk();
  await world.clock.advance(6 * hour);
  const about = ({ batches }: KeptChannel) =>
    batches.filter(({ deliveries: [one] }) => one?.alert.kind === "disk").length;
  expect([about(pager), about(other)]).toEqual([1, 5]);
});

test("no try comes before the time that the receiver asked for", async () => {
  const pager = keptChannel();
  const times: number[] = [];
  pager.answer = () => {
    times.push(world.clock.nowUnixMs());
    return times.length === 1 ? failed("answered 429", 10 * minute) : { kind: "sent", words: "ok" };
  };
  await open(pager);
  fillDisk();
  await world.clock.advance(hour);
  expect(times).toHaveLength(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(10 * minute);
});

test("what comes within a minute is one mail, and its end stands behind it in the same thread", async () => {
  const mail = keptChannel({ name: "mail", kind: "mail", digestMs: minute, batchMax: 100 });
  await open(mail);
  world.setLink([3, 15], "lost");
  fillDisk();
  await world.clock.advance(5 * minute);
  expect(mail.batches.map(({ deliveries }) => deliveries.length)).toEqual([1, 2]);
  world.setLink([3, 15], "connected");
  await world.clock.advance(5 * minute);
  const [, opened, resolved] = mail.batches;
  expect(resolved?.deliveries.map(({ transition }) => transition)).toEqual([
    "resolved",
    "resolved",
  ]);
  expect(resolved?.earlier).toEqual([opened?.id]);
});

test("beyond its bound a channel is sent pages, and how much was left out", async () => {
  const pager = keptChannel({ messagesPerHour: 10 });
  await open(pager);
  world.facts.findings = () => [];
  for (const number of [1, 13, 5, 17]) {
    world.setLink([number], "lost");
    await world.clock.advance(2 * minute);
  }
  const sent = pager.batches.length;
  expect(sent).toBeLessThan(4);
  world.facts.clones = () => [hostIdOf(9)];
  await world.clock.advance(hour);
  const page = pager.batches.find(({ deliveries: [one] }) => one?.alert.severity === "page");
  expect(page?.deliveries[0]?.alert.kind).toBe("host-cloned");
  const counted = pager.batches.reduce((sum: number, { leftOut }: Batch) => sum + leftOut, 0);
  expect(counted).toBe(world.alerts.channels()[0]?.leftOut);
  expect(counted).toBeGreaterThan(0);
});

test("only what a channel is severe enough for goes there, and its end only where it was told", async () => {
  const pager = keptChannel({ severity: "page" });
  await open(pager);
  world.setLink([3], "lost");
  fillDisk();
  await world.clock.advance(5 * minute);
  world.setLink([3], "connected");
  world.facts.freeBytes = () => 100 * 1024 ** 3;
  await world.clock.advance(10 * minute);
  expect(world.told(pager)).toEqual(["opened disk", "resolved disk"]);
});

test("a test goes through each channel at once and says what each answered", async () => {
  const [good, bad] = [keptChannel(), keptChannel({ name: "bad" })];
  bad.answer = failed("ECONNREFUSED");
  await open(good, bad);
  const asker = { name: "ann", kind: "person", reason: "does it ring?" } as const;
  const answer = await world.alerts.test(asker);
  expect(answer).toMatchObject({
    ok: true,
    value: [
      { channel: "pager", kind: "sent" },
      { channel: "bad", kind: "failed", words: "ECONNREFUSED" },
    ],
  });
  expect(good.batches[0]?.deliveries[0]).toMatchObject({ transition: "test" });
  expect(await world.alerts.open()).toEqual([]);
});

test("old alerts and messages go, new ones stay", async () => {
  const pager = keptChannel();
  await open(pager);
  fillDisk();
  await world.clock.advance(minute);
  world.facts.freeBytes = () => 100 * 1024 ** 3;
  await world.clock.advance(hour);
  const ended = () => world.store.alerts.listResolved({ before: null, limit: 9 });
  const [alert] = await ended();
  expect(alert?.kind).toBe("disk");
  await world.store.alerts.prune({
    term: 1,
    resolvedBeforeMs: unixMs(world.clock.nowUnixMs() - 24 * hour),
    resolvedMax: 10,
    settledBeforeMs: world.clock.nowUnixMs(),
  });
  expect([(await ended()).length, await deliveries()]).toEqual([1, []]);
  await world.store.alerts.prune({
    term: 1,
    resolvedBeforeMs: world.clock.nowUnixMs(),
    resolvedMax: 10,
    settledBeforeMs: world.clock.nowUnixMs(),
  });
  expect(await ended()).toEqual([]);
});
