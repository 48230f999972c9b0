import { afterEach, beforeEach, expect, test } from "vitest";
import { unknownComponent, unknownIdentity } from "#proto/messages/state.ts";
import type { KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { type ApiWorld, asToken, createApiWorld, uuid } from "#test/support/api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const plan = "name,serial,position\nweb-1,SN0001,eu/fra2/row-b/rack-07/u1\n";
const send = (query: string, payload: string, type = "text/csv") =>
  world.api.inject({
    method: "POST",
    url: `/api/v1/inventory/import${query}`,
    headers: { ...asToken(world.token), "content-type": type },
    payload,
  });

test("an import is only shown where it is not said that it shall be written", async () => {
  const shown = await send("", plan);
  expect(shown.statusCode).toBe(200);
  expect(shown.json()).toMatchObject({
    isApplied: false,
    changes: [
      { kind: "add", what: "site", name: "fra2" },
      { kind: "add", what: "rack", name: "fra2/row-b/rack-07", at: "line 2" },
      { kind: "add", what: "host", name: "web-1", at: "line 2" },
    ],
    problems: [],
  });
  expect(await world.parts.inventory.hosts()).toEqual([]);
  const { digest } = shown.json();
  const written = await send(`?dryRun=false&expect=${digest}&file=plan.csv`, plan);
  expect(written.json()).toMatchObject({ isApplied: true, digest });
  expect(await world.parts.inventory.hosts()).toMatchObject([{ name: "web-1", phase: "planned" }]);
  const { body } = await world.get("/api/v1/audit");
  expect(body).toMatchObject({
    items: [
      {
        action: "estate.import",
        actor: "tester",
        subject: { kind: "estate", id: digest, name: "plan.csv" },
        facts: { sites: 1, racks: 1, hosts: 1 },
      },
    ],
  });
});

test("other changes than those agreed to are not written", async () => {
  const answer = await send(`?dryRun=false&expect=${"0".repeat(64)}`, plan);
  expect(answer.json()).toMatchObject({ isApplied: false, problems: [{ code: "moved" }] });
  expect(await world.parts.inventory.hosts()).toEqual([]);
});

test("a file of JSON is taken as such, and what is wrong with it told in its words", async () => {
  const good = await send("", '{"hosts": [{"name": "web-1"}]}', "application/json");
  expect(good.json()).toMatchObject({ changes: [{ name: "web-1" }] });
  const bad = await send("?file=x.json", '{"hosts": [', "application/json; charset=utf-8");
  expect(bad.json()).toMatchObject({ problems: [{ code: "file-unreadable", file: "x.json" }] });
});

test.each([
  ["text/plain", 415, "content-type-unsupported"],
  ["text/csv-x", 415, "content-type-unsupported"],
  ["multipart/form-data; boundary=x", 415, "content-type-unsupported"],
])("%s is refused", async (type, status, code) => {
  const answer = await send("", plan, type);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ code, hint: expect.stringContaining("text/csv") });
});

test("CSV is taken by no other route, and no other route takes more than 1 MiB", async () => {
  const ask = (type: string, payload: string) =>
    world.api.inject({
      method: "POST",
      url: "/api/v1/enrolment/tokens",
      headers: { ...asToken(world.token), "content-type": type },
      payload,
    });
  expect((await ask("text/csv", "kind\nhost\n")).statusCode).toBe(415);
  const large = await ask("application/json", JSON.stringify({ kind: "x".repeat(1_100_000) }));
  expect(large.json()).toMatchObject({ status: 413, detail: "the body is longer than 1 MiB" });
});

test("a file of 20 MiB is taken, one of more than 32 is not", async () => {
  const row = (index: number): string => `host-${index},SN${index},${"x".repeat(400)}\n`;
  const many = `name,serial,class\n${Array.from({ length: 50_000 }, (_, index) => row(index)).join("")}`;
  expect(many.length).toBeGreaterThan(20_000_000);
  const taken = await send("", many);
  expect(taken.statusCode).toBe(200);
  expect(taken.json()).toMatchObject({ problemsLeftOut: 49_800 });
  const refused = await send("", "x".repeat(33 * 1024 * 1024));
  expect(refused.json()).toMatchObject({ status: 413, detail: "the body is longer than 32 MiB" });
});

test("without a sign-in nothing is read, nor given out", async () => {
  const host = { host: "127.0.0.1:7600" };
  const answers = [
    await world.api.inject({
      method: "POST",
      url: "/api/v1/inventory/import?dryRun=false",
      headers: { ...host, "content-type": "text/csv" },
      payload: plan,
    }),
    await world.api.inject({ url: "/api/v1/inventory/export", headers: host }),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401]);
});

test.each([
  ["?format=xlsx", /format/],
  ["?expect=abc", /expect/],
  ["?row=no%20row%20at%20all", /row/],
  ["?siteCodes=Frankfurt", /siteCodes/],
  ["?unknown=1", /unknown/],
])("%s is refused", async (query, detail) => {
  const answer = await send(query, plan);
  expect(answer.json()).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
});

test("an export is a file of its type", async () => {
  await send("?dryRun=false", plan);
  const get = (query: string) =>
    world.api.inject({
      url: `/api/v1/inventory/export${query}`,
      headers: asToken(world.token),
    });
  const csv = await get("");
  expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(csv.body).toMatch(/^id,name,serial,.*\r\n[0-9a-f-]{36},web-1,SN0001,/);
  const json = await get("?format=json");
  expect(json.headers["content-type"]).toMatch(/^application\/json/);
  expect(json.json()).toMatchObject({ format: "wws-estate/1", hosts: [{ name: "web-1" }] });
});

test("all that wait and are as planned come in by one request, the others say why", async () => {
  await send("?dryRun=false", "name,serial,bmc_mac\nweb-1,SN0001,00:25:90:00:00:01\n");
  for (const [digit, serial] of [
    ["1", "SN0001"],
    ["2", "SN0002"],
  ] as const)
    await world.store.identity.upsertPending({
      id: uuid<PendingId>(`0199000${digit}-0000-7000-8000-0000000000aa`),
      fingerprint: digit.repeat(64) as KeyFingerprint,
      address: "192.0.2.7",
      identity: {
        ...unknownIdentity,
        serial,
        components: [{ ...unknownComponent, kind: "bmc", address: "00:25:90:00:00:01" }],
      },
      simulated: false,
      firstSeenMs: world.clock.nowUnixMs(),
      lastSeenMs: world.clock.nowUnixMs(),
      tokenId: null,
    });
  const approve = (payload: object) =>
    world.api.inject({
      method: "POST",
      url: "/api/v1/enrolment/approve-by-rule",
      headers: asToken(world.token),
      payload,
    });
  expect((await approve({ rule: ["bmc-mac"] })).statusCode).toBe(400);
  expect((await approve({ rule: ["serial"], tokenId: "none" })).statusCode).toBe(404);
  const dry = await approve({ rule: ["serial", "bmc-mac"], dryRun: true });
  expect(dry.json()).toMatchObject({ approved: [{ hostName: "web-1" }], left: [{}] });
  const done = await approve({ rule: ["serial", "bmc-mac"], adopt: true });
  expect(done.json()).toMatchObject({
    approved: [{ hostName: "web-1", adopted: true }],
    left: [{ code: "serial-unknown", words: expect.stringContaining("SN0002") }],
  });
  expect(await world.parts.inventory.resolve("web-1")).toMatchObject({ watchedOnly: true });
});
