import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBench, until } from "#test/support/programs.ts";
import { findFaults, looks, openContext, openWatched, startBrowser } from "./browser/browser.ts";
import { type MadeUpFleet, signIn, startMadeUpFleet } from "./browser/made-up-console.ts";

// The real API over made-up hosts, without agents: many, odd, late, lost, or none at all.

const bench = createBench("all");
const usual = { size: "wide", scheme: "light" } as const;
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describe("an empty fleet", () => {
  let fleet: MadeUpFleet;
  let context: BrowserContext;
  beforeAll(async () => {
    fleet = await startMadeUpFleet(bench, 0);
    context = await openContext(browser, usual, await signIn(browser, fleet));
  });

  test.each(looks)("says on each page how a host gets here ($size, $scheme)", async (look) => {
    const signedIn = await context.storageState();
    const own = await openContext(browser, look, signedIn);
    const { page, complaints } = await openWatched(own, fleet.url);
    for (const path of ["/", "/hosts"]) {
      await page.goto(fleet.url + path);
      await page.getByRole("heading", { name: "No host yet" }).waitFor();
      expect(await page.locator("code").allTextContents()).toContain("npx wws-fleet enroll token");
      expect(await findFaults(page)).toEqual([]);
    }
    await page.goto(`${fleet.url}/racks`);
    await page.getByRole("heading", { name: "No rack yet" }).waitFor();
    expect(await findFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await own.close();
  });

  test("an address that leads nowhere says what is wrong and what to do", async () => {
    const page = await context.newPage();
    await page.goto(`${fleet.url}/hosts/nobody`);
    await page.getByRole("heading", { name: "There is no such host: this host" }).waitFor();
    await page.getByText("wws-fleet host list -o name").waitFor();
    await page.goto(`${fleet.url}/racks/fra2~row-a~rack-99`);
    await page.getByRole("heading", { name: /^There is no such rack/ }).waitFor();
    await page.goto(`${fleet.url}/nowhere`);
    await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    expect(await findFaults(page)).toEqual([]);
    await page.close();
  });
});

describe("240 hosts, some of them odd", () => {
  let fleet: MadeUpFleet;
  let context: BrowserContext;
  let startedMs = 0;
  beforeAll(async () => {
    startedMs = performance.now();
    fleet = await startMadeUpFleet(bench, 240);
    context = await openContext(browser, usual, await signIn(browser, fleet));
  }, 180_000);

  const rows = (page: Page) => page.locator("tr[data-host]");
  const names = (page: Page) => page.locator("tr[data-host] th a").allTextContents();

  test("the fleet says first what is wrong: who is lost or late, and since when", async () => {
    const { page, complaints } = await openWatched(context, fleet.url);
    await page.goto(fleet.url);
    const attention = page.getByRole("region", { name: /hosts without a link$/ });
    await attention.getByText("lost").first().waitFor();
    const first = await attention.getByRole("listitem").first().textContent();
    // It was silent for seven minutes when its manager started, which is a while ago by now.
    const spentMinutes = Math.ceil((performance.now() - startedMs) / 60_000);
    const minutes = Number(/^lostfor (\d+) min/.exec(first ?? "")?.[1]);
    expect(minutes).toBeGreaterThanOrEqual(7);
    expect(minutes).toBeLessThanOrEqual(7 + spentMinutes);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("what a host calls itself is text, wherever it is shown", async () => {
    const { page, complaints } = await openWatched(context, fleet.url);
    await page.goto(`${fleet.url}/hosts?q=evil`);
    const link = page.getByRole("link", { name: "<b onclick=alert(1)>evil</b>" });
    await link.click();
    await page.getByRole("heading", { level: 1, name: /^<b onclick/ }).waitFor();
    await page.goto(`${fleet.url}/racks/iad1~row-a~rack-01`);
    await page.getByRole("link", { name: /<b onclick=alert\(1\)>evil<\/b>/ }).waitFor();
    expect(await page.locator("main b").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("the list is filtered, sorted and paged by the manager, and all of it is in the address", async () => {
    const { page, complaints } = await openWatched(context, fleet.url);
    await page.goto(`${fleet.url}/hosts`);
    await page.getByText("240 hosts").waitFor();
    // 100 were asked for, and those in view are in the page.
    expect(await rows(page).count()).toBeLessThan(70);
    await page.getByRole("button", { name: "Power" }).click();
    await page.waitForURL(/\?sort=-power$/);
    await page
      .getByRole("columnheader", { name: "Power" })
      .and(page.locator("[aria-sort=descending]"))
      .waitFor();
    const powers = await until("the list is sorted by power", async () => {
      const cells = await page.locator("tr[data-host] .cell-power").allTextContents();
      const watts = cells.slice(0, 20).map((text) => Number.parseFloat(text));
      return watts.every((value, index) => index === 0 || value <= (watts[index - 1] ?? 0) + 40)
        ? watts
        : undefined;
    });
    expect(powers[0]).toBeGreaterThan(300);

    await page.getByRole("button", { name: /^Name/ }).click();
    await page.getByRole("searchbox", { name: /Words to look for/ }).fill("rack-02 site=sjc2");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\?selector=site%3Dsjc2&q=rack-02$/);
    await page.getByText("20 hosts match").waitFor();
    const shown = await names(page);
    expect(shown.every((name) => name.startsWith("sjc2-a02-"))).toBe(true);
    await page.getByRole("combobox", { name: "Add a filter" }).selectOption("link=lost");
    await page.getByRole("heading", { name: "No host matches" }).waitFor();
    await page.getByRole("button", { name: "show all hosts" }).click();
    await page.getByText("240 hosts").waitFor();

    await page.getByRole("button", { name: "show more, 100 of 240 are here" }).click();
    await page.getByRole("button", { name: "show more, 200 of 240 are here" }).click();
    await until("all pages are here", async () =>
      (await page.getByRole("button", { name: /^(show more|loading)/ }).count()) === 0
        ? true
        : undefined,
    );
    await page.keyboard.press("End");
    await page.locator('tr[aria-rowindex="241"]').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("of changes in one breath, before any of them is drawn, none is lost", async () => {
    const { page, complaints } = await openWatched(context, fleet.url);
    await page.goto(`${fleet.url}/hosts?q=rack-02`);
    await page.getByText(/^[0-9]+ hosts match$/).waitFor();
    await page.evaluate(() => {
      const press = (text: string): void => {
        for (const button of document.querySelectorAll<HTMLElement>("th button")) {
          if (button.textContent.startsWith(text)) button.click();
        }
      };
      const choose = document.querySelector<HTMLSelectElement>("select[aria-label='Add a filter']");
      press("Power");
      for (const value of ["site=sjc2", "link=connected"]) {
        if (choose !== null) choose.value = value;
        choose?.dispatchEvent(new Event("change", { bubbles: true }));
      }
      press("Power");
    });
    await page.waitForURL(/\?selector=site%3Dsjc2%2Clink%3Dconnected&q=rack-02&sort=power$/);
    await page.getByText(/^[0-9]+ hosts match$/).waitFor();
    // What another hand takes away from the address leaves the field too.
    await page.getByRole("searchbox", { name: /Words to look for/ }).fill("rack-0");
    await page.getByRole("searchbox", { name: /Words to look for/ }).fill("rack-02 nowhere");
    await page.getByRole("button", { name: "show all hosts" }).click();
    await page.getByText("240 hosts").waitFor();
    expect(await page.getByRole("searchbox", { name: /Words to look for/ }).inputValue()).toBe("");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("figures change in place: no row moves and nothing shifts while they do", async () => {
    const page = await context.newPage();
    await page.goto(`${fleet.url}/hosts?selector=link%3Dconnected`);
    await rows(page).nth(20).waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    await page.evaluate(() => {
      const shifts: number[] = [];
      Reflect.set(window, "shifts", shifts);
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, "value")));
      }).observe({ type: "layout-shift" });
    });
    const before = await names(page);
    const figures = () => page.locator("tr[data-host] .cell-cpu").allTextContents();
    const first = await figures();
    await until("ten CPU figures have changed", async () => {
      const now = await figures();
      return now.filter((text, index) => text !== first[index]).length >= 10 ? true : undefined;
    });
    expect(await names(page)).toEqual(before);
    // A digit more is a hair's breadth; a row that jumps is a hundred times as much.
    const shifted = await page.evaluate(() => {
      const shifts: unknown = Reflect.get(window, "shifts");
      return Array.isArray(shifts) ? shifts.reduce((sum, shift) => sum + Number(shift), 0) : null;
    });
    expect(shifted).toBeLessThan(0.000_1);
    await page.close();
  });

  test.each(looks)("many rows and racks: axe finds nothing ($size, $scheme)", async (look) => {
    const own = await openContext(browser, look, await context.storageState());
    const { page, complaints } = await openWatched(own, fleet.url);
    await page.goto(`${fleet.url}/racks?site=iad1&show=temperature&q=u1`);
    await page.locator("[data-rack-picture] a").nth(10).waitFor();
    expect(await findFaults(page)).toEqual([]);
    await page.goto(`${fleet.url}/hosts?selector=site%3Diad1&sort=-temperature`);
    await rows(page).nth(10).waitFor();
    await rows(page).first().getByRole("checkbox").check();
    await page.getByText("1 host selected").waitFor();
    expect(await findFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await own.close();
  });

  test("a session that ends in the middle says so, and what was shown is put away", async () => {
    const own = await openContext(browser, usual, await context.storageState());
    const page = await own.newPage();
    await page.goto(`${fleet.url}/hosts?sort=-power`);
    await rows(page).first().waitFor();
    await own.clearCookies();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.getByText(/^Your session has ended/).waitFor();
    expect(await page.locator("tr").count()).toBe(0);
    expect(await findFaults(page)).toEqual([]);
    await own.close();
  });
});
