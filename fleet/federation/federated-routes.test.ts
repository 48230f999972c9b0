import { afterEach, beforeEach, expect, test } from "vitest";
import { staleHeader } from "#fleet/api/cell-schemas.ts";
import { createFederationWorld } from "#test/support/federation-world.ts";
import { createThreeCells, type ThreeCells } from "#test/support/three-cells.ts";

type Answered = Awaited<ReturnType<ThreeCells["get"]>>;

let world: ThreeCells;
beforeEach(async () => {
  world = await createThreeCells();
});
afterEach(() => world.close());

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

test("of a selector that names a site, the cells that do not own it are not asked", async () => {
  for (const [index, site] of ["iad1", "fra2", "nrt1"].entries())
    await world.at(index).world.parts.inventory.place(
      (await world.at(index).world.parts.inventory.hosts())[0]?.id as never,
      {
        region: ["na", "eu", "ea"][index],
        site,
        row: "row-a",
        rack: "rack-01",
        unit: 1,
      } as never,
    );
  await world.lookAtAll();
  for (const cell of world.cells) cell.asked.length = 0;
  const { body } = await world.get("/hosts?selector=site%3Dfra2");
  expect(body.items).toMatchObject([{ name: "host-11", cell: "eu" }]);
  expect(world.cells.map((cell) => cell.asked.length)).toEqual([0, 1, 0]);
  const rack = (await world.get("/racks/fra2~row-a~rack-01")).body;
  expect(rack.slots).toMatchObject([{ unit: 1, host: { name: "host-11" } }]);
  await world.shut(1, "down");
  const kept = (await world.get("/racks/fra2~row-a~rack-01")).body;
  expect(kept.slots).toMatchObject([{ unit: 1, host: { name: "host-11" } }]);
  expect((await world.get("/racks/fra2~row-a~rack-01/elevation.svg")).body).toContain("host-11");
});

test("a host id and a name that two cells have are conflicts that are said, and nobody is guessed", async () => {
  await world.at(1).world.addHost(1);
  await world.lookAtAll();
  const { body } = await world.get("/cells");
  expect(body.conflicts).toMatchObject([{ kind: "host", cells: ["na", "eu"] }]);
  await expect(world.get("/hosts/host-1")).rejects.toMatchObject({ code: "cells-conflict" });
  expect((await world.get("/hosts?q=host-1&limit=2")).body.items).toMatchObject([
    { name: "host-1", cell: "na" },
    { name: "host-1", cell: "eu" },
  ]);
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
    worlds: [world.at(0).world, world.at(0).world],
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

test("two addresses of one cell are one cell, told twice: the second is refused, nothing counts double", async () => {
  const twice = await createFederationWorld(["na", "eu"], {
    worlds: [world.at(0).world, world.at(0).world],
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
  world.at(1).forge = (path) =>
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
  world.at(1).forge = (path) =>
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
