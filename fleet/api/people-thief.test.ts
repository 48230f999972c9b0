import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import type { Grant } from "#fleet/identity/grants.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const origin = "http://127.0.0.1:7600";
const host = "127.0.0.1:7600";
const by = { name: "tester", reason: "for a test" };
const password = "correct horse battery";

async function someone(name: string, ...grants: readonly Grant[]): Promise<string> {
  const { people } = world.parts;
  await people.addUser({ name, displayName: name, kind: "person", grants }, by);
  const made = await people.addToken({
    owner: name,
    name: "t",
    validMs: 9e6,
    grants: null,
    by: name,
  });
  if (!made.ok) throw new Error(made.problem);
  return made.value.secret;
}
const send = (
  method: "GET" | "POST" | "DELETE",
  path: string,
  headers: Readonly<Record<string, string>>,
  payload?: object | string,
) =>
  world.api.inject({
    method,
    url: `/api/v1${path}`,
    headers: { host, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const signIn = (name: string, secret: string, headers: Readonly<Record<string, string>> = {}) =>
  send("POST", "/session", headers, { name, password: secret });

describe("a token", () => {
  test("in an address opens nothing, whatever the parameter is called", async () => {
    for (const name of ["token", "access_token", "authorization", "api_key"]) {
      const answer = await send("GET", `/session?${name}=${world.token}`, {});
      expect(answer.statusCode).not.toBe(200);
    }
  });

  test("is shown once: no list, no audit and no log of denied attempts holds it", async () => {
    const made = (
      await send("POST", "/tokens", asToken(await someone("ada")), { name: "cron" })
    ).json();
    const lists = await Promise.all(
      ["/tokens", "/users", "/audit"].map((path) => send("GET", path, asToken(world.token))),
    );
    for (const list of lists) expect(list.body).not.toContain(made.token);
    const hashes = /[0-9a-f]{64}/;
    expect(lists[0]?.body).not.toMatch(hashes);
  });

  test("is made no wider than its maker, nor than the token it is made with", async () => {
    const fra2: Grant = { role: "operator", scope: "site=fra2" };
    const token = await someone("ada", fra2);
    const wide = [
      [{ role: "operator", scope: "all" }],
      [{ role: "security", scope: "all" }],
      [fra2, { role: "viewer", scope: "site=nrt1" }],
      [{ role: "lifecycle", scope: "site=fra2" }],
    ];
    for (const grants of wide)
      expect(
        (await send("POST", "/tokens", asToken(token), { name: "w", grants })).json(),
      ).toMatchObject({ code: "role-missing" });
    const narrow = await send("POST", "/tokens", asToken(token), {
      name: "narrow",
      grants: [{ role: "viewer", scope: "site=fra2" }],
      validMs: 60_000,
    });
    expect(narrow.statusCode).toBe(201);
    const again = await send("POST", "/tokens", asToken(narrow.json().token), { name: "again" });
    const me = await send("GET", "/session", asToken(again.json().token));
    expect(me.json()).toMatchObject({ grants: [{ role: "viewer", scope: "site=fra2" }] });
    expect(again.json().expiresMs).toBeLessThanOrEqual(narrow.json().expiresMs);
  });

  test("shrinks with its owner, and is not another's to make, see or revoke", async () => {
    const ada = await someone("ada", { role: "operator", scope: "all" });
    const eve = await someone("eve", { role: "operator", scope: "all" });
    const mine = (await send("GET", "/tokens", asToken(ada))).json().items;
    expect(mine).toMatchObject([{ owner: "ada" }]);
    const stolen = await send("DELETE", `/tokens/${mine[0].id}`, asToken(eve));
    expect(stolen.json()).toMatchObject({ code: "token-unknown" });
    const inName = await send("POST", "/tokens", asToken(eve), { name: "x", owner: "ada" });
    expect(inName.statusCode).toBe(403);
    const remove = [{ role: "operator", scope: "all" }] as const;
    await world.parts.people.changeGrants("ada", { add: [], remove }, by);
    expect((await send("GET", "/hosts", asToken(ada))).json()).toMatchObject({
      code: "role-missing",
    });
    await world.parts.people.setDisabled("eve", true, by);
    expect((await send("GET", "/session", asToken(eve))).statusCode).toBe(401);
  });
});

describe("a session", () => {
  const cookieOf = async (name: string): Promise<string> => {
    await world.parts.people.setPassword(name, password, by);
    const answer = await signIn(name, password);
    return String(answer.headers["set-cookie"]).split(";")[0] ?? "";
  };

  test("ends at once when its person is disabled, may do less, or gets another password", async () => {
    const changes = [
      () => world.parts.people.setDisabled("ada", true, by),
      () =>
        world.parts.people.changeGrants(
          "ada",
          { add: [], remove: [{ role: "operator", scope: "all" }] },
          by,
        ),
      () => world.parts.people.setPassword("ada", "another horse battery", by),
    ];
    await someone("ada", { role: "operator", scope: "all" });
    for (const change of changes) {
      await world.parts.people.setDisabled("ada", false, by);
      const cookie = await cookieOf("ada");
      expect((await send("GET", "/session", { cookie })).statusCode).toBe(200);
      await change();
      expect((await send("GET", "/session", { cookie })).statusCode).toBe(401);
    }
  });

  test("does not end when its person may do more", async () => {
    await someone("ada", { role: "viewer", scope: "all" });
    const cookie = await cookieOf("ada");
    const add = [{ role: "operator", scope: "all" }] as const;
    await world.parts.people.changeGrants("ada", { add, remove: [] }, by);
    expect((await send("GET", "/session", { cookie })).json().may).toContain("operate");
  });

  test("of another is not taken by a cookie of one's own making, or beside a bad token", async () => {
    await someone("ada");
    const cookie = await cookieOf("ada");
    for (const bad of ["wws_session=ada", "wws_session=", `wws_session=${"x".repeat(43)}`])
      expect((await send("GET", "/session", { cookie: bad })).statusCode).toBe(401);
    const both = { cookie, authorization: `Bearer ${"x".repeat(43)}` };
    expect((await send("GET", "/session", both)).statusCode).toBe(401);
  });
});

describe("a password", () => {
  beforeEach(async () => {
    await someone("ada");
    await world.parts.people.setPassword("ada", password, by);
  });

  test("opens a session; a wrong one, a wrong name and a disabled person are answered alike", async () => {
    expect((await signIn("ada", password)).statusCode).toBe(201);
    await someone("eve");
    await world.parts.people.setPassword("eve", password, by);
    await world.parts.people.setDisabled("eve", true, by);
    const words = new Set<string>();
    for (const [name, secret] of [
      ["ada", "wrong horse battery"],
      ["bob", password],
      ["eve", password],
    ] as const) {
      const answer = await signIn(name, secret);
      expect(answer.statusCode).toBe(401);
      const { detail, code } = answer.json();
      words.add(`${code} ${detail.replace(name, "X")}`);
    }
    expect(words.size).toBe(1);
  });

  test("is guessed slower and slower, from behind any made-up address, and nobody waits for ever", async () => {
    for (let tries = 0; tries < 6; tries += 1)
      await signIn("ada", `wrong ${tries} horse`, { "x-forwarded-for": `192.0.2.${tries}` });
    const slow = await signIn("ada", password, { "x-forwarded-for": "198.51.100.7" });
    expect(slow.statusCode).toBe(429);
    expect(Number(slow.headers["retry-after"])).toBeLessThanOrEqual(60);
    await world.clock.advance(61_000);
    expect((await signIn("ada", password)).statusCode).toBe(201);
  });

  test("is guessed no faster from within a stolen session", async () => {
    const { people } = world.parts;
    await someone("eve");
    await people.setPassword("eve", password, by);
    const entered = await people.signInByPassword("eve", password, "::1");
    if (!entered.ok) throw new Error("refused");
    const headers = { origin, cookie: `wws_session=${entered.value.secret}` };
    const codes: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      const body = { current: `guess number ${guess}`, password: "the thief's own words" };
      codes.push((await send("POST", "/session/password", headers, body)).statusCode);
    }
    expect(codes.slice(-3)).toEqual([429, 429, 429]);
    await world.clock.advance(60_000);
    const right = { current: password, password: "my own other words" };
    expect((await send("POST", "/session/password", headers, right)).statusCode).toBe(204);
  });

  test("that is weak is refused in words, and none is ever told", async () => {
    const weak = ["short", "aaaaaaaaaaaaaa", "x".repeat(600)];
    for (const text of weak) {
      const answer = await send("POST", "/users/ada/password", asToken(world.token), {
        password: text,
        reason: "for a test",
      });
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain(text);
    }
    const audit = await send("GET", "/audit", asToken(world.token));
    expect(audit.body).not.toContain(password);
    expect((await send("GET", "/users", asToken(world.token))).body).not.toContain("plain$");
  });
});

describe("a name", () => {
  test.each(["аda", "Ada", "ada ", "ad\u200Ba", "ada\u0301", "admin/..", "", "-x"])(
    "%j is none that a user may have",
    async (name) => {
      const wanted = { name, reason: "for a test" };
      const answer = await send("POST", "/users", asToken(world.token), wanted);
      expect(answer.statusCode).toBe(400);
    },
  );

  test("shown to people hides nothing and turns nothing round", async () => {
    const wanted = { name: "ada", displayName: "ada \u202Eytiruces", reason: "for a test" };
    expect((await send("POST", "/users", asToken(world.token), wanted)).statusCode).toBe(400);
  });
});

test("a change takes JSON and nothing that only looks like it", async () => {
  const body = JSON.stringify({ name: "eve", reason: "for a test" });
  for (const type of [
    "text/plain",
    "application/json5",
    "text/json",
    "application/x-www-form-urlencoded",
  ]) {
    const headers = { ...asToken(world.token), "content-type": type };
    expect((await send("POST", "/users", headers, body)).statusCode).toBe(415);
  }
  expect(await world.parts.people.user("eve")).toBeUndefined();
});

test("the last who may decide who may do what stays, whoever asks", async () => {
  const first = await someone("ada", { role: "security", scope: "all" });
  const reason = "for a test";
  const remove = [{ role: "security", scope: "all" }];
  const answers = [
    await send("POST", "/users/ada/disable", asToken(first), { reason }),
    await send("POST", "/users/ada/grants", asToken(first), { remove, reason }),
  ];
  for (const answer of answers) expect(answer.json()).toMatchObject({ code: "last-security" });
  await someone("ben", { role: "security", scope: "all" });
  const two = await Promise.all(
    ["ada", "ben"].map((name) =>
      send("POST", `/users/${name}/disable`, asToken(world.token), { reason }),
    ),
  );
  expect(two.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409]);
});

test("a browser's change without our Origin changes nobody", async () => {
  await someone("ada", { role: "security", scope: "all" });
  await world.parts.people.setPassword("ada", password, by);
  const cookie = String((await signIn("ada", password)).headers["set-cookie"]).split(";")[0] ?? "";
  const body = { name: "eve", reason: "for a test" };
  for (const headers of [{ cookie }, { cookie, origin: "http://evil.example" }])
    expect((await send("POST", "/users", headers, body)).statusCode).toBe(403);
  expect((await send("POST", "/users", { cookie, origin }, body)).statusCode).toBe(201);
});
