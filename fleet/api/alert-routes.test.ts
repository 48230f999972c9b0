import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

/** Five of five hosts of a rack fall silent after the grace time of a start. */
async function rackGoesDark(): Promise<string> {
  const { inventory, events, domains } = world.parts;
  const rack = { region: "eu", site: "fra2", row: "row-a", rack: "rack-01" } as const;
  const ids = await Promise.all(
    [1, 2, 3, 4, 5].map((unit) => world.addHost(unit, { position: { ...rack, unit } })),
  );
  expect(await inventory.hosts()).toHaveLength(5);
  await world.clock.advance(300_000);
  const lastHeardMs = world.clock.nowUnixMs();
  await world.clock.advance(90_000);
  for (const hostId of ids) {
    world.setLink(hostId, { state: "lost", lastHeardMs });
    events.publish({ kind: "link-changed", hostId, state: "lost" });
  }
  await world.clock.advance(2_000);
  const [event] = domains.open();
  if (event === undefined) throw new Error("nobody noticed");
  return event.id;
}

const acknowledge = async (id: string, reason: string) => {
  const answer = await world.api.inject({
    method: "POST",
    url: `/api/v1/alerts/${id}/acknowledge`,
    headers: asToken(world.token),
    payload: { reason },
  });
  return { status: answer.statusCode, body: answer.json() };
};

test("a dark rack is an alert, and a person's word ends it", async () => {
  expect((await world.get("/api/v1/alerts")).body).toEqual({ items: [], nextCursor: null });
  const id = await rackGoesDark();
  const alert = {
    id,
    hosts: ["host-1", "host-2", "host-3", "host-4", "host-5"],
    of: 5,
    words: expect.stringMatching(/^5 of 5 hosts of (rack|site) .* were lost together$/),
    acknowledgedBy: null,
  };
  expect(await world.get("/api/v1/alerts")).toMatchObject({
    status: 200,
    body: { items: [alert] },
  });
  expect(await acknowledge(id, "the breaker is on again")).toMatchObject({
    status: 200,
    body: { ...alert, acknowledgedBy: "tester" },
  });
  expect((await world.get("/api/v1/alerts")).body).toMatchObject({ items: [] });
  const [newest] = await world.store.audit.list({ beforeSeq: null, limit: 1 });
  expect(newest).toMatchObject({
    action: "domain-event.acknowledge",
    actor: "tester",
    reason: "the breaker is on again",
    subject: { kind: "alert", id },
  });
  expect(await acknowledge(id, "the breaker is on again")).toMatchObject({ status: 404 });
});

test.each(["nonsense", "0193c1a0-0000-7000-8000-000000000000"])(
  "an alert that is not open, %s, is refused",
  async (id) => {
    expect(await acknowledge(id, "looked")).toMatchObject({
      status: 404,
      body: { code: "alert-unknown", hint: "`wws-fleet alert list` lists the open ones" },
    });
  },
);

test("the command line lists alerts and acknowledges one, with a reason that says why", async () => {
  expect(await runCommand(world, ["alert", "list"])).toMatchObject({ exitCode: 0, stdout: "" });
  const id = await rackGoesDark();
  expect((await runCommand(world, ["alert", "list"])).stdout).toMatch(/5 of 5 .* lost together/);
  const say = (reason: string) =>
    runCommand(world, ["alert", "acknowledge", id, "--reason", reason]);
  expect(await say("x")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "wws-fleet: --reason must say why, in at least 3 characters\n",
  });
  const { exitCode, stderr } = await say("the breaker is on again");
  expect([exitCode, stderr]).toEqual([
    0,
    expect.stringMatching(/ is worked on again; it was: 5 of 5 hosts of /),
  ]);
  expect(await runCommand(world, ["alert", "list", "-o", "name"])).toMatchObject({ stdout: "" });
  expect((await say("the breaker is on again")).exitCode).toBe(3);
});
