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

test("a colleague is added, granted a role, signs in by password, and is let in no more", async () => {
  await story.addHost("web-1");
  await story.addColleague("sue", { role: "security", scope: "all" });
  await ends(0, 'user add ben --name "Ben Ito" --reason "new in the night shift"', { as: "sue" });
  await ends(0, 'user grant ben operator site=fra2 --reason "night shift"', { as: "sue" });
  await ends(2, 'user grant ben oprator all --reason "night shift"', { as: "sue" });
  const secret = "a long enough pass phrase";
  await ends(0, 'user password ben --reason "he asked for one"', { as: "sue", secret });
  const signsIn = async (): Promise<number> =>
    (
      await story.world.api.inject({
        method: "POST",
        url: "/api/v1/session",
        headers: { host: "127.0.0.1:7600", origin: "http://127.0.0.1:7600" },
        payload: { name: "ben", password: secret },
      })
    ).statusCode;
  expect(await signsIn()).toBeLessThan(300);
  story.note("ben signs in to the console with it");
  await ends(0, "user show ben", { as: "sue" });
  await ends(0, 'user revoke ben operator site=fra2 --reason "day shift now"', { as: "sue" });
  await ends(0, 'user disable ben --reason "he left"', { as: "sue" });
  expect(await signsIn()).toBe(401);
  story.note("ben is not let in any more");
  await ends(0, 'user enable ben --reason "he is back"', { as: "sue" });
  await ends(0, "user list", { as: "sue" });
  await ends(0, "role list");
  await ends(0, "role show operator");
  await tells("people");
});

test("the last who may grant roles stays, and a service has tokens", async () => {
  await story.addColleague("sue", { role: "security", scope: "all" });
  await ends(5, 'user revoke sue security all --reason "she left"', { as: "sue" });
  await ends(5, 'user disable sue --reason "she left"', { as: "sue" });
  await ends(0, 'user add nagios --service --role viewer --reason "graphs"', { as: "sue" });
  const made = story.type("token add graphs --owner nagios --valid 30d", { as: "sue" });
  expect(await made).toBe(0);
  const tokens = JSON.parse(await story.read("token list -o json")) as {
    readonly items: readonly { readonly id: string; readonly name: string }[];
  };
  const graphs = tokens.items.find(({ name }) => name === "graphs");
  await ends(0, "token list", { as: "sue" });
  await ends(0, `token revoke ${graphs?.id}`, { as: "sue" });
  await ends(3, `token revoke ${graphs?.id}`, { as: "sue" });
  await ends(0, "signin-link --name sue", { as: "sue" });
  await tells("tokens");
});
