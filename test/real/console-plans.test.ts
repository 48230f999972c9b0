import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { until } from "#test/support/programs.ts";
import { expectReadable, findFaults, looks } from "./browser/browser.ts";
import { createMadeUpConsole } from "./browser/made-up-console.ts";

// The real API, lifecycle, plans and executor over made-up hosts: test/support/console-dev-life.ts
// says which host is there for what.

const { look, lookAtRefusal, url } = createMadeUpConsole();

/** The page of the one plan with this status, opened from the list. */
async function openPlan(page: Page, status: string, name: string): Promise<void> {
  const row = page.locator("tr[data-plan]").filter({ hasText: status });
  await row.getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

const step = (page: Page, name: string) =>
  page.getByRole("list", { name: "Steps of the drain" }).getByRole("listitem").filter({
    hasText: name,
  });

describe("a host's page", () => {
  test("one that drains shows each step, what was seen, and what it waits for", async () => {
    await look("/hosts/iad1-a02-u02", async (page) => {
      await page.getByRole("heading", { name: /^drain running for/ }).waitFor();
      expect(await step(page, "cordon").textContent()).toMatch(
        /^donecordon.*took under 1 s.*fence epoch 1 acknowledged/,
      );
      expect(await page.locator('[aria-current="step"]').textContent()).toMatch(/evacuate/);
      expect(await step(page, "prove").textContent()).toMatch(/^to come/);
      const waits = page.getByRole("list", { name: "What it waits for" });
      expect(await waits.textContent()).toMatch(/<i>hook<\/i>:ledger.*until in/);
      await waits.locator("code", { hasText: /^npx wws-fleet op cancel / }).waitFor();
      // What the host calls its workloads is text.
      expect(await page.locator("main i").count()).toBe(0);
    });
  });

  test("one that ran into its deadline says who can end the wait, with each command", async () => {
    await look("/hosts/iad1-a02-u04", async (page) => {
      await page.getByRole("heading", { name: "Paused: it waits for a person" }).waitFor();
      const commands = page.getByRole("list", { name: "What it waits for" }).locator("code");
      const texts = await commands.allTextContents();
      for (const verb of ["op resume", "op cancel", "host drain iad1-a02-u04 --force"])
        expect(texts.some((text) => text.startsWith(`npx wws-fleet ${verb} `))).toBe(true);
      const pause = page.getByRole("button", { name: "pause the drain" });
      expect(await pause.isDisabled()).toBe(true);
      await page.getByText("pause: it is paused already").waitFor();
    });
  });

  test("one that is drained takes no new work, and says how it comes back", async () => {
    await look("/hosts/iad1-a02-u06", async (page) => {
      await page.getByText("Takes no new work.").waitFor();
      const why = page.getByRole("list", { name: "Why it takes no new work" });
      // The cordon that the drain set ends with the same command as the drain.
      for (const cause of ["iad1-a02-u06 is drained", "the cordon of a drain"])
        await why
          .getByRole("listitem")
          .filter({ hasText: cause })
          .locator("code", { hasText: "npx wws-fleet host return iad1-a02-u06" })
          .waitFor();
      await page.getByText(/^What may be done:.*return/).click();
      const command = "npx wws-fleet host return iad1-a02-u06 --reason REASON";
      await page.locator(".verbs li > .command code", { hasText: command }).waitFor();
    });
  });

  test("one that is only watched says with which command that ends", async () => {
    await look("/hosts/iad1-a02-u10", async (page) => {
      await page.getByText("Watched only.").waitFor();
      const command = "npx wws-fleet host manage iad1-a02-u10 --reason REASON";
      await page.locator(".notice-info code", { hasText: command }).waitFor();
    });
  });

  test("a hold is released with a reason, and the page follows", async () => {
    await look("/hosts/iad1-a02-u08", async (page) => {
      const holds = page.getByRole("region", { name: "Held" }).getByRole("listitem");
      await holds.nth(1).waitFor();
      expect(await page.locator("main b").count()).toBe(0);
      await page.getByRole("button", { name: "release the protect hold of ada" }).click();
      const reason = page.getByRole("textbox", { name: /^Why release/ });
      const release = page.getByRole("button", { name: "release", exact: true });
      expect(await release.isDisabled()).toBe(true);
      await reason.fill("looked at it");
      await release.click();
      await until("one hold is left", async () => ((await holds.count()) === 1 ? true : undefined));
    });
  });

  test("a drain is paused with a reason and resumed; nothing is asked without one", async () => {
    await look("/hosts/iad1-a02-u02", async (page) => {
      await page.getByRole("button", { name: "pause the drain" }).click();
      await page.getByRole("textbox", { name: "Why pause the drain" }).fill("wait for noon");
      await page.keyboard.press("Enter");
      await page.getByText("paused by developer: wait for noon").waitFor();
      await page.getByRole("heading", { name: /^drain paused/ }).waitFor();
      await page.getByRole("button", { name: "resume the drain" }).click();
      await page.getByRole("textbox", { name: "Why resume the drain" }).fill("it is noon");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: /^drain running/ }).waitFor();
    });
  });
});

describe("plans", () => {
  test("g p leads to the list: what, how far, since when, by whom, and why it waits", async () => {
    await look("/", async (page) => {
      await page.getByRole("heading", { level: 1, name: "Fleet", exact: true }).waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("p");
      await page.waitForURL(`${url()}/plans`);
      const rows = page.locator("tr[data-plan]");
      await rows.nth(2).waitFor();
      expect(await rows.nth(0).textContent()).toMatch(/^Drain 20 hostsapplying1running18waiting/);
      expect(await rows.nth(1).textContent()).toMatch(/planned.*ada<b>new<\/b> kernel$/);
      expect(await rows.nth(2).textContent()).toMatch(/canceled by ada: not this week$/);
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Drain 20 hosts" }).waitFor();
    });
  });

  test("g p that was pressed before the manager had said who is there leads there all the same", async () => {
    await look("/people", async (page) => {
      const answer = Promise.withResolvers<void>();
      await page.route("**/api/v1/session", async (route) => {
        await answer.promise;
        await route.continue();
      });
      await page.goto(`${url()}/`);
      await page.getByRole("heading", { level: 1, name: "WWS Fleet" }).waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("p");
      expect(page.url()).toBe(`${url()}/`);
      answer.resolve();
      await page.waitForURL(`${url()}/plans`);
      await page.getByRole("heading", { level: 1, name: "Plans" }).waitFor();
    });
  });

  test("a plan shows its waves with every reason, and what it does to feeds, classes and tenants", async () => {
    await look("/plans", async (page) => {
      await openPlan(page, "applying", "Drain 20 hosts");
      const hosts = page.locator("tr[data-host]");
      await hosts.nth(19).waitFor();
      const canary = page.locator("tbody", { hasText: /^canary/ });
      await canary.getByText("moving or stopping: systemd:photo-store.service").first().waitFor();
      await page.getByRole("button", { name: /waiting$/ }).click();
      await page.waitForURL(/\?state=waiting$/);
      await until("only those that wait are shown", async () =>
        (await hosts.count()) < 20 ? true : undefined,
      );
      const why = hosts.first().getByText(/comes after the canary/);
      await why.first().click();
      await hosts.first().locator("code", { hasText: "npx wws-fleet plan show" }).waitFor();
      const feeds = page.getByRole("table", { name: "Feeds" }).getByRole("row");
      expect(await feeds.nth(1).textContent()).toMatch(/rack-03.*3\.0 kW.*kWover/);
      const classes = page.getByRole("table", { name: "What can still serve" });
      expect(await classes.getByRole("row").nth(1).textContent()).toMatch(/sjc2/);
      await page.getByText("2 leases out together in sjc2/row-b/rack-03").waitFor();
      await page.getByText("work that was moved away stays where it went").waitFor();
    });
  });

  test("what one console does to a plan another one shows, and a canceled one says why no verb is left", async () => {
    await look("/plans", async (page) => {
      await openPlan(page, "planned", "Reboot 20 hosts");
      await page.locator("code", { hasText: /^npx wws-fleet plan apply [0-9a-f-]{36}$/ }).waitFor();
      expect(await page.getByRole("button", { name: "pause the plan" }).isDisabled()).toBe(true);
      await page.getByText("live", { exact: true }).waitFor();
      await look(new URL(page.url()).pathname, async (other) => {
        await other.getByRole("button", { name: "cancel the plan" }).click();
        await other.getByRole("textbox", { name: "Why cancel the plan" }).fill("another week");
        await other.keyboard.press("Enter");
        await other.getByText("canceled by developer: another week").first().waitFor();
      });
      await page.getByText("canceled by developer: another week").first().waitFor();
      await page.getByText(/pause: it has ended: canceled/).waitFor();
    });
  });

  test("an address of no plan says so", async () => {
    await lookAtRefusal("/plans/nothing", async (page) => {
      await page.getByRole("heading", { name: /: this plan$/ }).waitFor();
      await page.getByText('there is no plan "nothing"').waitFor();
      expect(await findFaults(page)).toEqual([]);
    });
  });
});

test("lists and racks show each life's word with a shape of its own", async () => {
  await look("/hosts?selector=state%3Ddraining", async (page) => {
    const cell = page.locator("tr[data-host]", { hasText: "iad1-a02-u04" });
    await cell.locator(".cell-lifecycle", { hasText: "drainingpaused" }).waitFor();
    await page.goto(`${url()}/racks/iad1~row-a~rack-02?show=lifecycle`);
    await page.getByRole("link", { name: /^u0?6: iad1-a02-u06, drained/ }).waitFor();
    await page.getByRole("link", { name: /^u0?2: iad1-a02-u02, draining/ }).waitFor();
    await page.goto(`${url()}/racks/iad1~row-b~rack-04`);
    await page.locator(".rack-box.is-planned").waitFor();
  });
});

describe.each(looks)("$size, $scheme", (as) => {
  test("axe finds nothing and nothing is wider than the window", async () => {
    await look(
      "/hosts/iad1-a02-u04",
      async (page) => {
        await page.getByRole("button", { name: "resume the drain" }).click();
        await page.getByRole("textbox", { name: "Why resume the drain" }).waitFor();
        await expectReadable(page);
        await page.goto(`${url()}/plans`);
        await page.locator("tr[data-plan]").nth(2).waitFor();
        await openPlan(page, "applying", "Drain 20 hosts");
        await page.getByRole("table", { name: "Feeds" }).waitFor();
        await expectReadable(page);
      },
      as,
    );
  });
});
