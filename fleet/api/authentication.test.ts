import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { createTestAuthority, newKeyPem } from "#test/support/test-peers.ts";
import { hostNameOf, namesOf } from "./authentication.ts";
import type { People } from "#fleet/identity/people.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const host = "127.0.0.1:7600";
const origin = `http://${host}`;

async function signIn(people: People): Promise<string> {
  const { secret } = await people.createSigninLink("ana");
  const answer = await world.api.inject({
    method: "POST",
    url: "/api/v1/session",
    headers: { host, origin },
    payload: { secret },
  });
  expect(answer.statusCode).toBe(201);
  const cookie = answer.cookies[0];
  return `${cookie?.name}=${cookie?.value}`;
}

describe("signing in", () => {
  test("gives a cookie that scripts cannot read and other sites cannot send", async () => {
    const { secret } = await world.parts.people.createSigninLink("ana");
    const answer = await world.api.inject({
      method: "POST",
      url: "/api/v1/session",
      headers: { host, origin },
      payload: { secret },
    });
    expect(answer.json()).toMatchObject({ name: "ana", via: "session" });
    expect(answer.cookies).toMatchObject([
      { name: "wws_session", httpOnly: true, sameSite: "Strict", path: "/" },
    ]);
    expect(answer.body).not.toContain(answer.cookies[0]?.value);
  });

  test("a link works once", async () => {
    const { secret } = await world.parts.people.createSigninLink("ana");
    const post = () =>
      world.api.inject({
        method: "POST",
        url: "/api/v1/session",
        headers: { host },
        payload: { secret },
      });
    expect((await post()).statusCode).toBe(201);
    const second = await post();
    expect(second.statusCode).toBe(401);
    expect(second.json()).toMatchObject({ code: "link-unknown" });
  });

  test("guessing is slowed down", async () => {
    const guess = () =>
      world.api.inject({
        method: "POST",
        url: "/api/v1/session",
        headers: { host },
        payload: { secret: "guess" },
      });
    for (let count = 0; count < 30; count += 1) expect((await guess()).statusCode).toBe(401);
    const last = await guess();
    expect(last.statusCode).toBe(429);
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("tells who one is, and out again", async () => {
    const cookie = await signIn(world.parts.people);
    const who = () => world.api.inject({ url: "/api/v1/session", headers: { host, cookie } });
    expect((await who()).json()).toMatchObject({ name: "ana" });
    const out = await world.api.inject({
      method: "DELETE",
      url: "/api/v1/session",
      headers: { host, origin, cookie },
    });
    expect(out.statusCode).toBe(204);
    expect(out.cookies).toMatchObject([{ name: "wws_session", value: "" }]);
    expect((await who()).statusCode).toBe(401);
  });

  test("a session ends after 30 minutes without a request, and after 8 hours in any case", async () => {
    const cookie = await signIn(world.parts.people);
    const status = async () =>
      (await world.api.inject({ url: "/api/v1/hosts", headers: { host, cookie } })).statusCode;
    await world.clock.advance(29 * 60_000);
    expect(await status()).toBe(200);
    await world.clock.advance(31 * 60_000);
    expect(await status()).toBe(401);
  });
});

describe("a request of another site's making", () => {
  test.each([
    ["http://evil.example"],
    ["null"],
    ["http://127.0.0.1:7601"],
    ["https://127.0.0.1:7600"],
    [undefined],
  ])("with Origin %s changes nothing through a session", async (from) => {
    const cookie = await signIn(world.parts.people);
    const answer = await world.api.inject({
      method: "POST",
      url: "/api/v1/enrolment/tokens",
      headers: { host, cookie, ...(from === undefined ? {} : { origin: from }) },
      payload: { kind: "pending" },
    });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: "origin-refused" });
    expect(await world.parts.identity.listTokens()).toEqual([]);
  });

  test("does not read the event stream", async () => {
    const cookie = await signIn(world.parts.people);
    const answer = await world.api.inject({
      url: "/api/v1/events",
      headers: { host, cookie, origin: "http://evil.example" },
    });
    expect(answer.statusCode).toBe(403);
  });

  test.each(["evil.example", "evil.example:7600", "127.0.0.1.evil.example", "a b"])(
    "under the name %j is refused: somebody else's name leads here",
    async (name) => {
      const answer = await world.api.inject({
        url: "/api/v1/hosts",
        headers: { ...asToken(world.token), host: name },
      });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: "address-refused" });
    },
  );

  test("from its own page, through a tunnel with another port, works", async () => {
    const cookie = await signIn(world.parts.people);
    const answer = await world.api.inject({
      method: "POST",
      url: "/api/v1/enrolment/tokens",
      headers: { host: "localhost:9000", origin: "http://localhost:9000", cookie },
      payload: { kind: "pending" },
    });
    expect(answer.statusCode).toBe(201);
  });
});

describe("who may do what", () => {
  test("a wrong token is refused even beside a good session", async () => {
    const cookie = await signIn(world.parts.people);
    const answer = await world.api.inject({
      url: "/api/v1/hosts",
      headers: { host, cookie, authorization: "Bearer wrong" },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain("Bearer");
  });

  test.each(["/metrics", "/api/v1/store/check"])("%s is not for a session", async (url) => {
    const cookie = await signIn(world.parts.people);
    const answer = await world.api.inject({ url, headers: { host, cookie } });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: "token-needed" });
  });

  test("a sign-in link is made by a token only, and signs in", async () => {
    const answer = await world.api.inject({
      method: "POST",
      url: "/api/v1/session/links",
      headers: asToken(world.token),
      payload: { name: "ben" },
    });
    expect(answer.statusCode).toBe(201);
    const link = answer.json();
    expect(link.url).toBe(`http://${host}/sign-in#${link.secret}`);
    expect(await world.parts.people.signIn(link.secret)).toMatchObject({
      ok: true,
      value: { person: { name: "ben" } },
    });
  });

  test("strangers who ask all the time are told to wait", async () => {
    let last = 0;
    for (let count = 0; count < 601; count += 1) {
      last = (await world.api.inject({ url: "/api/v1/hosts", headers: { host } })).statusCode;
    }
    expect(last).toBe(429);
    expect((await world.get("/api/v1/hosts")).status).toBe(200);
  });
});

test("with TLS the cookie has the prefix that binds it to this host", async () => {
  const { key, certificate } = selfSigned();
  const other = await createApiWorld({
    settings: { address: "0.0.0.0", port: 0, tls: { key, certificate }, names: ["fleet.example"] },
  });
  const { secret } = await other.parts.people.createSigninLink("ana");
  const answer = await other.api.inject({
    method: "POST",
    url: "/api/v1/session",
    headers: { host: "fleet.example", origin: "https://fleet.example" },
    payload: { secret },
  });
  expect(answer.cookies).toMatchObject([{ name: "__Host-wws_session", secure: true, path: "/" }]);
  expect(answer.headers["strict-transport-security"]).toContain("max-age");
  await other.close();
});

test("plain HTTP on any address but loopback does not even start", async () => {
  const settings = { address: "0.0.0.0", port: 0, tls: null, names: [] };
  await expect(createApiWorld({ settings })).rejects.toThrow(/needs TLS/);
});

test("names of an address", () => {
  expect(hostNameOf("[::1]:7600")).toBe("[::1]");
  expect(hostNameOf("Fleet.Example:443")).toBe("fleet.example");
  expect(hostNameOf("user@evil")).toBeUndefined();
  expect([...namesOf("::1", ["Fleet.Example"])]).toContain("fleet.example");
  expect(namesOf("10.0.0.5", []).has("localhost")).toBe(false);
});

function selfSigned(): { readonly key: string; readonly certificate: string } {
  const key = newKeyPem();
  const issued = createTestAuthority(world.clock).issueListener(key, ["fleet.example"]);
  return { key, certificate: issued.certificateChainPem };
}
