import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf, positionOf } from "#test/support/inventory-builders.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  const places = [
    "eu/fra2/row-b/rack-07/u03",
    "eu/fra2/row-b/rack-07/u01",
    "na/iad1/row-a/rack-02/u03",
  ];
  for (const [index, place] of places.entries()) {
    const id = await world.addHost(index + 1, {
      position: positionOf(place),
      simulated: index === 2,
    });
    if (index === 1) continue;
    await world.measure(id, [{ metric: "hw.host.power", values: [100 * (index + 1)] }]);
  }
  world.setLink(hostIdOf(2), { state: "late" });
});
afterEach(() => world.close());

const run = (...argv: string[]) => runCommand(world, argv);

test("region, site and rack lists add up their hosts", async () => {
  expect((await run("region", "list")).stdout).toMatchInlineSnapshot(`
    "REGION  NAME           SITES  HOSTS  CONNECTED  LATE  LOST              POWER  CPU  SIMULATED
    na      North America      1      1          1     0     0              300 W    –          1
    eu      Europe             1      2          1     1     0  100 W from 1 of 2    –          0
    ea      East Asia          0      0          0     0     0                  –    –          0
    "
  `);
  expect((await run("site", "list")).stdout).toMatchInlineSnapshot(`
    "SITE  REGION  TIME ZONE         RACKS  HOSTS  CONNECTED  LATE  LOST              POWER  CPU  SIMULATED
    fra2  eu      Europe/Berlin         1      2          1     1     0  100 W from 1 of 2    –          0
    iad1  na      America/New_York      1      1          1     0     0              300 W    –          1
    "
  `);
  expect((await run("rack", "list", "-o", "csv")).stdout).toMatchInlineSnapshot(`
    "rack,region,height_units,hosts,hosts_connected,hosts_late,hosts_lost,power_watts,cpu_utilization_1,hosts_simulated
    fra2/row-b/rack-07,eu,42,2,1,1,0,100,,0
    iad1/row-a/rack-02,na,42,1,1,0,0,300,,1
    "
  `);
});

test("show tells one of them", async () => {
  expect((await run("site", "show", "fra2")).stdout).toMatchInlineSnapshot(`
    "site          fra2
    region        eu
    time zone     Europe/Berlin
    cell          test
    racks         1
    hosts         2
    simulated     0
    by link       1 connected, 1 late
    by lifecycle  2 active
    by health     1 ok, 1 unknown
    power         100 W from 1 of 2
    cpu           –
    "
  `);
  expect(await run("region", "show", "mars")).toEqual({
    exitCode: 3,
    stdout: "",
    stderr: 'wws-fleet: there is no region "mars"\n  there are na, eu, ea\n',
  });
});

test("rack show draws its front in text", async () => {
  const { stdout } = await run("rack", "show", "fra2/row-b/rack-07");
  await expect(stdout).toMatchFileSnapshot("./golden/rack.txt");
  const byWatts = await run("rack", "show", "fra2~row-b~rack-07", "--value", "watts");
  expect(byWatts.stdout).toContain("100 W");
  expect((await run("rack", "show", "fra2/row-b/rack-7")).exitCode).toBe(3);
});
