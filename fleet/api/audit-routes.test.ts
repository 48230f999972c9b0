import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditEntry, holdRecord } from "#test/support/life-builders.ts";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import type { AuditList } from "./audit-schemas.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const list = async (query = ""): Promise<AuditList> => {
  const { status, body } = await world.get(`/api/v1/audit${query}`);
  expect(status).toBe(200);
  return body as AuditList;
};
const send = (method: "GET" | "POST" | "DELETE", path: string, payload?: object) =>
  world.api.inject({
    method,
    url: `/api/v1${path}`,
    headers: asToken(world.token),
    ...(payload === undefined ? {} : { payload }),
  });

describe("the audit", () => {
  test("is listed newest first, page by page, of a subject or an actor", async () => {
    const id = await world.addHost(1);
    for (let number = 1; number <= 5; number += 1)
      await world.store.audit.append(
        auditEntry(`number.${number}`, { actor: number === 2 ? "bob" : "ada" }),
      );
    const first = await list("?limit=2");
    expect(first.items.map(({ seq }) => seq)).toEqual([5, 4]);
    const next = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(next.items.map(({ seq }) => seq)).toEqual([3, 2]);
    expect((await list(`?limit=9&cursor=${next.nextCursor}`)).nextCursor).toBeNull();
    expect((await list("?actor=bob")).items.map(({ action }) => action)).toEqual(["number.2"]);
    expect((await list("?subject=host-1")).items).toHaveLength(5);
    expect((await list(`?subject=${id}`)).items).toHaveLength(5);
    expect((await list("?subject=nobody")).items).toEqual([]);
    expect((await send("GET", "/audit?cursor=x")).json()).toMatchObject({ code: "cursor-invalid" });
  });

  test("holds what people did, once each, with who and what", async () => {
    await world.addHost(1);
    await send("POST", "/hosts/host-1/position", { position: "eu/fra2/row-b/rack-07/u12" });
    await send("POST", "/enrolment/tokens", { kind: "host", hostName: "db-1" });
    await send("DELETE", "/hosts/host-1?reason=enrolled%20twice");
    await send("DELETE", "/hosts/host-1?reason=enrolled%20twice");
    const { items } = await list();
    expect(items).toMatchObject([
      { action: "host.remove", actor: "tester", reason: "enrolled twice" },
      { action: "token.add", facts: { tokenKind: "host", hostName: "db-1" } },
      {
        action: "host.place",
        outcome: "done",
        subject: { kind: "host", name: "host-1", rack: "eu/fra2/row-b/rack-07/u12" },
        facts: { from: null, to: "eu/fra2/row-b/rack-07/u12" },
      },
    ]);
    expect(items).toHaveLength(3);
  });

  test("holds who signed in and out, and no secret of theirs", async () => {
    const link = (await send("POST", "/session/links", { name: "ana" })).json();
    const signIn = () =>
      world.api.inject({
        method: "POST",
        url: "/api/v1/session",
        headers: { host: "127.0.0.1:7600" },
        payload: { secret: link.secret },
      });
    const cookie = String((await signIn()).headers["set-cookie"]).split(";")[0] ?? "";
    expect((await signIn()).statusCode).toBe(401);
    await world.api.inject({
      method: "DELETE",
      url: "/api/v1/session",
      headers: { host: "127.0.0.1:7600", origin: "http://127.0.0.1:7600", cookie },
    });
    const { items } = await list();
    expect(items.map(({ action, outcome, actor }) => [action, outcome, actor])).toEqual([
      ["session.signout", "done", "ana"],
      ["session.signin", "denied", "unknown"],
      ["session.signin", "done", "ana"],
      ["session.link", "done", "tester"],
      ["user.add", "done", "profile lab"],
    ]);
    const written = JSON.stringify(items);
    for (const secret of [link.secret, cookie.split("=")[1], world.token])
      expect(written).not.toContain(secret);
  });

  test("holds attempts that were denied, and not that a browser asks who it is", async () => {
    const ask = (method: "GET" | "POST", headers: Record<string, string>) =>
      world.api.inject({
        method,
        url: "/api/v1/hosts",
        headers: { host: "127.0.0.1", ...headers },
      });
    await ask("GET", {});
    const wrong = `Bearer ${"x".repeat(43)}`;
    expect((await ask("GET", { authorization: wrong })).statusCode).toBe(401);
    const { items } = await list();
    expect(items).toMatchObject([
      {
        action: "api.request",
        outcome: "denied",
        subject: { id: "GET /api/v1/hosts" },
        facts: { code: "not-signed-in" },
      },
    ]);
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toContain("xxxxx");
  });

  test("is verified, and a change of the lifecycle stands in the same chain", async () => {
    const hostId = await world.addHost(1);
    await world.store.lifecycle.commit({
      holdsAdded: [holdRecord(1, { hostId })],
      term: 0,
      audit: auditEntry("hold.add"),
    });
    await send("POST", "/store/backup", {});
    const { status, body } = await world.get("/api/v1/audit/verify");
    expect(status).toBe(200);
    expect(body).toMatchObject({ records: 2, fault: null, headsConfirmed: 0 });
  });
});
