import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectReadable, looks } from "./browser/browser.ts";
import { createMadeUpConsole } from "./browser/made-up-console.ts";

// The real API and alerts over made-up hosts, as in console-plans.test.ts: a drain that ran into its
// deadline is what somebody must look at.

const { look } = createMadeUpConsole();

const drain = (page: Page) =>
  page.locator('.inbox > li[data-alert="drain-deadline"]', { hasText: "iad1-a02-u04" });

describe.each(looks)("$size, $scheme", (as) => {
  test("the inbox shows what is wrong; axe finds nothing, nothing is wider than the window", async () => {
    await look(
      "/inbox",
      async (page) => {
        await drain(page).waitFor();
        await page.getByRole("button", { name: /^silence 1 h .*iad1-a02-u04/ }).click();
        await page.getByRole("textbox", { name: /^Why silence 1 h/ }).waitFor();
        await expectReadable(page);
        const folder = process.env["WWS_PICTURES"];
        if (folder !== undefined)
          await page.screenshot({ path: `${folder}/inbox-${as.size}-${as.scheme}.png` });
      },
      as,
    );
  });
});

test("what, since when, where and what to do stand there; the rail counts it", async () => {
  await look("/", async (page) => {
    const item = page.getByRole("navigation", { name: "Pages" }).getByRole("link", {
      name: /^Inbox/,
    });
    await item.locator(".rail-count").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
    const entry = drain(page);
    await entry.getByText("warn", { exact: true }).waitFor();
    await entry.getByText(/since .* ago/).waitFor();
    await entry.locator("code", { hasText: /^npx wws-fleet / }).waitFor();
    await entry.getByRole("link", { name: "iad1-a02-u04" }).waitFor();
    // What a host calls its workloads is text.
    expect(await page.locator("main i").count()).toBe(0);
  });
});

test("it is silenced and acknowledged with a reason, and nothing is asked without one", async () => {
  await look("/inbox", async (page) => {
    const entry = drain(page);
    await entry.getByRole("button", { name: /^silence 8 h/ }).click();
    const send = entry.getByRole("button", { name: "silence 8 h", exact: true });
    expect(await send.isDisabled()).toBe(true);
    await entry.getByRole("textbox").fill("the tenant knows");
    await page.keyboard.press("Enter");
    await entry.getByText("not told: developer: the tenant knows").waitFor();
    await entry.getByRole("button", { name: /^acknowledge/ }).click();
    await entry.getByRole("textbox").fill("on my way");
    await page.keyboard.press("Enter");
    await entry.getByText(/acknowledged by developer .*: on my way/).waitFor();
    await entry.getByText("acknowledge: developer has looked already").waitFor();
    await page.getByRole("link", { name: "resolved", exact: true }).click();
    await page.getByRole("heading", { name: /^Nothing was resolved/ }).waitFor();
  });
});
