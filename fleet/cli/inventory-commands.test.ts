import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf, positionOf } from "#test/support/inventory-builders.ts";
import { runCommand } from "#test/support/test-terminal.ts";
import { demoEstateFile, readDemoEstate } from "./demo-estate.ts";
import type { Terminal } from "./terminal.ts";

let world: ApiWorld;
let folder: string;
beforeEach(async () => {
  world = await createApiWorld();
  folder = mkdtempSync(join(tmpdir(), "wws-inventory-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const file = (name: string, ...lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
};
const run = (...argv: readonly string[]) => runCommand(world, ["inventory", ...argv]);
const asPerson = (ask: NonNullable<Terminal["ask"]>, ...argv: readonly string[]) =>
  runCommand(world, ["inventory", ...argv], { ask });
const names = async () => (await world.parts.inventory.hosts()).map(({ name }) => name);

const plan = () =>
  file(
    "plan.csv",
    "name,serial,position,height_units,bmc_mac,tags,nameplate_watts",
    "web-1,SN0001,eu/fra2/row-b/rack-07/u1,2,00:25:90:00:00:01,canary,750",
    "web-2,SN0002,eu/fra2/row-b/rack-07/u3,2,00:25:90:00:00:02,,750",
  );

test("import shows each change, asks once, and writes", async () => {
  const questions: string[] = [];
  const shown = await asPerson(
    async (question) => {
      questions.push(question);
      return "y";
    },
    "import",
    plan(),
  );
  expect(shown).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "4 changes written
    ",
      "stdout": "+ site fra2  (line 2)
        region eu, time_zone Europe/Berlin
    + rack fra2/row-b/rack-07  (line 2)
        height_units 42
    + host web-1  (line 2)
        serial SN0001, position eu/fra2/row-b/rack-07/u01, height_units 2, bmc_mac 00:25:90:00:00:01, tags canary, nameplate_watts 750
    + host web-2  (line 3)
        serial SN0002, position eu/fra2/row-b/rack-07/u03, height_units 2, bmc_mac 00:25:90:00:00:02, nameplate_watts 750
    4 to add, 0 to change, 0 as they are
    ",
    }
  `);
  expect(questions).toEqual(["Write these 4 changes? [y/N] "]);
  expect(await names()).toEqual(["web-1", "web-2"]);
  const again = await run("import", plan());
  expect(again).toEqual({
    exitCode: 0,
    stdout: "0 to add, 0 to change, 2 as they are\n",
    stderr: "",
  });
});

test("whoever does not say yes writes nothing; --dry-run does not ask", async () => {
  const refused = await asPerson(async () => "", "import", plan());
  expect(refused).toMatchObject({ exitCode: 1, stderr: "wws-fleet: nothing was written\n" });
  const dry = await asPerson(
    async () => {
      throw new Error("asked");
    },
    "import",
    plan(),
    "--dry-run",
  );
  expect(dry.exitCode).toBe(0);
  expect(await names()).toEqual([]);
  expect((await run("import", plan(), "--yes")).exitCode).toBe(0);
  expect(await names()).toHaveLength(2);
});

test("when the inventory moved while a person thought, nothing is written", async () => {
  const late = await asPerson(
    async () => {
      await run("import", file("other.csv", "name,serial", "web-2,SN0002"), "--yes");
      return "yes";
    },
    "import",
    plan(),
  );
  expect(late).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("decide anew") });
  expect(await names()).toEqual(["web-2"]);
});

test("twenty mistakes in one file, each with its place, what is wrong and what to do", async () => {
  const at = (unit: number) => positionOf(`eu/fra2/row-b/rack-07/u${unit}`);
  await world.addHost(1, { name: "db-1", serial: "RUNS0001", position: at(1) });
  await world.addHost(2, { name: "db-2", serial: "RUNS0002", position: at(2) });
  await world.addHost(3, { name: "gone-3", serial: "GONE0003", phase: "retired" });
  const rack = file("rack.csv", "site,row,rack,feeds_watts", "fra2,b,08,A=1000@ups-a2");
  expect((await run("import", rack, "--yes")).exitCode).toBe(0);
  const path = file(
    "mistakes.csv",
    "id,name,serial,position,height_units,bmc_mac,tags,phase,nameplate_watts",
    ",web 1,SN0001,,,,,,",
    ",web-2,SN0002,eu/fra2/row-b/rack-07/u2,,,,,",
    ",web-3,SN0003,eu/fra2/row-b/rack-07/u10,2,,,,",
    ",web-4,SN0004,eu/fra2/row-b/rack-07/u11,,,,,",
    ",web-5,SN0003,,,,,,",
    ",web-6,RUNS0001,,,,,,",
    ",web-3,SN0007,,,,,,",
    ",db-2,SN0008,,,,,,",
    ",web-9,SN0009,na/fra2/row-b/rack-07/u20,,,,,",
    ",web-10,SN0010,eu/fra2/row-b/rack-07/u42,2,,,,",
    ",web-11,SN0011,eu/frankfurt2/row-b/rack-07/u21,,,,,",
    ",web-12,SN0012,eu/fra2/row-b/rack-07/u61,,,,,",
    ",web-13,SN0013,,,ff:ff:ff:ff:ff:ff,,,",
    ",web-14,To Be Filled By O.E.M.,,,,,,",
    ",web-15,SN0015,,,,,active,",
    `${hostIdOf(99)},web-16,SN0016,,,,,,`,
    ",gone-3,,eu/fra2/row-b/rack-07/u30,,,,,",
    ",web-18,SN0018,eu/fra2/row-b/rack-08/u1,,,,,1200",
    ",web-19,SN0019,eu/xqz1/row-b/rack-07/u1,0.5,,hot tag!,,",
    ",web-20,SN0020,,,,,,7.5kW",
    ",web-21,SN0021",
    ',web-22,"SN0022,,,,,,',
  );
  const shown = await run("import", path, "--yes");
  expect(shown.exitCode).toBe(5);
  expect(shown.stderr).toBe("");
  expect(await names()).toEqual(["db-1", "db-2", "gone-3"]);
  await expect(shown.stdout).toMatchFileSnapshot("golden/import-mistakes.txt");
});

test("export prints a file that changes nothing, in each format", async () => {
  await run("import", plan(), "--yes");
  for (const what of ["hosts", "racks", "sites"]) {
    const { stdout, exitCode } = await run("export", "--what", what);
    expect(exitCode).toBe(0);
    const again = await run("import", file(`${what}.csv`, stdout));
    expect(again.stdout).toMatch(/^0 to add, 0 to change, [12] as they are\n$/);
  }
  const json = await run("export", "--format", "json");
  expect(JSON.parse(json.stdout)).toMatchObject({ format: "wws-estate/1" });
  expect((await run("import", file("all.json", json.stdout))).stdout).toBe(
    "0 to add, 0 to change, 4 as they are\n",
  );
  expect((await run("export", "--format", "netbox")).stdout).toContain("web-1,server,generic,");
  expect((await run("export", "--format", "netbox", "--what", "sites")).exitCode).toBe(2);
});

test("a file that is not there is a mistake of usage", async () => {
  expect(await run("import", join(folder, "none.csv"))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("cannot read"),
  });
});

test("5,000 hosts are shown and written in seconds", async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => {
    const rack = `eu/fra2/row-${Math.floor(index / 400)}/rack-${Math.floor(index / 40)}`;
    return `host-${index},SN-${index},${rack}/u${(index % 40) + 1},canary,750`;
  });
  const path = file("many.csv", "name,serial,position,tags,nameplate_watts", ...rows);
  const shown = await run("import", path, "--yes");
  expect(shown.exitCode).toBe(0);
  expect(shown.stderr).toBe("5126 changes written\n");
  expect(await names()).toHaveLength(5_000);
});

test("the example of docs/operating/estate.md does what it says there", async () => {
  const document = readFileSync(
    join(import.meta.dirname, "../../docs/operating/estate.md"),
    "utf8",
  );
  const [devices = "", racks = ""] = [...document.matchAll(/```csv\n([^`]*)```/g)].map(
    ([, text]) => text ?? "",
  );
  expect(await run("import", file("racks.csv", racks), "--yes")).toMatchObject({ exitCode: 0 });
  const unchosen = await run("import", file("devices.csv", devices));
  expect(unchosen).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("--role server") });
  const shown = await run("import", file("devices.csv", devices), "--role", "server");
  expect(shown.exitCode).toBe(0);
  await expect(shown.stdout).toMatchFileSnapshot("golden/import-netbox.txt");
  expect(await names()).toEqual(["fra2-b07-01", "fra2-b07-02"]);
});

test("the demo's sites and racks come in as a file, with feeds and windows", async () => {
  const estate = readDemoEstate(
    join(import.meta.dirname, "../../hardware-fixtures/sites/demo.json"),
  );
  const shown = await run("import", file("demo.json", demoEstateFile(estate)), "--yes");
  expect(shown).toMatchObject({ exitCode: 0, stderr: "30 changes written\n" });
  const [site] = await world.parts.inventory.sites();
  expect(site).toMatchObject({ code: "ams1", windows: [{ days: [7], toMinute: 360 }] });
  const [rack] = await world.parts.inventory.racks();
  expect(rack?.feeds).toEqual([
    { name: "A", budgetWatts: 17_300, upstream: "ams1-ups-a" },
    { name: "B", budgetWatts: 17_300, upstream: "ams1-ups-b" },
  ]);
});
