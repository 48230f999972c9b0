import { afterEach, beforeEach, expect, test } from "vitest";
import { staleHeader } from "#fleet/api/cell-schemas.ts";
import { createThreeCells, staleOf, type ThreeCells } from "#test/support/three-cells.ts";

let world: ThreeCells;
beforeEach(async () => {
  world = await createThreeCells();
});
afterEach(() => world.close());

test("a report has every cell's rows with their cell, no total, and says who is missing", async () => {
  await world.lookAtAll();
  const whole = (await world.get("/reports/capacity")).body;
  expect(whole).toMatchObject({ cell: "na,eu,ea", total: null, rows: expect.any(Array) });
  expect(new Set(whole.rows.map(({ cell }) => cell))).toEqual(new Set(["na", "eu", "ea"]));
  await world.shut(1, "down");
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
  await world.shut(2, "down");
  const { body, headers } = await world.get("/reports/schedules");
  expect(body.items.map(({ name }) => name)).toEqual(["na/daily", "eu/daily"]);
  expect(staleOf(headers)).toMatchObject([{ name: "ea" }]);
});

test("a report of a site that no cell has is without rows, as a cell's own is", async () => {
  await world.lookAtAll();
  const { body } = await world.get("/reports/capacity?selector=site%3Dzzz9");
  expect(body.rows).toEqual([]);
});
