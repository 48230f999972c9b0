import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

test("a manager answers with the one cell it is, heard now", async () => {
  await world.addHost(1);
  const { status, body } = await world.get("/api/v1/cells");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    isFederation: false,
    conflicts: [],
    nextCursor: null,
    items: [
      {
        name: world.parts.cell,
        url: null,
        state: "connected",
        why: null,
        release: "0.1.0",
        hosts: 1,
        sites: [],
        lastHeardMs: world.clock.nowUnixMs(),
      },
    ],
  });
});
