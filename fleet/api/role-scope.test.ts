import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asToken, createRoleWorld, type RoleWorld } from "#test/support/role-world.ts";

let world: RoleWorld;
beforeEach(async () => {
  world = await createRoleWorld(false);
});
afterEach(() => world.close());

const by = { name: "tester", reason: "for a test" };

interface Answer {
  readonly status: number;
  readonly body: {
    readonly items?: readonly Record<string, unknown>[];
    readonly code?: string;
    readonly detail?: string;
    readonly hint?: string;
    readonly [key: string]: unknown;
  };
}
async function send(
  token: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  payload?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await world.api.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...asToken(token), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  const isJson = String(answer.headers["content-type"]).includes("json");
  return { status: answer.statusCode, body: isJson ? answer.json() : { text: answer.body } };
}
const fra2 = () => world.someone("fra", [{ role: "viewer", scope: "site=fra2" }]);

describe("whoever sees one site", () => {
  test("finds nothing of another in any list, picture, export or stream", async () => {
    const token = await fra2();
    const lists = ["/hosts", "/racks", "/sites", "/regions", "/plans", "/operations", "/holds"];
    const more = [
      "/leases",
      "/alerts",
      "/cells",
      "/inventory/export",
      "/inventory/export?format=json",
    ];
    for (const path of [...lists, ...more]) {
      const all = await send(world.token, "GET", path);
      expect(JSON.stringify(all.body), path).toMatch(/nrt1|host-2/);
      const seen = await send(token, "GET", path);
      expect(seen.status, path).toBe(200);
      expect(JSON.stringify(seen.body), path).not.toMatch(/nrt1|host-2/);
      expect(JSON.stringify(seen.body), path).toMatch(/fra2|host-1/);
    }
    expect((await send(token, "GET", "/racks/nrt1~row-a~rack-01")).status).toBe(404);
    expect((await send(token, "GET", "/operations?host=host-2")).body.code).toBe("host-unknown");
    expect((await send(token, "GET", "/events?host=host-2")).body.code).toBe("host-unknown");
  });

  test("is told of what is hidden in the very words of what is not there", async () => {
    const token = await fra2();
    const hidden = await send(token, "GET", "/hosts/host-2");
    const absent = await send(token, "GET", "/hosts/host-9");
    expect(hidden.status).toBe(404);
    const plain = (answer: Answer, name: string) => ({
      ...answer.body,
      instance: "",
      detail: answer.body.detail?.replace(name, "X"),
    });
    expect(plain(hidden, "host-2")).toEqual(plain(absent, "host-9"));
    expect(JSON.stringify(absent.body)).not.toContain("host-2");
  });

  test("learns nothing by sorting, searching or counting", async () => {
    const token = await fra2();
    for (const sort of ["name", "-power", "cpu", "lastReport", "-position"]) {
      const { body } = await send(token, "GET", `/hosts?sort=${sort}&q=host`);
      expect(body["total"]).toBe(1);
      expect(body.items?.map(({ name }) => name)).toEqual(["host-1"]);
    }
    for (const sort of ["secret", "secret_sha256", "password_hash", "passwordHash", "grants_json"])
      expect((await send(token, "GET", `/hosts?sort=${sort}`)).status).toBe(400);
    expect((await send(token, "GET", "/users?sort=passwordHash")).status).not.toBe(200);
  });
});

describe("whoever may see and not do", () => {
  const both = () =>
    world.someone("ada", [
      { role: "viewer", scope: "all" },
      { role: "operator", scope: "site=fra2" },
    ]);

  test("is told what is missing, where, and the command that grants it; it is in the audit", async () => {
    const token = await both();
    const hold = { host: "host-2", kind: "cordon", reason: "fan 3 is loud" };
    const refused = await send(token, "POST", "/holds", hold);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: "role-missing",
        detail: 'the token t of ada has no role with "operate" for host-2 (site nrt1)',
        hint: expect.stringContaining("`wws-fleet user grant ada operator site=nrt1`"),
      },
    });
    expect((await send(token, "POST", "/holds", { ...hold, host: "host-1" })).status).toBe(201);
    const [denied] =
      (await world.parts.audit.list({ beforeSeq: null, limit: 1, actor: "ada" })) ?? [];
    expect(denied).toMatchObject({ outcome: "denied", facts: { code: "role-missing" } });
  });

  test("plans nothing that reaches beyond it, and the first hosts are named", async () => {
    const token = await both();
    const wanted = { action: { kind: "return" }, selector: "host-1,host-2", reason: "done here" };
    const before = world.life.asked.length;
    expect(await send(token, "POST", "/plans", wanted)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("for host-2 (site nrt1)") },
    });
    expect(world.life.asked).toHaveLength(before);
    expect((await send(token, "POST", "/plans", { ...wanted, selector: "host-1" })).status).toBe(
      201,
    );
  });

  test("applies no plan over hosts of two sites with the role for one of them", async () => {
    const wanted = {
      action: { kind: "return" },
      selector: "host-1,host-2",
      count: 2,
      reason: "both of them",
    };
    const plan = await send(world.token, "POST", "/plans", wanted);
    const path = `/plans/${String(plan.body["id"])}`;
    const hash = String(plan.body["hash"]);
    const token = await both();
    expect((await send(token, "GET", path)).status).toBe(200);
    expect((await send(token, "POST", `${path}/apply`, { hash })).body.code).toBe("role-missing");
    expect((await send(token, "POST", `${path}/cancel`, { reason: "no" + "pe" })).status).toBe(403);
    const there = { role: "operator", scope: "site=nrt1" } as const;
    await world.parts.people.changeGrants("ada", { add: [there], remove: [] }, by);
    expect((await send(token, "POST", `${path}/apply`, { hash })).status).toBe(202);
    const narrow = await fra2();
    expect((await send(narrow, "GET", path)).body.code).toBe("plan-unknown");
  });
});

test("a tag is a scope too", async () => {
  const token = await world.someone("tagged", [{ role: "viewer", scope: "tag=canary" }]);
  expect((await send(token, "GET", "/hosts")).body.items).toEqual([]);
  expect((await send(token, "GET", "/hosts/host-1")).status).toBe(404);
});

test("what is remembered for an Idempotency-Key is not given to who may not ask any more", async () => {
  const token = await world.someone("ada", [{ role: "operator", scope: "site=fra2" }]);
  const hold = { host: "host-1", kind: "cordon", reason: "fan 3 is loud" };
  const key = { "idempotency-key": "once" };
  expect((await send(token, "POST", "/holds", hold, key)).status).toBe(201);
  await world.parts.people.changeGrants(
    "ada",
    {
      add: [{ role: "viewer", scope: "site=fra2" }],
      remove: [{ role: "operator", scope: "site=fra2" }],
    },
    by,
  );
  expect((await send(token, "POST", "/holds", hold, key)).status).toBe(403);
});
