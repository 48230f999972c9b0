import { afterEach, beforeEach, expect, test } from "vitest";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

type Typed = Parameters<Scenario["type"]>;
const ends = async (code: number, ...typed: Typed): Promise<void> =>
  expect(await story.type(...typed), await story.transcript()).toBe(code);
const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);

test("each kind of hold blocks what it is for, and is released one by one", async () => {
  story.giveBmc(await story.addHost("web-1"));
  await story.addHost("db-1", { rack: "rack-09" });
  await story.addColleague("ada", { role: "operator", scope: "all" });
  await story.addColleague("vera", { role: "viewer", scope: "all" });
  await story.type("tenant add acme -o name");
  const add = (kind: string, more = ""): Promise<number> =>
    story.type(`hold add web-1 --kind ${kind}${more} --reason "a ${kind} test" -o name`);
  expect(await add("power-lockout")).toBe(0);
  await ends(5, 'host power off web-1 --reason "it hangs" --yes', { as: "ada" });
  expect(await add("protect")).toBe(0);
  await story.type('host drain web-1 --force --reason "new PDU" --dry-run', { as: "ada" });
  await story.type('host reboot web-1 --reason "kernel" --dry-run', { as: "ada" });
  expect(await add("legal")).toBe(0);
  expect(await add("reservation", " --for acme")).toBe(0);
  expect(await add("tenant")).toBe(5);
  expect(await add("tenant", " --for acme --expires 7d")).toBe(0);
  await ends(5, 'host drain web-1 --reason "new PDU" --yes', { as: "ada" });
  await story.type("hold list");
  await story.type("host explain web-1");
  const holds = JSON.parse(await story.read("hold list web-1 -o json")) as {
    readonly items: readonly { readonly id: string; readonly kind: string }[];
  };
  const legal = holds.items.find(({ kind }) => kind === "legal");
  const refused = `hold release ${legal?.id} --reason "it is in my way"`;
  await ends(4, refused, { as: "vera" });
  for (const { id } of holds.items) await ends(0, `hold release ${id} --reason "the test is over"`);
  await story.type("hold list");
  await ends(0, 'host drain web-1 --reason "new PDU" --yes', { as: "ada" });
  await tells("holds");
});

test("a tenant claims a host, another is refused, and a lease ends", async () => {
  await story.addHost("web-1");
  await story.addHost("web-2");
  await story.type("tenant add acme --webhook https://acme.example/notices");
  await story.type("tenant add bolt");
  await story.type("tenant list");
  const lease = "lease add acme web-1 --share exclusive --notice hour --evacuation migrate -o name";
  await ends(0, lease);
  await ends(5, "lease add bolt web-1 -o name");
  await ends(0, "lease add bolt web-2 --share shared -o name");
  await ends(0, "lease add acme web-2 --share shared -o name");
  await story.type("lease list");
  const [first = ""] = (await story.read("lease list web-1 -o name")).split("\n");
  await ends(0, `lease end ${first}`);
  await ends(0, "lease add bolt web-1 -o name");
  await story.type("lease list web-1");
  await tells("leases");
});

test("two tenants claim the same host at the same moment: one has it, the other is told", async () => {
  await story.addHost("web-1");
  const names = ["acme-a", "acme-b"];
  for (const name of names) await story.read(`tenant add ${name} -o name`);
  story.note("two operators press return at once, each for a tenant");
  const codes = await story.typeAtOnce(
    ...names.map((name) => `lease add ${name} web-1 --share exclusive -o name`),
  );
  expect([...codes].sort()).toEqual([0, 5]);
  // Nobody can say beforehand which of them it is.
  for (const [at, name] of names.entries()) story.mask(name, codes[at] === 0 ? "WINNER" : "SECOND");
  await story.type("lease list");
  await tells("leases-at-once");
});
