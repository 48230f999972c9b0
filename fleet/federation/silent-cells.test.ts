import { afterEach, beforeEach, expect, test } from "vitest";
import { staleHeader } from "#fleet/api/cell-schemas.ts";
import { createFederationWorld } from "#test/support/federation-world.ts";
import { createThreeCells, staleOf, type ThreeCells } from "#test/support/three-cells.ts";
import { federationLimits } from "./federation-limits.ts";

let world: ThreeCells;
beforeEach(async () => {
  world = await createThreeCells();
});
afterEach(() => world.close());

test("a cell may fall silent between two pages: the rest comes from what is kept, and it is said", async () => {
  await world.lookAtAll();
  const first = await world.get("/hosts?limit=4");
  await world.shut(1, "down");
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
  world.at(1).way = "silent";
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
  await world.shut(2, "down");
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
  world.at(2).way = "open";
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
  world.at(0).way = "down";
  await world.lookAtAll();
  const { body, headers } = await world.get("/hosts");
  expect(body.total).toBe(6);
  expect(staleOf(headers)).toMatchObject([{ name: "na.test:7600", sinceMs: null, ageMs: null }]);
  expect((await world.get("/cells")).body.items[0]).toMatchObject({
    state: "never-heard",
    hosts: null,
  });
});

test("one host is asked of its cell alone; what is not kept of a silent one is refused in words", async () => {
  await world.lookAtAll();
  for (const cell of world.cells) cell.asked.length = 0;
  expect((await world.get("/hosts/host-12")).body).toMatchObject({ cell: "eu" });
  expect(world.cells.map((cell) => cell.asked)).toEqual([[], ["/api/v1/hosts/host-12"], []]);
  expect((await world.get("/hosts/host-12/explain")).body).toMatchObject({
    life: { phase: "active" },
  });
  await world.shut(1, "down");
  const { body, headers } = await world.get("/hosts/host-12");
  expect(body).toMatchObject({ name: "host-12" });
  expect(staleOf(headers)).toMatchObject([{ name: "eu" }]);
  await expect(world.get("/hosts/host-12/explain")).rejects.toMatchObject({ code: "cell-silent" });
});

test("nobody's host is unknown while all answer, and perhaps a silent cell's while one does not", async () => {
  await world.lookAtAll();
  await expect(world.get("/hosts/host-99")).rejects.toMatchObject({ code: "host-unknown" });
  await world.shut(1, "down");
  await expect(world.get("/hosts/host-99")).rejects.toMatchObject({ code: "cell-silent" });
});

test("a host that a hanging cell may have is not called unknown before the next look", async () => {
  await world.lookAtAll();
  world.at(1).way = "silent";
  const asked = world.get("/hosts/host-99").catch((error: unknown) => error);
  await world.clock.advance(federationLimits.askMsMax + 1);
  expect(await asked).toMatchObject({ code: "cell-silent" });
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
