import { afterEach, beforeEach, expect, test } from "vitest";
import { createThreeCells, staleOf, type ThreeCells } from "#test/support/three-cells.ts";

type Answered = Awaited<ReturnType<ThreeCells["get"]>>;

let world: ThreeCells;
beforeEach(async () => {
  world = await createThreeCells();
});
afterEach(() => world.close());

const forge = (index: number, part: string, body: () => unknown) => {
  const cell = world.at(index);
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
  const [stale] = staleOf(headers);
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
  world.at(0).forge = (path) =>
    path.startsWith("/api/v1/plans") ? { status: 200, body: "[".repeat(100_000) } : null;
  const { body, headers } = await world.get("/plans");
  expect(body.items).toEqual([]);
  expect(staleOf(headers)).toMatchObject([{ name: "na" }]);
});

test("a token that is refused is said with what to do, and never told", async () => {
  world.at(0).forge = () => ({ status: 401, body: "{}" });
  await world.lookAtAll();
  const { why } = (await world.get("/cells")).body.items[0] ?? { why: null };
  expect(why).toContain("does not know the token");
  expect(why).not.toContain(world.at(0).world.token);
});
