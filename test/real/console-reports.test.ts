import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { until } from "#test/support/programs.ts";
import { expectReadable, findFaults, looks } from "./browser/browser.ts";
import { createMadeUpConsole } from "./browser/made-up-console.ts";

const { look, lookAtRefusal, url } = createMadeUpConsole();

/** The same question of the API, as the browser's session. */
async function ask(
  page: Page,
  path: string,
): Promise<{ rows: Record<string, unknown>[]; total: Record<string, unknown> }> {
  const answer = await page.request.get(`${url()}/api/v1/reports/${path}`);
  expect(answer.status()).toBe(200);
  return await answer.json();
}

describe("the page of reports", () => {
  test("the rail leads to it; each row of the capacity is what the API says, and they add up", async () => {
    await look("/", async (page) => {
      await page.getByRole("link", { name: "Reports" }).click();
      const table = page.getByRole("table", { name: "capacity, by site, class" });
      await table.waitFor();
      const { rows, total } = await ask(page, "capacity");
      const shown = table.locator("tbody tr");
      expect(await shown.count()).toBe(rows.length);
      const [first] = rows;
      const cells = await shown.first().locator("th, td").allTextContents();
      expect(cells.slice(0, 3)).toEqual([
        first?.["site"],
        first?.["class"],
        String(first?.["hosts"]),
      ]);
      const sums = await table.locator("tfoot td").allTextContents();
      expect(sums).toContain(String(total["hosts"]));
      expect(await shown.first().getByRole("img").textContent()).toMatch(/of \d+ can serve/);
    });
  });

  test("what is chosen stands in the address, and a link shows the same", async () => {
    await look("/reports", async (page) => {
      await page.getByRole("button", { name: "power" }).click();
      await page.locator("select").and(page.getByLabel("by")).selectOption("site");
      await page.getByLabel("over").selectOption("6h");
      await page.getByRole("textbox", { name: "of" }).fill("region=na");
      await page.waitForURL(/report=power.*group=site.*window=6h.*selector=region%3Dna/);
      await page.getByRole("table", { name: "power, by site" }).waitFor();
      const there = page.url();
      await page.goto(`${url()}/reports`);
      await page.getByRole("table", { name: "capacity, by site, class" }).waitFor();
      await page.goto(there);
      const table = page.getByRole("table", { name: "power, by site" });
      await table.waitFor();
      const { rows } = await ask(page, "power?group=site&window=6h&selector=region%3Dna");
      expect(await table.locator("tbody tr").count()).toBe(rows.length);
    });
  });

  test("all columns are there on demand, with unknown ones as a dash", async () => {
    await look("/reports", async (page) => {
      const heads = page.locator(".report-table thead th");
      await heads.first().waitFor();
      const few = await heads.count();
      await page.getByRole("button", { name: "all columns" }).click();
      await page.waitForURL(/columns=all/);
      await until("more columns", async () => ((await heads.count()) > few ? true : undefined));
      expect(await page.locator(".report-table tbody").textContent()).toContain("–");
    });
  });

  test("it is a file in four forms", async () => {
    await look("/reports?group=site", async (page) => {
      const waiting = page.waitForEvent("download");
      await page.getByRole("link", { name: "csv" }).click();
      const file = await waiting;
      expect(file.suggestedFilename()).toMatch(/^capacity-.*Z\.csv$/);
      for (const form of ["json", "html", "parquet"])
        expect(await page.getByRole("link", { name: form }).getAttribute("href")).toBe(
          `/api/v1/reports/capacity?group=site&format=${form}`,
        );
    });
  });

  test("a selector that means nothing has no rows, one that is none says what to do", async () => {
    await look("/reports?selector=site%3Dnone%2Cclass%3Dnothing", async (page) => {
      await page.getByRole("heading", { name: "No rows" }).waitFor();
    });
    await lookAtRefusal("/reports?selector=colour%3Dred", async (page) => {
      await page.getByRole("heading", { name: /: this report$/ }).waitFor();
      await page.getByText('"colour" is no key of a selector').waitFor();
      expect(await findFaults(page)).toEqual([]);
    });
  });
});

describe.each(looks)("$size, $scheme", (as) => {
  test("axe finds nothing and nothing is wider than the window", async () => {
    await look(
      "/reports",
      async (page) => {
        for (const path of ["", "?report=power&columns=all", "?report=failures"]) {
          await page.goto(`${url()}/reports${path}`);
          await page.locator(".report-table, .notice").first().waitFor();
          await expectReadable(page);
        }
      },
      as,
    );
  });
});
