import { type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AlertId } from "#proto/vocabulary/ids.ts";
import { type ApiWorld, createApiWorld, uuid } from "#test/support/api-world.ts";
import { hostIdOf, positionOf } from "#test/support/inventory-builders.ts";
import { recheckMs, streamsMax } from "./event-routes.ts";

let world: ApiWorld;
let url: string;
beforeEach(async () => {
  world = await createApiWorld();
  url = await world.api.listen();
});
afterEach(() => world.close());

/** A real watcher on a real socket. */
interface Watcher {
  readonly answer: IncomingMessage;
  text(): string;
  /** Resolves when the stream holds this. */
  until(part: string): Promise<void>;
  /** Resolves when the manager has ended the stream. */
  ended: Promise<void>;
  leave(): void;
}

function watch(path: string, headers: Record<string, string>): Promise<Watcher> {
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { headers }, (answer) => {
      let text = "";
      let onText = (): void => {};
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        onText();
      });
      resolve({
        answer,
        text: () => text,
        until: (part) =>
          new Promise((found) => {
            onText = () => {
              if (text.includes(part)) found();
            };
            onText();
          }),
        ended: new Promise((end) => answer.once("close", end)),
        leave: () => asked.destroy(),
      });
    });
    asked.once("error", reject);
    asked.end();
  });
}

const bearer = () => ({ authorization: `Bearer ${world.token}` });

async function change(...hosts: number[]): Promise<void> {
  for (const host of hosts) {
    world.parts.events.publish({ kind: "host-changed", hostId: hostIdOf(host) });
  }
  await world.clock.advance(500);
}

test("changes arrive as they happen, with the headers of a stream", async () => {
  const watcher = await watch("/api/v1/events", bearer());
  expect(watcher.answer.statusCode).toBe(200);
  expect(watcher.answer.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  await watcher.until("event: hello");
  await change(1);
  await watcher.until(`data: {"kind":"host-changed","hostId":"${hostIdOf(1)}"}\n\n`);
  watcher.leave();
});

test("who comes back with Last-Event-ID misses nothing", async () => {
  const first = await watch("/api/v1/events", bearer());
  await change(1);
  await first.until("host-changed");
  const lastId = first.text().match(/id: (\S+)\nevent: host-changed/)?.[1] ?? "";
  first.leave();
  await change(2);
  const again = await watch("/api/v1/events", { ...bearer(), "last-event-id": lastId });
  await again.until(hostIdOf(2));
  expect(again.text()).not.toContain(hostIdOf(1));
  again.leave();
  const stale = await watch("/api/v1/events", { ...bearer(), "last-event-id": "old-7" });
  await stale.until("event: reset");
  stale.leave();
});

test("a watcher hears only of what it asked for", async () => {
  await world.addHost(1);
  await world.addHost(2);
  await world.clock.advance(500);
  const watcher = await watch("/api/v1/events?host=host-2&topics=host-changed", bearer());
  world.parts.events.publish({ kind: "host-state", hostId: hostIdOf(2) });
  await change(1, 2);
  await watcher.until(hostIdOf(2));
  expect(watcher.text()).not.toContain(hostIdOf(1));
  expect(watcher.text()).not.toContain("host-state");
  watcher.leave();
});

test.each([
  ["?host=nobody", 404, "host-unknown"],
  ["?topics=weather", 400, "invalid-request"],
])("%s is refused before a stream begins", async (query, status, code) => {
  const { status: answered, body } = await world.get(`/api/v1/events${query}`);
  expect(answered).toBe(status);
  expect(body).toMatchObject({ code });
});

test("signing out ends the streams of that session and of no other", async () => {
  const sessions: string[] = [];
  for (const name of ["ana", "ben"]) {
    const { secret } = await world.parts.people.createSigninLink(name);
    const signedIn = await world.parts.people.signIn(secret);
    if (!signedIn.ok) throw new Error("the link does not work");
    sessions.push(`wws_session=${signedIn.value.secret}`);
  }
  const [ana = "", ben = ""] = sessions;
  const [first, second] = await Promise.all([
    watch("/api/v1/events", { cookie: ana }),
    watch("/api/v1/events", { cookie: ben }),
  ]);
  const { host } = new URL(url);
  await world.api.inject({
    method: "DELETE",
    url: "/api/v1/session",
    headers: { host, origin: `http://${host}`, cookie: ana },
  });
  await first.ended;
  await change(1);
  await second.until(hostIdOf(1));
  second.leave();
});

describe("whoever may watch no more", () => {
  const by = { name: "tester", reason: "for a test" };
  async function someone(name: string): Promise<{ id: string; bearer: Record<string, string> }> {
    const { people } = world.parts;
    const grants = [{ role: "operator", scope: "all" }] as const;
    await people.addUser({ name, displayName: name, kind: "person", grants }, by);
    const ask = { owner: name, name: "t", validMs: 36_000_000, grants: null, by: name };
    const token = await people.addToken(ask);
    if (!token.ok) throw new Error(token.problem);
    return { id: token.value.id, bearer: { authorization: `Bearer ${token.value.secret}` } };
  }

  test.each([
    ["disabled", (id: string) => [id, world.parts.people.setDisabled("ana", true, by)]],
    [
      "less powerful",
      (id: string) => [
        id,
        world.parts.people.changeGrants(
          "ana",
          { add: [], remove: [{ role: "operator", scope: "all" }] },
          by,
        ),
      ],
    ],
    ["without the token", (id: string) => [id, world.parts.people.revokeToken(id, "tester")]],
  ])("being %s, hears nothing from that moment, and the others go on", async (_what, change_) => {
    const [ana, ben] = [await someone("ana"), await someone("ben")];
    const [first, second] = await Promise.all([
      watch("/api/v1/events", ana.bearer),
      watch("/api/v1/events", ben.bearer),
    ]);
    await Promise.all([first.until("event: hello"), second.until("event: hello")]);
    await Promise.all(change_(ana.id));
    await first.ended;
    await change(1);
    await second.until(hostIdOf(1));
    expect(first.text()).not.toContain(hostIdOf(1));
    second.leave();
  });

  test("since another manager on the same store said so, hears nothing after 5 s", async () => {
    const [ana, ben] = [await someone("ana"), await someone("ben")];
    const [first, second] = await Promise.all([
      watch("/api/v1/events", ana.bearer),
      watch("/api/v1/events", ben.bearer),
    ]);
    const audit = { by, atMs: world.clock.nowUnixMs(), action: "token.revoke", facts: {} };
    await world.store.people.removeToken(ana.id, audit);
    await world.clock.advance(recheckMs);
    await first.ended;
    await change(1);
    await second.until(hostIdOf(1));
    second.leave();
  });

  test("because the session was idle for too long, hears nothing either", async () => {
    const { secret } = await world.parts.people.createSigninLink("ana");
    const signedIn = await world.parts.people.signIn(secret);
    if (!signedIn.ok) throw new Error("the link does not work");
    const cookie = `wws_session=${signedIn.value.secret}`;
    const watcher = await watch("/api/v1/events", { cookie });
    await world.clock.advance(29 * 60_000);
    await change(1);
    await watcher.until(hostIdOf(1));
    await world.clock.advance(2 * 60_000);
    await watcher.ended;
  });
});

test("whoever looks after one site is told of its hosts, and of nothing else", async () => {
  await world.addHost(1, { position: positionOf("eu/fra2/row-b/rack-07/u12") });
  await world.addHost(2, { position: positionOf("ea/nrt1/row-a/rack-01/u3") });
  await world.clock.advance(500);
  const { people, events } = world.parts;
  const by = { name: "tester", reason: "for a test" };
  const grants = [{ role: "viewer", scope: "site=fra2" }] as const;
  await people.addUser({ name: "fra", displayName: "fra", kind: "person", grants }, by);
  const ask = { owner: "fra", name: "t", validMs: 36_000_000, grants: null, by: "fra" };
  const token = await people.addToken(ask);
  if (!token.ok) throw new Error(token.problem);
  const authorization = `Bearer ${token.value.secret}`;
  const first = await watch("/api/v1/events", { authorization });
  await change(3, 2, 1);
  await first.until(hostIdOf(1));
  const lastId = first.text().match(/id: (\S+)/)?.[1] ?? "";
  first.leave();
  // What it missed is sifted too.
  const again = await watch("/api/v1/events", { authorization, "last-event-id": lastId });
  await again.until(hostIdOf(1));
  const alertId = uuid<AlertId>("01890000-0000-7000-8000-000000000001");
  events.publish({ kind: "alert-changed", alertId });
  events.publish({ kind: "freeze-changed" });
  await world.clock.advance(500);
  await again.until("freeze-changed");
  for (const { text } of [first, again])
    expect(text()).not.toMatch(new RegExp(`${hostIdOf(2)}|${hostIdOf(3)}|alert-changed`));
  again.leave();
});

test("no more streams than there is room for", async () => {
  const watchers: Watcher[] = [];
  for (let count = 0; count < streamsMax; count += 1) {
    watchers.push(await watch("/api/v1/events", bearer()));
  }
  const { status, body } = await world.get("/api/v1/events");
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: "streams-full" });
  const metrics = await world.get("/metrics");
  expect(metrics.body).toContain(`\nwws_event_streams ${streamsMax}\n`);
  for (const watcher of watchers) watcher.leave();
});

test("the manager's end is the streams' end", async () => {
  const watcher = await watch("/api/v1/events", bearer());
  await watcher.until("event: hello");
  await world.api.close();
  await watcher.ended;
});
