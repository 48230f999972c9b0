import { afterEach, expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import type { BmcLies } from "#test/support/simulated-bmc/bmc-state.ts";
import { type SimulatedBmc, startSimulatedBmc } from "#test/support/simulated-bmc/simulated-bmc.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { type Crawl, crawl, crawlLimits } from "./crawl.ts";
import { readRedfish } from "./read-redfish.ts";
import { openRedfishDoor } from "./redfish-door.ts";

const password = "Lab-pass-0123456789";
const clockMs = Date.UTC(2026, 10, 2, 8, 0, 0);
const random = createSeededRandom(20_261_103);
const started: SimulatedBmc[] = [];

afterEach(async () => {
  for (const bmc of started.splice(0)) await bmc.close();
});

async function start(lies: BmcLies = {}): Promise<SimulatedBmc> {
  const options = { address: "127.0.2.10", seed: "host-b", password, clockMs, random, lies };
  const bmc = await startSimulatedBmc(options);
  started.push(bmc);
  return bmc;
}

async function look(
  bmc: SimulatedBmc,
  differs: { readonly password?: string; readonly timeoutMs?: number } = {},
): Promise<Crawl> {
  const door = openRedfishDoor({
    address: bmc.address,
    port: bmc.redfish.port,
    user: bmc.user,
    password: differs.password ?? password,
    timeoutMs: differs.timeoutMs ?? 5_000,
    clock: systemClock,
  });
  try {
    return await crawl(door, { clock: systemClock, signal: new AbortController().signal });
  } finally {
    door.close();
  }
}

test("a service is read from its root, and says what it draws", async () => {
  const { answers, troubles } = await look(await start());
  expect(troubles).toEqual([]);
  const facts = readRedfish(answers);
  expect(facts.power).toMatchObject({ totalWatts: 248, source: "power-control" });
  expect(facts.systems[0]?.reset).toMatchObject({ source: "action-info" });
  expect(facts.firmware).toMatchObject([{ name: "BMC", version: "2.61" }]);
  expect(facts.oddities).toEqual([]);
});

test("only GET is used, and accounts, sessions and settings are never asked for", async () => {
  const bmc = await start();
  await look(bmc);
  const asked = bmc.redfish.requests();
  expect(asked.filter((one) => !one.startsWith("GET "))).toEqual([]);
  expect(asked.filter((one) => /Account|Session|Network|Entries|Actions\//.test(one))).toEqual([]);
  expect(asked[0]).toBe("GET /redfish/v1/");
});

test("a wrong password is told as such", async () => {
  await expect(look(await start(), { password: "wrong" })).rejects.toMatchObject({
    code: "unauthorised",
  });
});

test.each<[BmcLies, string]>([
  [{ httpStatus: 503 }, "busy"],
  [{ httpStatus: 404 }, "not-redfish"],
  [{ httpSilent: true }, "unreachable"],
])("%j ends as %s", async (lies, code) => {
  await expect(look(await start(lies), { timeoutMs: 150 })).rejects.toMatchObject({ code });
});

test("a collection without end is left after its pages, and the members seen count", async () => {
  const { answers, troubles } = await look(await start({ endlessCollection: true }));
  expect(troubles.join()).toMatch(/it may have no end/);
  expect(answers.length).toBeLessThan(crawlLimits.resourcesMax);
  const pages = answers.filter(({ path }) => path.includes("?$skip="));
  expect(pages).toHaveLength(crawlLimits.pagesMax - 1);
});

test("links that run in a circle are each followed once", async () => {
  const bmc = await start({ linkCircle: true });
  await look(bmc);
  const asked = bmc.redfish.requests();
  expect(new Set(asked).size).toBe(asked.length);
});

test("a body that is too large is left out, the rest is read", async () => {
  const { answers, troubles } = await look(await start({ hugeBodyBytes: 3 * 1024 * 1024 }));
  expect(troubles).toEqual(["/redfish/v1/Chassis/1/Thermal: the answer is too large"]);
  expect(readRedfish(answers).power.totalWatts).toBe(248);
});

test("an error body with status 200 is no resource", async () => {
  const { answers } = await look(await start({ errorAsResource: true }));
  const { power, supplies, oddities } = readRedfish(answers);
  expect([power.totalWatts, supplies]).toEqual([null, []]);
  expect(oddities.map(({ kind }) => kind)).toEqual(["error-body", "broken-link"]);
});

test("a link to another host, up the tree or to a secret place is not followed", async () => {
  const asked: string[] = [];
  const links = [
    "https://example.com/redfish/v1/Systems/1",
    "//example.com/redfish/v1/Systems/1",
    "/redfish/v1/../../etc/passwd",
    "/redfish/v1/Systems/../AccountService",
    "/redfish/v1/AccountService/Accounts/1",
    "/redfish/v1/Systems/1/LogServices/SEL/Entries",
    "/redfish/v1/Systems/1\r\nX-Other: 1",
    "/other",
  ];
  const root = { Systems: { "@odata.id": "/redfish/v1/Systems" } };
  const systems = { Members: links.map((link) => ({ "@odata.id": link })) };
  const found = await crawl(
    {
      get: (path) => {
        asked.push(path);
        const body = path === "/redfish/v1/" ? root : systems;
        return Promise.resolve({ status: 200, text: JSON.stringify(body), isCut: false });
      },
      certificate: () => null,
      close: () => {},
    },
    { clock: systemClock, signal: new AbortController().signal },
  );
  expect(asked).toEqual(["/redfish/v1/", "/redfish/v1/Systems"]);
  expect(found.answers).toHaveLength(2);
});

test("a redirect is not followed; the same path with or without its last slash is tried", async () => {
  const asked: string[] = [];
  const bodies: Readonly<Record<string, unknown>> = {
    "/redfish/v1": { Systems: { "@odata.id": "/redfish/v1/Systems" } },
    "/redfish/v1/Systems/": { Members: [] },
  };
  const found = await crawl(
    {
      get: (path, isKnown) => {
        asked.push(`${path}${isKnown ? " known" : ""}`);
        const body = bodies[path];
        const status = body === undefined ? 308 : 200;
        return Promise.resolve({ status, text: JSON.stringify(body ?? {}), isCut: false });
      },
      certificate: () => null,
      close: () => {},
    },
    { clock: systemClock, signal: new AbortController().signal },
  );
  expect(asked).toEqual([
    "/redfish/v1/",
    "/redfish/v1",
    "/redfish/v1/Systems known",
    "/redfish/v1/Systems/ known",
  ]);
  expect(found.answers.map(({ path, status }) => [path, status])).toEqual([
    ["/redfish/v1", 200],
    ["/redfish/v1/Systems", 200],
  ]);
});
