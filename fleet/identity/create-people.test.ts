import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCapturedLog } from "#test/support/captured-log.ts";
import { createPlainPasswords } from "#test/support/plain-passwords.ts";
import { openMemoryStore } from "#test/support/memory-store.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { everything } from "./grants.ts";
import { createPeople } from "./create-people.ts";
import type { People } from "./people.ts";

const minuteMs = 60_000;
const log = createCapturedLog();
let clock: VirtualClock;
let store: Awaited<ReturnType<typeof openMemoryStore>>;
let people: People;
const others = () => ({
  users: store.people,
  passwords: createPlainPasswords(),
  welcomesNewcomers: true,
});

beforeEach(async () => {
  clock = createVirtualClock();
  store = await openMemoryStore(clock);
  people = createPeople({
    ...others(),
    store: store.identity,
    clock,
    random: createSeededRandom(3),
    log,
  });
});

afterEach(() => store.close());

async function session(): Promise<string> {
  const link = await people.createSigninLink("ada");
  const answer = await people.signIn(link.secret);
  if (!answer.ok) throw new Error("the link is unknown");
  return answer.value.secret;
}

describe("a sign-in link", () => {
  test("gives a session, once", async () => {
    const link = await people.createSigninLink("ada");
    const answer = await people.signIn(link.secret);
    expect(answer).toMatchObject({
      ok: true,
      value: {
        person: { name: "ada", via: "session", expiresMs: clock.nowUnixMs() + 480 * minuteMs },
      },
    });
    expect(await people.signIn(link.secret)).toEqual({ ok: false, problem: "link-unknown" });
  });

  test("used by two browsers at once gives one session", async () => {
    const link = await people.createSigninLink("ada");
    const answers = await Promise.all([1, 2, 3].map(() => people.signIn(link.secret)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  });

  test("is over after 15 minutes", async () => {
    const [early, late] = [
      await people.createSigninLink("ada"),
      await people.createSigninLink("ada"),
    ];
    await clock.advance(15 * minuteMs - 1);
    expect(await people.signIn(early.secret)).toMatchObject({ ok: true });
    await clock.advance(1);
    expect(await people.signIn(late.secret)).toEqual({ ok: false, problem: "link-unknown" });
  });

  test.each(["", "x", "x".repeat(5_000)])("%# that nobody made is unknown", async (secret) => {
    expect(await people.signIn(secret)).toEqual({ ok: false, problem: "link-unknown" });
  });
});

describe("a session", () => {
  test("lasts while it is used, for 8 hours at most", async () => {
    const secret = await session();
    for (let minutes = 0; minutes + 29 < 480; minutes += 29) {
      expect(await people.fromSession(secret)).toMatchObject({ name: "ada", via: "session" });
      await clock.advance(29 * minuteMs);
    }
    await clock.advance(29 * minuteMs);
    expect(await people.fromSession(secret)).toBeUndefined();
  });

  test("is over after 30 idle minutes, and stays so", async () => {
    const secret = await session();
    await clock.advance(30 * minuteMs + 1);
    expect(await people.fromSession(secret)).toBeUndefined();
    expect(await people.fromSession(secret)).toBeUndefined();
  });

  test("outlives a restart of the manager, idle time included", async () => {
    const secret = await session();
    await clock.advance(20 * minuteMs);
    await people.fromSession(secret);
    const restarted = createPeople({
      ...others(),
      store: store.identity,
      clock,
      random: createSeededRandom(4),
      log,
    });
    await clock.advance(29 * minuteMs);
    expect(await restarted.fromSession(secret)).toMatchObject({ name: "ada" });
    await clock.advance(31 * minuteMs);
    expect(await restarted.fromSession(secret)).toBeUndefined();
  });

  test.each([60, -60])("is not ended by a wall clock that jumps by %i minutes", async (minutes) => {
    const wall = clock.hostClock({ wallOffsetMs: 0 });
    const jumping = createPeople({
      ...others(),
      store: store.identity,
      clock: wall,
      random: createSeededRandom(5),
      log,
    });
    const link = await jumping.createSigninLink("ada");
    const answer = await jumping.signIn(link.secret);
    wall.jumpWall(minutes * minuteMs);
    expect(await jumping.fromSession(answer.ok ? answer.value.secret : "")).toMatchObject({
      name: "ada",
    });
  });

  test("is over when its person signs out", async () => {
    const secret = await session();
    await people.signOut(secret);
    expect(await people.fromSession(secret)).toBeUndefined();
    await people.signOut("x".repeat(5_000));
  });
});

describe("an API token", () => {
  test("works until its time is over, and is no session", async () => {
    const { secret, expiresMs } = await people.createApiToken("ci", 10 * minuteMs);
    expect(await people.fromApiToken(secret)).toMatchObject({
      ...{ name: "ci", via: "api-token", expiresMs, kind: "machine", token: "ci" },
      grants: everything,
    });
    expect(await people.fromSession(secret)).toBeUndefined();
    expect(await people.signIn(secret)).toEqual({ ok: false, problem: "link-unknown" });
    await people.signOut(secret);
    await clock.advance(10 * minuteMs - 1);
    expect(await people.fromApiToken(secret)).toMatchObject({ name: "ci" });
    await clock.advance(1);
    expect(await people.fromApiToken(secret)).toBeUndefined();
  });

  test("is not what a session's secret opens", async () => {
    expect(await people.fromApiToken(await session())).toBeUndefined();
  });
});

test("secrets are 256 bits, all different, and nowhere in store or log", async () => {
  const link = await people.createSigninLink("ada");
  const answer = await people.signIn((await people.createSigninLink("ada")).secret);
  const api = await people.createApiToken("ci", minuteMs);
  const secrets = [link.secret, answer.ok ? answer.value.secret : "", api.secret];
  expect(new Set(secrets).size).toBe(3);
  const stored = JSON.stringify(
    await Promise.all(secrets.map((secret) => store.identity.findSecret(secret))),
  );
  for (const secret of secrets) {
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    expect(stored).not.toContain(secret);
    for (const line of log.lines) expect(line).not.toContain(secret);
  }
  expect(log.lines.length).toBeGreaterThan(0);
});

test("a store that cannot be written keeps nobody out, and says so once", async () => {
  const secret = await session();
  const token = await people.createApiToken("ci", 60 * minuteMs);
  const full = createPeople({
    ...others(),
    store: {
      ...store.identity,
      touchSecret: () => Promise.reject(new Error("database or disk is full")),
      takeSecret: () => Promise.reject(new Error("database or disk is full")),
    },
    clock,
    random: createSeededRandom(4),
    log,
  });
  await clock.advance(2 * minuteMs);
  expect(await full.fromSession(secret)).toMatchObject({ name: "ada" });
  await clock.advance(2 * minuteMs);
  expect(await full.fromApiToken(token.secret)).toMatchObject({ name: "ci" });
  await clock.advance(31 * minuteMs);
  expect(await full.fromSession(secret)).toBeUndefined();
});

describe("two managers on one store", () => {
  const another = () =>
    createPeople({
      ...others(),
      store: store.identity,
      clock,
      random: createSeededRandom(9),
      log,
    });

  test("a session that is used at one of them is not idle at the other", async () => {
    const secret = await session();
    const other = another();
    expect(await other.fromSession(secret)).toMatchObject({ name: "ada" });
    for (let minutes = 0; minutes < 40; minutes += 10) {
      await clock.advance(10 * minuteMs);
      expect(await people.fromSession(secret)).toMatchObject({ name: "ada" });
    }
    expect(await other.fromSession(secret)).toMatchObject({ name: "ada" });
    expect(await people.fromSession(secret)).toMatchObject({ name: "ada" });
  });

  test("to look again who somebody is keeps no session alive, and ends none", async () => {
    const secret = await session();
    await clock.advance(29 * minuteMs);
    expect(await people.lookAgain(secret, "session")).toMatchObject({ name: "ada" });
    await clock.advance(2 * minuteMs);
    expect(await people.lookAgain(secret, "session")).toBeUndefined();
    expect(await people.fromSession(secret)).toBeUndefined();
  });
});

test("a password that is changed while it is checked opens nothing", async () => {
  const by = { name: "tester", reason: "for a test" };
  const plain = createPlainPasswords();
  let whileChecked = async (): Promise<unknown> => undefined;
  const slow = createPeople({
    ...others(),
    passwords: {
      ...plain,
      async verify(password, kept) {
        await whileChecked();
        return plain.verify(password, kept);
      },
    },
    store: store.identity,
    clock,
    random: createSeededRandom(5),
    log,
  });
  await slow.addUser({ name: "ada", displayName: "ada", kind: "person", grants: everything }, by);
  await slow.setPassword("ada", "correct horse battery", by);
  expect(await slow.signInByPassword("ada", "correct horse battery", "::1")).toMatchObject({
    ok: true,
  });
  whileChecked = () => people.setPassword("ada", "another horse battery", by);
  expect(await slow.signInByPassword("ada", "correct horse battery", "::1")).toEqual({
    ok: false,
    problem: { kind: "refused" },
  });
});
