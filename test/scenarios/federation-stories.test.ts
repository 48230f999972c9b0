import { afterEach, beforeEach, expect, test } from "vitest";
import { createFederationWorld, type FederationWorld } from "#test/support/federation-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: FederationWorld;
beforeEach(async () => {
  world = await createFederationWorld(["eu", "na"]);
});
afterEach(() => world.close());

test("a fleet of two cells of which one falls silent says so, since when, and goes on", async () => {
  const [eu, na] = world.cells;
  if (eu === undefined || na === undefined) throw new Error("two cells were asked for");
  await eu.world.addHost(1, { name: "fra-1" });
  await na.world.addHost(2, { name: "iad-1" });
  let text = "";
  const outlet = {
    write: (part: string) => {
      text += part;
    },
    isTerminal: false,
  };
  /** The federation's own answers, without a socket. */
  const asked: typeof fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const path = `${url.pathname.replace("/api/v1", "")}${url.search}`;
    const { body, headers } = await world.get(path);
    const told = Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return new Response(JSON.stringify(body), {
      headers: [["content-type", "application/json"], ...told],
    });
  };
  /** In every cell as here. */
  const pass = async (ms: number): Promise<void> => {
    for (const { clock } of [world, eu.world, na.world]) await clock.advance(ms);
  };
  const type = async (command: string): Promise<void> => {
    text += `$ wws-fleet ${command}\n`;
    const told = { api: eu.world.api, clock: world.clock, token: "" };
    const { exitCode } = await runCommand(told, command.split(" "), {
      fetch: asked,
      stdout: outlet,
      stderr: outlet,
    });
    text += `[exit ${exitCode}]\n\n`;
  };
  await world.lookAtAll();
  await type("cell list");
  text += "# the line over the sea is cut\n";
  na.way = "down";
  await pass(300_000);
  await type("host list");
  await type("cell list");
  text += "# it is mended\n";
  na.way = "open";
  await world.lookAtAll();
  await pass(60_000);
  await type("cell list");
  await expect(text).toMatchFileSnapshot("./golden/cells.txt");
});
