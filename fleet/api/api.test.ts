import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld, secondsUntil } from "#test/support/api-world.ts";
import { hostState, positionOf } from "#test/support/inventory-builders.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

describe("hosts", () => {
  test("a list holds hosts with their newest figures and how many there are", async () => {
    const id = await world.addHost(1, { position: positionOf("eu/fra2/row-b/rack-07/u12") });
    const nowMs = world.clock.nowUnixMs();
    world.telemetry.put(id, "system.cpu.utilization", {}, secondsUntil(nowMs, [0.25, 0.5]));
    world.telemetry.put(id, "hw.host.power", {}, secondsUntil(nowMs, [412]));
    await world.parts.inventory.recordState(id, hostState({ powerSource: "rapl" }));
    const { status, body } = await world.get("/api/v1/hosts");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      total: 1,
      nextCursor: null,
      items: [
        {
          name: "host-1",
          lifecycle: "active",
          link: { state: "connected" },
          power: { watts: 412, source: "rapl", reason: null },
          latest: { cpuUtilization: 0.5 },
        },
      ],
    });
  });
});

test("without a sign-in there is nothing", async () => {
  const answer = await world.api.inject({ url: "/api/v1/hosts", headers: { host: "localhost" } });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(answer.json()).toMatchObject({ code: "not-signed-in", status: 401 });
  expect(asToken("x")).toBeDefined();
});
