import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyAudit } from "#fleet/program/verify-audit.ts";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
let folder: string;
beforeEach(async () => {
  story = await openScenario();
  folder = mkdtempSync(join(tmpdir(), "wws-story-"));
  story.mask(`${folder}/`, "");
  story.mask("\r\n", "\n");
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await story.close();
});

type Typed = Parameters<Scenario["type"]>;
const ends = async (code: number, ...typed: Typed): Promise<void> =>
  expect(await story.type(...typed), await story.transcript()).toBe(code);
const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);
const file = (name: string, ...lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  return join(folder, name);
};

const head = "name,serial,position,height_units,tags";

test("an estate is imported: three mistakes by row, then right, then nothing new", async () => {
  const wrong = file(
    "racks.csv",
    head,
    "web-1,SN0001,eu/fra2/row-b/rack-07/u1,2,canary",
    "web-2,SN0001,eu/fra2/row-b/rack-07/u3,2,",
    "web-3,SN0003,eu/fra2/row-b/rack-07/u4,2,",
    "web-4,SN0004,eu/fra2/row-b/rack-07/u99,2,",
    "web-5,SN0005,eu/fra2/row-b/rack-07/u5,2,",
  );
  await ends(5, `inventory import ${wrong}`);
  const right = file(
    "racks.csv",
    head,
    "web-1,SN0001,eu/fra2/row-b/rack-07/u1,2,canary",
    "web-2,SN0002,eu/fra2/row-b/rack-07/u3,2,",
    "web-3,SN0003,eu/fra2/row-b/rack-07/u5,2,",
  );
  await ends(0, `inventory import ${right} --dry-run`);
  await ends(0, `inventory import ${right}`, { says: "y" });
  await ends(0, `inventory import ${right}`, { says: "y" });
  await ends(0, "inventory export");
  await ends(2, `inventory import ${join(folder, "none.csv")}`);
  await tells("inventory");
});

test("who did what is listed; a changed row of a copy is found without a manager", async () => {
  const local = { verifyAudit };
  await story.addHost("web-1");
  await story.type('host cordon web-1 --reason "fan 3 is loud" -o name');
  await story.type('host uncordon web-1 --reason "fan changed"');
  await ends(0, "audit list --subject web-1");
  await ends(0, "audit verify");
  story.note("the manager is dead, and a copy of its store has been in somebody's hands");
  const copy = await story.world.store.backup(folder);
  await ends(0, `audit verify --store ${copy}`, { local });
  const database = new DatabaseSync(copy);
  database.exec("update audit set actor = 'eve' where seq = 2");
  database.close();
  await ends(1, `audit verify --store ${copy}`, { local });
  const gone = join(folder, "none.sqlite");
  await ends(1, `audit verify --store ${gone}`, { local });
  await tells("audit");
});

test("the data is checked and copied", async () => {
  await ends(0, "store check");
  await ends(0, "store backup");
  await ends(5, 'store acknowledge --reason "to be sure"');
  await tells("store");
});

test("a store of yesterday is noticed by its hosts, and two people take it for what it is", async () => {
  for (const name of ["web-1", "web-2", "web-3"]) await story.addHost(name);
  await story.addColleague("ada", { role: "security", scope: "all" });
  await story.addColleague("sue", { role: "security", scope: "all" });
  await story.hostsSayTerm(40);
  await story.later(120_000);
  await ends(5, 'host drain web-1 --reason "new PDU" --yes');
  const compared = 'store acknowledge --reason "compared with the racks"';
  await ends(0, compared, { as: "sue" });
  await ends(5, compared, { as: "sue" });
  await ends(0, compared, { as: "ada" });
  await story.later(120_000);
  await ends(0, 'host drain web-1 --reason "new PDU" --yes');
  await tells("store-restored");
});
