import { afterEach, beforeEach, expect, test } from "vitest";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { type ApiWorld, asToken, createApiWorld, uuid } from "#test/support/api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const pendingId = uuid<PendingId>("01990000-0000-7000-8000-0000000000aa");

async function wait(): Promise<void> {
  await world.store.identity.upsertPending({
    id: pendingId,
    fingerprint: "ab".repeat(32) as KeyFingerprint,
    address: "192.0.2.7",
    identity: { ...unknownIdentity, hostname: "<b>db</b>", product: "PowerEdge" },
    simulated: false,
    firstSeenMs: world.clock.nowUnixMs(),
    lastSeenMs: world.clock.nowUnixMs(),
    tokenId: null,
  });
}

const send = (
  method: "POST" | "DELETE",
  path: string,
  payload?: object,
  headers: Record<string, string> = {},
) =>
  world.api.inject({
    method,
    url: `/api/v1/enrolment/${path}`,
    headers: { ...asToken(world.token), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

test("a token is shown once and listed without its secret", async () => {
  const made = await send("POST", "tokens", { kind: "host", hostName: "db-1" });
  expect(made.statusCode).toBe(201);
  const { token, expiresMs } = made.json();
  expect(token).toMatch(/^wws1\.[\w-]+\.[\w-]+$/);
  expect(expiresMs).toBe(world.clock.nowUnixMs() + 3_600_000);
  const { body } = await world.get("/api/v1/enrolment/tokens");
  expect(body).toMatchObject({
    items: [{ kind: "host", hostName: "db-1", usesLeft: 1, createdBy: "tester" }],
  });
  expect(JSON.stringify(body)).not.toContain(token.split(".")[1]);
});

test("the same Idempotency-Key makes one token", async () => {
  const key = { "idempotency-key": "k1" };
  const first = await send("POST", "tokens", { kind: "pending" }, key);
  const second = await send("POST", "tokens", { kind: "pending" }, key);
  expect(second.json()).toEqual(first.json());
  expect(await world.parts.identity.listTokens()).toHaveLength(1);
  const other = await send("POST", "tokens", { kind: "adopt" }, key);
  expect(other.json()).toMatchObject({ code: "key-reused", status: 409 });
});

test.each([
  [{ kind: "host" }, "invalid-request", /hostName/],
  [{ kind: "host", hostName: "-db" }, "invalid-request", /no host name/],
  [{ kind: "host", hostName: "db 1" }, "invalid-request", /no host name/],
  [{ kind: "host", hostName: "db", uses: 2 }, "invalid-request", /has one/],
  [{ kind: "pending", hostName: "db" }, "invalid-request", /leave/],
  [{ kind: "host", hostName: "db", position: "eu/fra2" }, "position-invalid", /no position/],
  [{ kind: "pending", validMs: 999_999_999 }, "invalid-request", /validMs/],
  [{ kind: "pending", uses: 0 }, "invalid-request", /uses/],
])("%o is refused", async (payload, code, detail) => {
  const answer = await send("POST", "tokens", payload);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code, detail: expect.stringMatching(detail) });
});

test("a machine that waits is shown as it says it is, and approved under a name", async () => {
  await wait();
  const { body } = await world.get("/api/v1/enrolment/pending");
  expect(body).toMatchObject({
    items: [{ id: pendingId, hostname: "<b>db</b>", product: "PowerEdge", serial: null }],
  });
  const position = "eu/fra2/row-b/rack-07/u12";
  const approved = await send("POST", `pending/${pendingId}/approve`, {
    hostName: "db-1",
    position,
  });
  expect(approved.statusCode).toBe(201);
  const { hostId } = approved.json();
  expect(await world.get(`/api/v1/hosts/${hostId}`)).toMatchObject({
    body: { name: "db-1", position: { site: "fra2", unit: 12 }, link: { state: "never" } },
  });
});

test("a name or a place that is taken is refused, and the machine goes on waiting", async () => {
  await wait();
  await world.addHost(1);
  const answer = await send("POST", `pending/${pendingId}/approve`, { hostName: "host-1" });
  expect(answer.json()).toMatchObject({ code: "name-taken", status: 409 });
  expect(await world.parts.identity.listPending()).toHaveLength(1);
});

test("a machine is turned away once", async () => {
  await wait();
  expect((await send("DELETE", `pending/${pendingId}`)).statusCode).toBe(204);
  const again = await send("DELETE", `pending/${pendingId}`);
  expect(again.json()).toMatchObject({ code: "pending-unknown", status: 404 });
  expect((await send("DELETE", "pending/nonsense")).statusCode).toBe(404);
});
