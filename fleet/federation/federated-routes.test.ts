import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFederationWorld, type FederationWorld } from "#test/support/federation-world.ts";
import { staleHeader } from "#fleet/api/cell-schemas.ts";
import { commandRoutes } from "./cell-commands.ts";
import { isOwnRoute } from "./federated-routes.ts";
import { federationLimits } from "./federation-limits.ts";

type Answered = Awaited<ReturnType<FederationWorld["get"]>>;

let world: FederationWorld;
beforeEach(async () => {
  world = await createFederationWorld(["na", "eu", "ea"]);
  for (const [index, cell] of world.cells.entries())
    for (let number = 1; number <= 3; number += 1) await cell.world.addHost(index * 10 + number);
});
afterEach(() => world.close());

const at = (index: number) => {
  const cell = world.cells[index];
  if (cell === undefined) throw new Error(`no cell ${index}`);
  return cell;
};
const staleOf = (headers: Record<string, unknown>): { name: string; sinceMs: number }[] =>
  JSON.parse(String(headers[staleHeader] ?? "[]"));
/** After a look the state is known; a cell that is shut then is seen at the next one. */
const shut = async (index: number, way: "down" | "silent") => {
  at(index).way = way;
  const looking = world.lookAtAll();
  await world.clock.advance(federationLimits.probeMsMax + 1);
  await looking;
};

test("the hosts of three cells are one list in one order, with the cell's name on each", async () => {
  await world.lookAtAll();
  const { body, headers } = await world.get("/hosts");
  expect(body.total).toBe(9);
  expect(
    body.items.map((host: { name: string; cell: string }) => `${host.cell} ${host.name}`),
  ).toEqual([
    "na host-1",
    "na host-2",
    "na host-3",
    "eu host-11",
    "eu host-12",
    "eu host-13",
    "ea host-21",
    "ea host-22",
    "ea host-23",
  ]);
  expect(headers[staleHeader]).toBeUndefined();
});

test.each(["name", "-name", "link", "-lastReport", "power"])(
  "page by page by %s every host comes once, and in the order of one whole page",
  async (sort) => {
    await world.lookAtAll();
    const whole = (await world.get(`/hosts?sort=${sort}&limit=500`)).body.items;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { body }: Answered = await world.get(`/hosts?sort=${sort}&limit=2${next}`);
      seen.push(...body.items.map((host: { id: string }) => host.id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(whole.map((host: { id: string }) => host.id));
  },
);

test("a cell may fall silent between two pages: the rest comes from what is kept, and it is said", async () => {
  await world.lookAtAll();
  const first = await world.get("/hosts?limit=4");
  await shut(1, "down");
  const second = await world.get(
    `/hosts?limit=500&cursor=${encodeURIComponent(first.body.nextCursor ?? "")}`,
  );
  const names = [...first.body.items, ...second.body.items].map(
    (host: { name: string }) => host.name,
  );
  expect(names).toEqual([1, 2, 3, 11, 12, 13, 21, 22, 23].map((number) => `host-${number}`));
  expect(staleOf(second.headers).map(({ name }) => name)).toEqual(["eu"]);
  expect(second.body.total).toBe(9);
});

test("a cell that takes questions and says nothing is cut off by time, and costs the others nothing", async () => {
  await world.lookAtAll();
  at(1).way = "silent";
  const asked = world.get("/hosts");
  await world.clock.advance(federationLimits.askMsMax + 1);
  const { body, headers } = await asked;
  expect(body.items).toHaveLength(9);
  expect(staleOf(headers)).toMatchObject([{ name: "eu", ageMs: expect.any(Number) }]);
});

test("a silent cell is blind since it was last heard, and stays so in every answer until it is back", async () => {
  await world.lookAtAll();
  const lastHeardMs = world.clock.nowUnixMs();
  await world.clock.advance(1_000);
  await shut(2, "down");
  for (const path of ["/hosts", "/regions", "/sites", "/racks", "/cells", "/plans", "/holds"]) {
    const { headers } = await world.get(path);
    expect(staleOf(headers), path).toMatchObject([{ name: "ea", sinceMs: lastHeardMs }]);
  }
  const { body } = await world.get("/cells");
  expect(body).toMatchObject({
    isFederation: true,
    items: [
      { name: "na", state: "connected", why: null, hosts: 3, release: "0.1.0" },
      { name: "eu", state: "connected" },
      {
        name: "ea",
        state: "stale",
        sinceMs: lastHeardMs,
        lastHeardMs,
        why: expect.stringContaining("ECONNREFUSED"),
        hosts: 3,
      },
    ],
  });
  expect(world.events).toContainEqual({ kind: "cell-changed", cell: "ea", state: "stale" });
  at(2).way = "open";
  await world.lookAtAll();
  expect((await world.get("/hosts")).headers[staleHeader]).toBeUndefined();
  expect(world.events.at(-1)).toMatchObject({ kind: "cell-changed", cell: "ea" });
});

test("what was kept outlives the process: a federation that starts beside a dead cell shows it, stale", async () => {
  await world.lookAtAll();
  await world.open.stop();
  const later = await createFederationWorld(["na", "eu", "ea"], {
    kept: world.kept,
    worlds: world.cells.map((cell) => cell.world),
  });
  const eu = later.cells[1];
  if (eu !== undefined) eu.way = "down";
  await later.lookAtAll();
  const { body, headers } = await later.get("/hosts");
  expect(body.total).toBe(9);
  expect(staleOf(headers).map(({ name }) => name)).toEqual(["eu"]);
  expect((await later.get("/hosts/host-11")).body).toMatchObject({ cell: "eu", name: "host-11" });
  await later.close();
});

test("a cell that was never heard is named by its address, and its hosts are not made up", async () => {
  at(0).way = "down";
  await world.lookAtAll();
  const { body, headers } = await world.get("/hosts");
  expect(body.total).toBe(6);
  expect(staleOf(headers)).toMatchObject([{ name: "na.test:7600", sinceMs: null, ageMs: null }]);
  expect((await world.get("/cells")).body.items[0]).toMatchObject({
    state: "never-heard",
    hosts: null,
  });
});

test("of a selector that names a site, the cells that do not own it are not asked", async () => {
  for (const [index, site] of ["iad1", "fra2", "nrt1"].entries())
    await at(index).world.parts.inventory.place(
      (await at(index).world.parts.inventory.hosts())[0]?.id as never,
      { region: ["na", "eu", "ea"][index], site, row: "row-a", rack: "rack-01", unit: 1 } as never,
    );
  await world.lookAtAll();
  for (const cell of world.cells) cell.asked.length = 0;
  const { body } = await world.get("/hosts?selector=site%3Dfra2");
  expect(body.items).toMatchObject([{ name: "host-11", cell: "eu" }]);
  expect(world.cells.map((cell) => cell.asked.length)).toEqual([0, 1, 0]);
  const rack = (await world.get("/racks/fra2~row-a~rack-01")).body;
  expect(rack.slots).toMatchObject([{ unit: 1, host: { name: "host-11" } }]);
  await shut(1, "down");
  const kept = (await world.get("/racks/fra2~row-a~rack-01")).body;
  expect(kept.slots).toMatchObject([{ unit: 1, host: { name: "host-11" } }]);
  expect((await world.get("/racks/fra2~row-a~rack-01/elevation.svg")).body).toContain("host-11");
});

test("one host is asked of its cell alone; what is not kept of a silent one is refused in words", async () => {
  await world.lookAtAll();
  for (const cell of world.cells) cell.asked.length = 0;
  expect((await world.get("/hosts/host-12")).body).toMatchObject({ cell: "eu" });
  expect(world.cells.map((cell) => cell.asked)).toEqual([[], ["/api/v1/hosts/host-12"], []]);
  expect((await world.get("/hosts/host-12/explain")).body).toMatchObject({
    life: { phase: "active" },
  });
  await shut(1, "down");
  const { body, headers } = await world.get("/hosts/host-12");
  expect(body).toMatchObject({ name: "host-12" });
  expect(staleOf(headers)).toMatchObject([{ name: "eu" }]);
  await expect(world.get("/hosts/host-12/explain")).rejects.toMatchObject({ code: "cell-silent" });
});

test("nobody's host is unknown while all answer, and perhaps a silent cell's while one does not", async () => {
  await world.lookAtAll();
  await expect(world.get("/hosts/host-99")).rejects.toMatchObject({ code: "host-unknown" });
  await shut(1, "down");
  await expect(world.get("/hosts/host-99")).rejects.toMatchObject({ code: "cell-silent" });
});

test("a host id and a name that two cells have are conflicts that are said, and nobody is guessed", async () => {
  await at(1).world.addHost(1);
  await world.lookAtAll();
  const { body } = await world.get("/cells");
  expect(body.conflicts).toMatchObject([{ kind: "host", cells: ["na", "eu"] }]);
  await expect(world.get("/hosts/host-1")).rejects.toMatchObject({ code: "cells-conflict" });
  expect((await world.get("/hosts?q=host-1&limit=2")).body.items).toMatchObject([
    { name: "host-1", cell: "na" },
    { name: "host-1", cell: "eu" },
  ]);
});

test("a report has every cell's rows with their cell, no total, and says who is missing", async () => {
  await world.lookAtAll();
  const whole = (await world.get("/reports/capacity")).body;
  expect(whole).toMatchObject({ cell: "na,eu,ea", total: null, rows: expect.any(Array) });
  expect(new Set(whole.rows.map(({ cell }) => cell))).toEqual(new Set(["na", "eu", "ea"]));
  await shut(1, "down");
  const { body, headers } = await world.get("/reports/capacity");
  expect(body).toMatchObject({
    cell: "na,ea",
    coverage: { share: 0, words: expect.stringContaining("eu: not in here") },
    notes: expect.arrayContaining([
      expect.stringMatching(/^the hosts of cell eu are not in here: .*ECONNREFUSED/),
    ]),
  });
  expect(staleOf(headers)).toMatchObject([{ name: "eu" }]);
  const csv = await world.get("/reports/capacity?format=csv");
  const lines = String(csv.body).trim().split("\r\n");
  expect(lines[0]).toMatch(/^cell,site,class,hosts,.*,at_time$/);
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(
    (body.rows as readonly { cell: string }[]).map(({ cell }) => cell),
  );
  expect(csv.headers).toMatchObject({ "content-type": "text/csv; charset=utf-8" });
  expect(staleOf(csv.headers)).toMatchObject([{ name: "eu" }]);
});

test("what every cell refuses is refused in the cells' own words, and is no silence", async () => {
  await world.lookAtAll();
  for (const path of [
    "/reports/capacity?group=colour",
    "/reports/capacity?selector=colour%3Dred",
    "/operations?cursor=!",
  ]) {
    const refused = await world.get(path).then(
      ({ headers }) => `answered, stale ${String(headers[staleHeader])}`,
      (error: { code: string }) => error.code,
    );
    expect(refused, path).toMatch(/^(report-invalid|selector-invalid|cursor-invalid)$/);
  }
  await expect(world.get("/reports/capacity?at=-300d")).rejects.toMatchObject({
    code: "past-unknown",
  });
});

test("schedules of several cells are told apart, though they have one name", async () => {
  await world.lookAtAll();
  const schedule = {
    name: "daily",
    report: "capacity",
    format: "csv",
    selector: null,
    group: null,
    cron: "0 6 * * *",
    timeZone: "UTC",
    folder: null,
    keep: 30,
    nextMs: null,
    last: null,
  };
  for (const cell of world.cells)
    cell.forge = (path) =>
      path === "/api/v1/reports/schedules"
        ? { status: 200, body: JSON.stringify({ items: [schedule], nextCursor: null }) }
        : null;
  await shut(2, "down");
  const { body, headers } = await world.get("/reports/schedules");
  expect(body.items.map(({ name }) => name)).toEqual(["na/daily", "eu/daily"]);
  expect(staleOf(headers)).toMatchObject([{ name: "ea" }]);
});

test("a report of a site that no cell has is without rows, as a cell's own is", async () => {
  await world.lookAtAll();
  const { body } = await world.get("/reports/capacity?selector=site%3Dzzz9");
  expect(body.rows).toEqual([]);
});

test("a host that a hanging cell may have is not called unknown before the next look", async () => {
  await world.lookAtAll();
  at(1).way = "silent";
  const asked = world.get("/hosts/host-99").catch((error: unknown) => error);
  await world.clock.advance(federationLimits.askMsMax + 1);
  expect(await asked).toMatchObject({ code: "cell-silent" });
});

test("what is kept of an address whose cell answers elsewhere now counts nothing double", async () => {
  await world.lookAtAll();
  const kept = new Map(world.kept);
  const [na] = world.federation.cells;
  if (na === undefined) throw new Error("no cell");
  const old = na.kept();
  if (old === null) throw new Error("nothing kept");
  kept.set("http://old.test:7600", { ...old, url: "http://old.test:7600" });
  const moved = await createFederationWorld(["na", "old"], {
    kept,
    worlds: [at(0).world, at(0).world],
  });
  await moved.open.watches[0]?.look();
  for (const way of ["open", "down"] as const) {
    for (const cell of moved.cells.slice(1)) cell.way = way;
    await moved.lookAtAll();
    expect((await moved.get("/hosts")).body.total, way).toBe(3);
    expect((await moved.get("/cells")).body.conflicts, way).toEqual([]);
  }
  await moved.open.stop();
});

test("the header of silent cells stays small enough for every client, whatever they say", async () => {
  for (const cell of world.cells)
    cell.forge = () => ({
      status: 500,
      body: JSON.stringify({ code: "internal", detail: "\u6f22".repeat(4_000) }),
    });
  await world.lookAtAll();
  const { headers } = await world.get("/hosts");
  expect(staleOf(headers)).toHaveLength(3);
  // Sixteen cells' share of what Node's own client takes, 16 KiB.
  expect(String(headers[staleHeader]).length).toBeLessThan((3 * 12 * 1_024) / 16);
});

describe("what a cell says is hostile", () => {
  const forge = (index: number, part: string, body: () => unknown) => {
    const cell = at(index);
    cell.forge = (path) => {
      if (!path.startsWith(part)) return null;
      return { status: 200, body: JSON.stringify(body()) };
    };
  };

  test("an answer of another shape makes that cell stale, with where it differs", async () => {
    await world.lookAtAll();
    forge(0, "/api/v1/hosts", () => ({ items: [{ id: 7 }], nextCursor: null, total: 1 }));
    const { body, headers } = await world.get("/hosts");
    expect(body.total).toBe(9);
    const [stale] = staleOf(headers) as unknown as { name: string; why: string }[];
    expect(stale).toMatchObject({ name: "na" });
    expect(stale?.why).toContain("/items/0");
  });

  test("a page that never moves on stalls nobody: every host of the others still comes once", async () => {
    await world.lookAtAll();
    const real = (await world.get("/hosts?limit=1")).body.items[0];
    forge(0, "/api/v1/hosts", () => ({ items: [real], nextCursor: "again", total: 1 }));
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 20; page += 1) {
      const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { body }: Answered = await world.get(`/hosts?limit=2${next}`);
      seen.push(...body.items.map((host: { name: string }) => host.name));
      cursor = body.nextCursor;
      if (cursor === null) break;
    }
    expect(seen.filter((name) => name !== "host-1")).toEqual(
      [11, 12, 13, 21, 22, 23].map((number) => `host-${number}`),
    );
    expect(cursor).toBeNull();
  });

  test("a cell speaks for itself alone: the name of another cell on its hosts is not believed", async () => {
    await world.lookAtAll();
    const real = (await world.get("/hosts?limit=1")).body.items[0];
    forge(0, "/api/v1/hosts", () => ({
      items: [{ ...real, cell: "eu" }],
      nextCursor: null,
      total: 1,
    }));
    expect((await world.get("/hosts?limit=1")).body.items[0]).toMatchObject({ cell: "na" });
  });

  test("nesting without an end costs that cell its answer, not the others theirs", async () => {
    await world.lookAtAll();
    at(0).forge = (path) =>
      path.startsWith("/api/v1/plans") ? { status: 200, body: "[".repeat(100_000) } : null;
    const { body, headers } = await world.get("/plans");
    expect(body.items).toEqual([]);
    expect(staleOf(headers)).toMatchObject([{ name: "na" }]);
  });

  test("a token that is refused is said with what to do, and never told", async () => {
    at(0).forge = () => ({ status: 401, body: "{}" });
    await world.lookAtAll();
    const { why } = (await world.get("/cells")).body.items[0] ?? { why: null };
    expect(why).toContain("does not know the token");
    expect(why).not.toContain(at(0).world.token);
  });
});

test("two addresses of one cell are one cell, told twice: the second is refused, nothing counts double", async () => {
  const twice = await createFederationWorld(["na", "eu"], {
    worlds: [at(0).world, at(0).world],
  });
  await twice.open.lookFirst();
  for (let turn = 0; turn < 50; turn += 1) await twice.clock.settle();
  const { body } = await twice.get("/hosts");
  expect(body.total).toBe(3);
  const why = (await twice.get("/cells")).body.items.map(
    (cell: { why: string | null }) => cell.why,
  );
  expect(why.filter((words: string | null) => words?.includes("is that already"))).toHaveLength(1);
  await twice.open.stop();
});

test("a federation is refused as a cell, at the start in words", async () => {
  at(1).forge = (path) =>
    path === "/api/v1/cells"
      ? {
          status: 200,
          body: JSON.stringify({
            items: [],
            isFederation: true,
            nowMs: 1,
            conflicts: [],
            nextCursor: null,
          }),
        }
      : null;
  await expect(world.open.lookFirst()).rejects.toThrow(/is itself a federation/);
});

test("a manager from before GET /cells is read all the same, with its release", async () => {
  at(1).forge = (path) =>
    path === "/api/v1/cells"
      ? { status: 404, body: JSON.stringify({ code: "route-unknown" }) }
      : null;
  await world.lookAtAll();
  const { body } = await world.get("/cells");
  expect(body.items[1]).toMatchObject({
    state: "connected",
    release: "0.1.0",
    clockOffsetMs: null,
  });
  expect((await world.get("/hosts")).body.total).toBe(9);
});

describe("changes", () => {
  test("every change that a manager knows is refused and reaches no cell", async () => {
    await world.lookAtAll();
    const changes = world.routes.filter((route) => route.method !== "GET" && !isOwnRoute(route));
    expect(changes.length).toBeGreaterThan(15);
    for (const route of changes) {
      for (const cell of world.cells) cell.asked.length = 0;
      const path = route.path.replace("/api/v1", "").replace(":id", "host-12");
      await expect(
        world.change(route.method as "POST", path, { host: "host-12", reason: "try" }),
        route.path,
      ).rejects.toMatchObject({ code: "federation-reads-only" });
      // The way to a cell knows no other method than GET; what is asked looks for the owner alone.
      for (const path of world.cells.flatMap((cell) => cell.asked))
        expect(path).toMatch(/^\/api\/v1\/(plans|operations|cells)/);
    }
  });

  test("the refusal names the cell's own address and the very command to use there", async () => {
    await world.lookAtAll();
    await expect(
      world.change("POST", "/plans", {
        action: { kind: "drain" },
        selector: "host-12",
        reason: "fan",
      }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("cell eu at http://eu.test:7600"),
      hint: expect.stringContaining(
        "WWS_URL=http://eu.test:7600 wws-fleet host drain host-12 --reason REASON",
      ),
    });
    await expect(world.change("POST", "/hosts/host-21/manage", {})).rejects.toMatchObject({
      hint: expect.stringContaining("WWS_URL=http://ea.test:7600 wws-fleet host manage host-21"),
    });
  });

  test("what is done to hosts, plans, operations and holds has a command of its own", () => {
    const tags = ["hosts", "plans", "operations", "holds", "tenancy", "enrolment"];
    const without = world.routes
      .filter((route) => route.method !== "GET" && tags.includes(route.tag))
      .map((route) => `${route.method} ${route.path}`)
      .filter((route) => !commandRoutes.includes(route));
    expect(without).toEqual([]);
  });
});
