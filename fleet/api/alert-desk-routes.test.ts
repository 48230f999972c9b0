import { afterEach, beforeEach, expect, test } from "vitest";
import { keptChannel } from "#test/support/alert-world.ts";
import { createAlerts } from "#fleet/alerts/create-alerts.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { runCommand } from "#test/support/test-terminal.ts";

const pager = keptChannel({ target: "https://pager.example" });
let world: ApiWorld;
let isFull: boolean;
let stop: () => Promise<void>;
beforeEach(async () => {
  isFull = false;
  pager.batches.length = 0;
  pager.answer = { kind: "sent", words: "https://pager.example: answered 204" };
  world = await createApiWorld({}, async (parts, store) => {
    const alerts = createAlerts({
      ...parts,
      store: store.alerts,
      domains: {
        known: () => [],
        onChange: () => () => {},
        acknowledge: parts.domains.acknowledge,
      },
      listOperations: store.lifecycle.listOpenOperations,
      safeMode: parts.safeMode.mode,
      clones: () => [],
      freeBytes: () => (isFull ? 1_000 : 100 * 1024 ** 3),
      verifyAudit: parts.audit.verify,
      random: createSeededRandom(5),
      channels: [pager],
      term: () => 1,
    });
    alerts.start();
    stop = alerts.stop;
    return { alerts };
  });
  await world.clock.advance(310_000);
});
afterEach(async () => {
  await stop();
  await world.close();
});

const fail = async (): Promise<void> => {
  isFull = true;
  await world.clock.advance(10_000);
};
const list = async (query = "") => {
  const { body } = await world.get(`/api/v1/alerts${query}`);
  return (body as { items: { id: string; kind: string; state: string }[] }).items;
};
const ask = async (method: "POST" | "DELETE", url: string, payload?: object) => {
  const answer = await world.api.inject({
    method,
    url: `/api/v1${url}`,
    headers: asToken(world.token),
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
};

test("alerts are filtered by state, severity and selector, and paged", async () => {
  const lost = await world.addHost(1);
  world.setLink(lost, { state: "lost", lastHeardMs: unixMs(world.clock.nowUnixMs() - 90_000) });
  await fail();
  expect((await list()).map(({ kind }) => kind).toSorted()).toEqual(["disk", "host-lost"]);
  expect((await list("?severity=page")).map(({ kind }) => kind)).toEqual(["disk"]);
  expect((await list("?selector=kind%3Dhost-lost")).map(({ kind }) => kind)).toEqual(["host-lost"]);
  expect((await list("?selector=host-1")).map(({ kind }) => kind)).toEqual(["host-lost"]);
  expect(await list("?state=resolved")).toEqual([]);
  const first = await world.get("/api/v1/alerts?limit=1");
  const { items, nextCursor } = first.body as { items: { id: string }[]; nextCursor: string };
  const [second] = await list(`?limit=1&cursor=${nextCursor}`);
  expect(second?.id).not.toBe(items[0]?.id);
  expect((await world.get("/api/v1/alerts?selector=colour%3Dred")).status).toBe(400);
  expect((await world.get("/api/v1/alerts?state=sleeping")).status).toBe(400);
});

test("one alert shows who was told of it, and is acknowledged once", async () => {
  await fail();
  const [alert] = await list();
  expect((await world.get(`/api/v1/alerts/${alert?.id}`)).body).toMatchObject({
    kind: "disk",
    severity: "page",
    command: "wws-fleet config check",
    deliveries: [{ channel: "pager", transition: "opened", state: "sent", attempts: 1 }],
  });
  const url = `/alerts/${alert?.id}/acknowledge`;
  expect(await ask("POST", url, { reason: "making room" })).toMatchObject({
    status: 200,
    body: { state: "acknowledged", acknowledgedBy: "tester" },
  });
  expect(await ask("POST", url, { reason: "making room" })).toMatchObject({ status: 404 });
  expect([await list(), (await list("?state=acknowledged")).length]).toEqual([[], 1]);
});

test("a silence is made, listed and ended; a wrong one is refused with what to write", async () => {
  const untilMs = world.clock.nowUnixMs() + 3_600_000;
  const made = await ask("POST", "/alerts/silences", {
    selector: "kind=disk",
    untilMs,
    reason: "moving the data",
  });
  expect(made).toMatchObject({ status: 201, body: { selector: "kind=disk", by: "tester" } });
  await fail();
  expect(pager.batches).toEqual([]);
  expect(await list()).toMatchObject([{ silenced: { by: "silence" } }]);
  const { id } = made.body as { id: string };
  expect(await ask("DELETE", `/alerts/silences/${id}?reason=moved`)).toMatchObject({ status: 204 });
  expect((await world.get("/api/v1/alerts/silences")).body).toMatchObject({ items: [] });
  await world.clock.advance(10_000);
  expect(pager.batches).toHaveLength(1);
  expect(await ask("DELETE", `/alerts/silences/${id}?reason=moved`)).toMatchObject({ status: 404 });
  const wrong = { selector: "colour=red", untilMs, reason: "moving the data" };
  expect(await ask("POST", "/alerts/silences", wrong)).toMatchObject({
    status: 400,
    body: { code: "silence-invalid", hint: expect.stringContaining("region=") },
  });
});

test("whoever sees one site is shown its silences and no others, and ends none of theirs", async () => {
  const untilMs = world.clock.nowUnixMs() + 3_600_000;
  const add = async (selector: string) =>
    ask("POST", "/alerts/silences", { selector, untilMs, reason: "new PDUs" });
  await add("site=fra2,kind=host-lost");
  const other = (await add("site=nrt1,host=web-9")).body as { id: string };
  await add("web-9");
  const { people } = world.parts;
  const by = { name: "tester", reason: "for a test" };
  const grants = [{ role: "operator", scope: "site=fra2" }] as const;
  await people.addUser({ name: "fra", displayName: "fra", kind: "person", grants }, by);
  const token = await people.addToken({
    ...{ owner: "fra", name: "t", validMs: 3_600_000, grants: null, by: "fra" },
  });
  if (!token.ok) throw new Error(token.problem);
  const headers = asToken(token.value.secret);
  const seen = await world.api.inject({ url: "/api/v1/alerts/silences", headers });
  expect(seen.json().items.map(({ selector }: { selector: string }) => selector)).toEqual([
    "site=fra2,kind=host-lost",
  ]);
  const ended = await world.api.inject({
    method: "DELETE",
    url: `/api/v1/alerts/silences/${other.id}?reason=mine`,
    headers,
  });
  expect([ended.statusCode, ended.json().code]).toEqual([404, "silence-unknown"]);
});

test("channels say how they fare, a test says what each answered; it is in the audit", async () => {
  pager.answer = {
    kind: "failed",
    words: "https://pager.example: ECONNREFUSED",
    retryAfterMs: null,
  };
  expect(await ask("POST", "/alerts/test", { reason: "does it ring?" })).toMatchObject({
    status: 200,
    body: { items: [{ channel: "pager", isDelivered: false }] },
  });
  expect((await world.get("/api/v1/alerts/channels")).body).toMatchObject({
    items: [{ name: "pager", failures: 1, lastFailure: "https://pager.example: ECONNREFUSED" }],
  });
  const [newest] = await world.store.audit.list({ beforeSeq: null, limit: 1 });
  expect(newest).toMatchObject({ action: "alert.test", actor: "tester", reason: "does it ring?" });
});

test("the command line shows, silences, tests and lists channels", async () => {
  await fail();
  const [alert] = await list();
  const type = (...words: string[]) => runCommand(world, words);
  expect((await type("alert", "show", alert?.id ?? "")).stdout).toMatch(
    /told +pager: opened, sent/,
  );
  const until = ["--until", "2h", "--reason", "moving the data"];
  expect(await type("alert", "silence", "kind=disk", ...until)).toMatchObject({ exitCode: 0 });
  expect((await type("alert", "silences")).stdout).toContain("kind=disk");
  const id = (await type("alert", "silences", "-o", "name")).stdout.trim();
  expect(await type("alert", "unsilence", id, "--reason", "moved")).toMatchObject({ exitCode: 0 });
  expect(await type("alert", "unsilence", id, "--reason", "moved")).toMatchObject({ exitCode: 3 });
  expect(
    await type("alert", "silence", "kind=disk", "--until", "soon", "--reason", "why"),
  ).toMatchObject({ exitCode: 2 });
  expect((await type("alert", "channels")).stdout).toContain("https://pager.example");
  expect(await type("alert", "test", "--reason", "does it ring?")).toMatchObject({
    exitCode: 0,
    stdout: "pager: taken: https://pager.example: answered 204\n",
  });
  pager.answer = { kind: "failed", words: "ECONNREFUSED", retryAfterMs: null };
  expect(await type("alert", "test", "--reason", "does it ring?")).toMatchObject({ exitCode: 1 });
});
