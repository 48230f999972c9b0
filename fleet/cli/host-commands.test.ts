import { afterEach, beforeEach, expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostState, positionOf } from "#test/support/inventory-builders.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  const first = await world.addHost(1, {
    position: positionOf("eu/fra2/row-b/rack-07/u12"),
    adopted: true,
  });
  const second = await world.addHost(2, {
    position: positionOf("ea/nrt1/row-a/rack-01/u03"),
    simulated: true,
  });
  await world.addHost(10);
  const nowMs = world.clock.nowUnixMs();
  await world.measure(first, [
    { metric: "system.cpu.utilization", values: [0.1, 0.312] },
    { metric: "system.memory.utilization", values: [0.68, 0.68] },
    { metric: "hw.host.power", values: [410, 411.6] },
  ]);
  await world.parts.inventory.recordState(first, hostState({ powerSource: "rapl" }));
  world.setLink(second, {
    state: "lost",
    sinceMs: unixMs(nowMs - 5 * 3_600_000),
    lastHeardMs: unixMs(nowMs - 5 * 3_600_000),
  });
});
afterEach(() => world.close());

test("host list prints a table of what one asks first", async () => {
  const { exitCode, stdout, stderr } = await runCommand(world, ["host", "list"]);
  expect(stdout).toMatchInlineSnapshot(`
    "NAME     LIFECYCLE  LINK           POSITION                   CLASS   CPU   MEM  WATTS  MARK
    host-1   active     connected 0 s  eu/fra2/row-b/rack-07/u12  –      31 %  68 %  412 W
    host-2   active     lost 5 h       ea/nrt1/row-a/rack-01/u03  –         –     –      –  simulated
    host-10  active     connected 0 s  none yet                   –         –     –      –
    "
  `);
  expect([exitCode, stderr]).toEqual([0, ""]);
});

test("host list -o wide adds source, serial, agent and id", async () => {
  const { stdout } = await runCommand(world, ["host", "list", "region=eu", "-o", "wide"]);
  expect(stdout).toMatchInlineSnapshot(`
    "NAME    LIFECYCLE  LINK           POSITION                   CLASS   CPU   MEM  WATTS  SOURCE  READ  WRITTEN  TEMP  HEALTH  REPORTED  SERIAL  AGENT  ID                                    MARK
    host-1  active     connected 0 s  eu/fra2/row-b/rack-07/u12  –      31 %  68 %  412 W  rapl       –        –     –  ok      1 s ago   –       –      01930000-0000-7000-8000-000000000001
    "
  `);
});
