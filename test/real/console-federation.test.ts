import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBench, until } from "#test/support/programs.ts";
import { startReplayedHosts } from "#test/support/replayed-hosts.ts";
import {
  environmentOf,
  type ManagerPlace,
  openRunning,
  type RunningManager,
  startServe,
} from "#test/support/running-manager.ts";
import {
  expectReadable,
  looks,
  openContext,
  openWatched,
  type SignedIn,
  startBrowser,
} from "./browser/browser.ts";

// Two cells with simulated hosts; one of them is killed, and the pages of the view are read.

const bench = createBench("all");
let browser: Browser;
let federation: RunningManager;
let signedIn: SignedIn;
const hosts: { stop(): Promise<void> }[] = [];
const lab = { WWS_PROFILE: "lab" };

beforeAll(async () => {
  browser = await startBrowser();
  const na = await startCell("na", "iad1");
  const eu = await startCell("eu", "fra2");
  const tokens = join(bench.folder(), "tokens");
  const lines = [na, eu].map(({ url, token }) => `${url} ${token}\n`).join("");
  writeFileSync(tokens, lines, { mode: 0o600 });
  const place = await newPlace();
  const args = ["serve", "--federate", `${na.url},${eu.url}`];
  const program = bench.start("fleet/main.ts", args, {
    ...environmentOf(place),
    ...lab,
    WWS_FEDERATE_TOKENS: tokens,
  });
  await until("the federation listens", () =>
    program.stdout().includes('"federation listens"') ? true : undefined,
  );
  federation = openRunning(program, place);
  await until("all of it is read", async () => {
    const { items } = await federation.client.cells();
    return items.every((cell) => cell.hosts === 3) ? true : undefined;
  });
  const { url: link } = await federation.client.createSigninLink("operator");
  const context = await openContext(browser, { size: "wide", scheme: "light" });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: "Fleet", exact: true }).waitFor();
  expect(await page.locator("[data-blind]").count()).toBe(0);
  // The page that is open is told when a cell falls silent.
  eu.program.kill("SIGKILL");
  await eu.program.exited;
  await page.locator('[data-blind="eu"]').waitFor({ timeout: 30_000 });
  signedIn = await context.storageState();
  await context.close();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all(hosts.map((some) => some.stop()));
});

/** What a page says of the blind cell, beside the note that stands over every page. */
const pages: readonly (readonly [string, string, (page: Page) => Promise<void>])[] = [
  [
    "the fleet",
    "/",
    async (page) => {
      const row = page.getByRole("row").filter({ hasText: "fra2" });
      await row.locator(".blind-mark", { hasText: "eu" }).waitFor();
      expect(await row.getAttribute("class")).toContain("is-blind");
      const heard = page.getByRole("row").filter({ hasText: "iad1" });
      expect(await heard.getAttribute("class")).toBe("");
    },
  ],
  [
    "the host list",
    "/hosts",
    async (page) => {
      const row = page.locator("tr[data-host]").filter({ hasText: "fra2-a01-u01" });
      await row.locator(".blind-mark", { hasText: "eu" }).waitFor();
      expect(await row.getAttribute("class")).toContain("is-blind");
      expect(await page.locator("tr[data-host].is-blind").count()).toBe(3);
      expect(await page.locator("tr[data-host]").count()).toBe(6);
    },
  ],
  [
    "a rack",
    "/racks/fra2~row-a~rack-01",
    async (page) => {
      await page.locator(".page-head").locator(".blind-mark").waitFor();
      await page.locator(".is-blind svg").first().waitFor();
      await page.locator("svg text", { hasText: "fra2-a01-u02" }).first().waitFor();
    },
  ],
  [
    "a host of the blind cell",
    "/hosts/fra2-a01-u01",
    async (page) => {
      await page.locator(".page-head").locator(".blind-mark").waitFor();
      await page.locator(".is-blind .figure:visible").first().waitFor();
    },
  ],
];

describe.each(looks)("$size, $scheme", (as) => {
  test.each(pages)(
    "%s says which cell is blind since when, and reads well",
    async (_, path, see) => {
      const context = await openContext(browser, as, signedIn);
      const { page, complaints, strangers } = await openWatched(context, federation.url);
      await page.goto(federation.url + path);
      const note = page.locator('[data-blind="eu"]');
      await note.getByText(/Cell eu is not heard since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/).waitFor();
      await note.getByText(/nothing listens there/).waitFor();
      await see(page);
      await expectReadable(page);
      // What is not kept of a silent cell is refused, and the browser says so by itself.
      expect(complaints.filter((line) => !line.includes("503"))).toEqual([]);
      expect(strangers).toEqual([]);
      await context.close();
    },
  );
});

test("what could be changed stands disabled, with a link to the cell's own console", async () => {
  const context = await openContext(browser, { size: "wide", scheme: "light" }, signedIn);
  const page = await context.newPage();
  await page.goto(`${federation.url}/hosts/iad1-a01-u01`);
  const move = page.getByRole("button", { name: "move" });
  await move.waitFor();
  expect(await move.isDisabled()).toBe(true);
  expect(await move.getAttribute("title")).toContain("changes nothing");
  await page.getByText(/^What may be done:/).click();
  const drain = page.locator(".verbs code", { hasText: "host drain iad1-a01-u01" });
  expect(await drain.textContent()).toMatch(
    /^WWS_URL=http:\/\/127\.0\.0\.1:\d+ npx wws-fleet host drain iad1-a01-u01 --reason REASON$/,
  );
  await context.close();
});

async function newPlace(): Promise<ManagerPlace> {
  return { data: join(bench.folder(), "data"), port: await bench.freePort() };
}

async function startCell(name: "na" | "eu", site: string): Promise<RunningManager> {
  const place = await newPlace();
  const manager = await startServe(bench, place, { ...lab, WWS_CELL: name, WWS_REGION: name });
  hosts.push(
    startReplayedHosts({
      hosts: [1, 2, 3].map((unit) => ({
        name: `${site}-a01-u0${unit}`,
        position: `${name}/${site}/row-a/rack-01/u0${unit}`,
        fixture: "example-w1-32c-4nvme",
      })),
      client: manager.client,
      agentsPort: place.port + 1,
      data: join(bench.folder(), "hosts"),
    }),
  );
  await until(`the hosts of ${name} report`, async () => {
    const { items } = await manager.client.hosts({});
    return items.filter((host) => host.lastReportAt !== null).length === 3 ? true : undefined;
  });
  return manager;
}
