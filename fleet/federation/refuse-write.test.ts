import { afterEach, beforeEach, expect, test } from "vitest";
import { createThreeCells, type ThreeCells } from "#test/support/three-cells.ts";
import { commandRoutes } from "./cell-commands.ts";
import { isOwnRoute } from "./federated-routes.ts";

let world: ThreeCells;
beforeEach(async () => {
  world = await createThreeCells();
});
afterEach(() => world.close());

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
