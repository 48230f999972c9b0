import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { createBench, until } from "#test/support/programs.ts";
import {
  expectReadable,
  findFaults,
  looks,
  openContext,
  openWatched,
  type SignedIn,
  startBrowser,
} from "./browser/browser.ts";
import { type ConsoleWorld, startWorld } from "./browser/console-world.ts";
import { type Plotted, readPlot, readTable } from "./browser/plotted.ts";

const simulatedHosts = 24;
const position = "eu/fra2/row-z/rack-z1/u12";
const bench = createBench("all");
const usual = { size: "wide", scheme: "dark" } as const;

let browser: Browser;
let world: ConsoleWorld;
let signedIn: SignedIn;

beforeAll(async () => {
  browser = await startBrowser();
  const place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  world = await startWorld(bench, place, simulatedHosts);
  await world.client.placeHost(world.thisMachine.id, position);
}, 300_000);
afterAll(async () => {
  await browser?.close();
});

/** Named exactly: while the manager is asked who is there, "WWS Fleet" stands over the page. */
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name, exact: true });

describe("signing in", () => {
  test("the one-time link signs in, leaves the address, and works once", async () => {
    const context = await openContext(browser, usual);
    const { page, complaints } = await openWatched(context, world.url);
    await page.goto(world.link);
    await heading(page, "Fleet").waitFor();
    expect(page.url()).toBe(`${world.url}/`);
    signedIn = await context.storageState();
    expect(complaints).toEqual([]);

    const again = await openContext(browser, usual);
    const second = await again.newPage();
    await second.goto(world.link);
    await second.getByRole("heading", { name: "This link does not work, or no longer" }).waitFor();
    expect(await second.locator("code").allTextContents()).toEqual(["npx wws-fleet signin-link"]);
    expect(await findFaults(second)).toEqual([]);
    await context.close();
    await again.close();
  });

  test("who is not signed in is told how, and gets to the page that was wanted", async () => {
    const context = await openContext(browser, usual);
    const page = await context.newPage();
    await page.goto(`${world.url}/hosts?selector=site%3Dfra2&sort=-cpu`);
    await heading(page, "Sign in").waitFor();
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    expect(await findFaults(page)).toEqual([]);
    const { url } = await world.client.createSigninLink("tester");
    // Pasted over the address of the page that is open: only the part behind # changes.
    await page.goto(url);
    await heading(page, "Hosts").waitFor();
    expect(page.url()).toBe(`${world.url}/hosts?selector=site%3Dfra2&sort=-cpu`);
    await page.getByRole("button", { name: "sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await page.goto(`${world.url}/racks`);
    await heading(page, "Sign in").waitFor();
    await context.close();
  });
});

/** Every page with what shows that it is complete. */
const pages: readonly {
  readonly name: string;
  readonly path: () => string;
  readonly isComplete: (page: Page) => Promise<unknown>;
}[] = [
  {
    name: "the fleet",
    path: () => "/",
    isComplete: async (page) => {
      await page
        .getByText(`${simulatedHosts + 1} hosts`)
        .first()
        .waitFor();
      await page.getByRole("link", { name: "nrt1", exact: true }).waitFor();
    },
  },
  {
    name: "the racks",
    path: () => "/racks?show=cpu",
    isComplete: async (page) => {
      await page.locator("[data-rack-picture] a").first().waitFor();
    },
  },
  {
    name: "a rack",
    path: () => "/racks/fra2~row-z~rack-z1?show=watts",
    isComplete: async (page) => {
      await page
        .getByRole("link", { name: new RegExp(`^u12: ${world.thisMachine.name}`) })
        .waitFor();
      await page.getByRole("heading", { name: "Supply" }).waitFor();
    },
  },
  {
    name: "the hosts",
    path: () => "/hosts?sort=-cpu",
    isComplete: (page) => page.getByRole("row").nth(10).waitFor(),
  },
  {
    name: "a host",
    path: () => `/hosts/${world.thisMachine.id}?table=memory`,
    isComplete: async (page) => {
      await page.locator('[data-chart="cpu"] canvas').waitFor();
      await page.locator('[data-chart="memory"] tbody tr').first().waitFor();
      await page.getByRole("heading", { name: "What is missing and why" }).waitFor();
    },
  },
];

describe.each(looks)("$size, $scheme", (look) => {
  test.each(pages)("$name: whole, quiet, and axe finds nothing", async ({ path, isComplete }) => {
    const context = await openContext(browser, look, signedIn);
    const { page, complaints, strangers } = await openWatched(context, world.url);
    await page.goto(world.url + path());
    await isComplete(page);
    await page.getByText("live", { exact: true }).waitFor();
    await expectReadable(page);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await context.close();
  });
});

describe("a host's charts", () => {
  /** A range that is over, so that both sides speak of the same points. */
  async function finishedRange(): Promise<{ readonly from: number; readonly to: number }> {
    const to = Math.floor(Date.now() / 1_000) * 1_000;
    const from = to - 60_000;
    await until("the last minute is on the manager's disk", async () => {
      const { lastReportAt } = await world.client.host(world.thisMachine.id);
      return (lastReportAt ?? 0) > to + 15_000 ? true : undefined;
    });
    return { from, to };
  }

  function ask(range: object, metric: string, more: object = {}): Promise<TelemetryAnswer> {
    return world.client.telemetry(world.thisMachine.id, { metric, ...range, step: 1_000, ...more });
  }

  const pointsOf = (answer: TelemetryAnswer): Plotted =>
    new Map(
      (answer.series[0]?.points ?? []).map(([ms], row) => [
        ms,
        answer.series.map((series) => series.points[row]?.[1] ?? null),
      ]),
    );

  test("what is plotted, and what the table says, is what the API answers", async () => {
    const range = await finishedRange();
    const context = await openContext(browser, usual, signedIn);
    const { page, complaints } = await openWatched(context, world.url);
    const address = `${world.url}/hosts/${world.thisMachine.id}?range=5m&from=${range.from}&to=${range.to}`;
    await page.goto(address);
    await page.locator('[data-chart="disk"] canvas').waitFor();

    const cpu = await ask(range, "system.cpu.utilization");
    expect(cpu.series[0]?.points.filter(([, value]) => value !== null).length).toBeGreaterThan(50);
    expect(await readPlot(page, "cpu")).toEqual(pointsOf(cpu));
    const disk = await ask(range, "system.disk.io", { by: "disk.io.direction" });
    expect(disk.series.length).toBeGreaterThanOrEqual(2);
    expect(await readPlot(page, "disk")).toEqual(pointsOf(disk));
    const coverage = page.locator('[data-chart="cpu"] [data-coverage]');
    expect(Number(await coverage.getAttribute("data-coverage"))).toBe(cpu.coverage);

    await page.goto(`${address}&table=cpu,cpu-mode,memory,network`);
    await page.locator('[data-chart="network"] tbody tr').first().waitFor();
    expect(await readTable(page, "cpu")).toEqual(pointsOf(cpu));
    expect(await readTable(page, "memory")).toEqual(
      pointsOf(await ask(range, "system.memory.utilization")),
    );
    expect(await readTable(page, "network")).toEqual(
      pointsOf(await ask(range, "system.network.io", { by: "network.io.direction" })),
    );
    const modes = await ask(range, "system.cpu.utilization", { by: "cpu.mode" });
    const busy = modes.series.filter((one) => one.attributes["cpu.mode"] !== "idle");
    expect(await readTable(page, "cpu-mode")).toEqual(pointsOf({ ...modes, series: busy }));
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("they grow second by second, zoom into the address, and a double click leads back", async () => {
    const context = await openContext(browser, usual, signedIn);
    const { page } = await openWatched(context, world.url);
    await page.goto(`${world.url}/hosts/${world.thisMachine.id}`);
    const newest = page.locator('[data-chart="cpu"] .readout time');
    await newest.waitFor();
    const readMs = async () => Date.parse((await newest.getAttribute("datetime")) ?? "");
    const firstMs = await readMs();
    await until("the newest point is five seconds newer", async () =>
      (await readMs()) >= firstMs + 5_000 ? true : undefined,
    );

    const plot = page.locator('[data-chart="cpu"] .u-over');
    const box = await plot.boundingBox();
    if (box === null) throw new Error("the plot has no place");
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 50, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+/);
    const zoomed = new URL(page.url()).searchParams;
    const spanMs = Number(zoomed.get("to")) - Number(zoomed.get("from"));
    expect(spanMs).toBeGreaterThan(80_000);
    expect(spanMs).toBeLessThan(160_000);
    await page.locator('[data-chart="cpu"] .u-over').dblclick();
    await page.waitForURL((url) => !url.searchParams.has("from"));
    await page.locator('[data-chart="cpu"] .plot').focus();
    await page.keyboard.press("+");
    await page.waitForURL(/from=\d+&to=\d+/);
    await context.close();
  });
});

test("a keyboard is enough: pages, rows, racks, palette, help, and the focus is seen", async () => {
  const context = await openContext(browser, usual, signedIn);
  const { page, complaints } = await openWatched(context, world.url);
  await page.goto(world.url);
  await heading(page, "Fleet").waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");

  await page.keyboard.type("gh");
  await heading(page, "Hosts").waitFor();
  await page.locator("tr[data-host]").nth(3).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const name = await page.locator("tr[data-host] a").first().textContent();
  expect(await focused()).toBe(name);
  const outline = () =>
    page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
  expect(await outline()).toBe("solid");
  await page.keyboard.press("x");
  await page.getByText("1 host selected").waitFor();
  await page.keyboard.press("Enter");
  await heading(page, new RegExp(name ?? "")).waitFor();

  await page.keyboard.type("gr");
  await heading(page, "Racks").waitFor();
  await page.locator("[data-rack-picture] a").first().waitFor();
  await page.locator('[data-rack-picture] [tabindex="0"]').first().focus();
  const unit = () => page.evaluate(() => document.activeElement?.getAttribute("data-unit"));
  const before = Number(await unit());
  await page.keyboard.press("ArrowUp");
  expect(Number(await unit())).toBe(before + 1);
  await page.keyboard.press("ArrowRight");
  expect(Number(await unit())).toBe(before + 1);
  await page.keyboard.press("ArrowDown");
  expect(Number(await unit())).toBe(before);

  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  expect(Number(await unit())).toBe(before);

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("combobox", { name: "Page, site, rack, host or action" });
  await palette.fill(world.thisMachine.name);
  await page
    .getByRole("option", { name: new RegExp(`^${world.thisMachine.name}\\s*host`) })
    .waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await heading(page, world.thisMachine.name).waitFor();

  await page.keyboard.press("/");
  await page.keyboard.type("site=iad1 row-a");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/hosts\?selector=site%3Diad1&q=row-a$/);
  await page.getByRole("button", { name: "site=iad1" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a manager that goes away is told with since when, and live again when it is back", async () => {
  const context = await openContext(browser, usual, signedIn);
  const page = await context.newPage();
  await page.goto(`${world.url}/hosts/${world.thisMachine.id}`);
  await page.locator('[data-chart="cpu"] canvas').waitFor();
  await page.getByText("live", { exact: true }).waitFor();
  world.program.kill("SIGINT");
  await world.program.exited;
  await page.getByText(/^reconnecting since \d+ s$/).waitFor();
  await page.getByText(/^stale since \d\d:\d\d$/).waitFor({ timeout: 60_000 });
  await page.getByRole("region", { name: "Old figures" }).waitFor();
  // The old figures are still there, and they are readable.
  await page.locator('[data-chart="cpu"] canvas').waitFor();
  expect(await findFaults(page)).toEqual([]);
  world = await startWorld(bench, world.place, simulatedHosts);
  await page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });
  expect(await page.getByRole("region", { name: "Old figures" }).count()).toBe(0);
  await context.close();
});
