import { afterEach, beforeEach, expect, test } from "vitest";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const acknowledge = async (name: string) => {
  const { secret } = await world.parts.people.createApiToken(name, 60_000);
  const answer = await world.api.inject({
    method: "POST",
    url: "/api/v1/store/safe-mode/acknowledge",
    headers: asToken(secret),
    payload: { reason: "compared with the hosts" },
  });
  return { status: answer.statusCode, body: answer.json() };
};
const mode = async () => (await world.get("/api/v1/store/safe-mode")).body;

test("a store that is trusted has no safe mode, and nothing to acknowledge", async () => {
  expect(await mode()).toEqual({ safeMode: null });
  expect(await acknowledge("ada")).toMatchObject({ status: 409, body: { code: "not-now" } });
});

test("safe mode is shown, and ends with the word of two people", async () => {
  await world.addHost(1);
  const { safeMode } = world.parts;
  if (!("told" in safeMode) || typeof safeMode.told !== "function") throw new Error("no watch");
  safeMode.told(hostIdOf(1), 9);
  await world.clock.settle();
  expect(await mode()).toMatchObject({ safeMode: { because: "hosts-ahead", seenTerm: 9 } });
  expect(await acknowledge("ada")).toMatchObject({ body: { safeMode: { seenTerm: 9 } } });
  expect(await acknowledge("ada")).toMatchObject({
    status: 409,
    body: { detail: "you have acknowledged it already; a second person must" },
  });
  const argv = ["store", "acknowledge", "--reason", "compared too"];
  expect(await runCommand(world, argv)).toEqual({
    exitCode: 0,
    stdout: "safe mode is over: the fleet is worked on again\n",
    stderr: "",
  });
  expect(await mode()).toEqual({ safeMode: null });
});
