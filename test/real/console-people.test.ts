import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { until } from "#test/support/programs.ts";
import { expectReadable, findFaults, looks } from "./browser/browser.ts";
import { createMadeUpConsole } from "./browser/made-up-console.ts";

// The real API over made-up hosts: people, the audit and the freeze, as somebody with every role.

const { look, lookAsNobody, url } = createMadeUpConsole();

/** Presses a button, types why, and does it. */
async function because(page: Page, verb: string, of: string, why: string): Promise<void> {
  await page.getByRole("button", { name: `${verb} ${of}`, exact: true }).click();
  await page.getByRole("textbox", { name: `Why ${verb} ${of}` }).fill(why);
  await page.keyboard.press("Enter");
}

describe("people", () => {
  test("one is added, given a role and disabled, and what they may is told", async () => {
    await look("/people", async (page) => {
      await page.getByText("add a person").click();
      await page.getByLabel("name", { exact: true }).fill("bob");
      await because(page, "add", "a person", "joins the night shift");
      const bob = page.locator('[data-user="bob"]');
      await bob.getByText("may do nothing").waitFor();
      await bob.getByText("give a role").click();
      await bob.getByLabel("Role for bob").selectOption("operator");
      await bob.getByLabel("Where bob has it").fill("site=iad1");
      await because(page, "give", "operator to bob", "looks after iad1");
      await bob.getByText("operator for site=iad1", { exact: false }).first().waitFor();
      await because(page, "disable", "bob", "left us");
      await bob.getByText(/^disabled/).waitFor();
    });
  });

  test("whoever decides for nobody else sees their own tokens, and why not the rest", async () => {
    const password = "correct horse battery";
    await look("/people", async (page) => {
      const post = (path: string, body: object) =>
        page.evaluate(
          async ([to, text]) => {
            const headers = { "content-type": "application/json" };
            const answer = await fetch(`/api/v1${to}`, {
              method: "POST",
              headers,
              body: text ?? "",
            });
            return answer.status;
          },
          [path, JSON.stringify(body)],
        );
      const grants = [{ role: "viewer", scope: "site=iad1" }];
      expect(await post("/users", { name: "vera", grants, reason: "looks" })).toBe(201);
      expect(await post("/users/vera/password", { password, reason: "hers" })).toBe(200);
    });
    await lookAsNobody("/people", async (page) => {
      await page.getByLabel("name", { exact: true }).fill("vera");
      await page.getByLabel("password", { exact: true }).fill("wrong horse battery");
      await page.getByRole("button", { name: "sign in" }).click();
      await page.getByRole("alert").getByText("open no session").waitFor();
      await page.getByLabel("password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "sign in" }).click();
      await page.getByText("Who there is, you do not see").waitFor();
      await page.getByRole("button", { name: "freeze", exact: true }).click();
      const freeze = page.getByRole("button", { name: "freeze the cell", exact: true });
      expect(await freeze.isDisabled()).toBe(true);
      await page.getByText(/freeze: your roles do not let you/).waitFor();
      await page.keyboard.press("Escape");
      await page.goto(`${url()}/audit`);
      await page
        .getByText(/no role with "audit"/)
        .first()
        .waitFor();
      await page.goto(`${url()}/hosts`);
      await page.locator("text=iad1-").first().waitFor();
      expect(await page.locator("text=/sjc2-|nrt1-|fra2-/").count()).toBe(0);
    });
  });
});

describe("the audit", () => {
  test("says that it is whole, and its filters stand in the address", async () => {
    await look("/audit", async (page) => {
      await page.getByText(/^Whole: \d+ records follow each other/).waitFor();
      await page.getByLabel("outcome").selectOption("denied");
      await page.waitForURL(/outcome=denied/);
      const rows = page.locator("tr[data-seq]");
      await until("only denials are shown", async () => {
        const shown = await rows.evaluateAll((all) =>
          all.map((row) => row.getAttribute("data-outcome")),
        );
        return shown.length > 0 && shown.every((one) => one === "denied") ? true : undefined;
      });
      await page.getByLabel("who").fill("nobody-at-all");
      await page.keyboard.press("Enter");
      await page.getByText("Nothing of that kind").waitFor();
      await page.goto(`${url()}/audit?action=user.add`);
      await rows.first().locator("summary").click();
      await rows.first().getByText("SHA-256").waitFor();
    });
  });
});

test("frozen with a reason, it stands over every page until it is lifted", async () => {
  await look("/hosts", async (page) => {
    await page.getByText("live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "freeze", exact: true }).click();
    await because(page, "freeze", "the cell", "smoke in row b");
    const note = page.getByRole("region", { name: "The cell is frozen" });
    await note.getByText(/smoke in row b/).waitFor();
    await look("/plans", async (other) => {
      const seen = other.getByRole("region", { name: "The cell is frozen" });
      await seen.getByText(/by developer.*smoke in row b/).waitFor();
      expect(await findFaults(other)).toEqual([]);
      await because(other, "lift", "the freeze", "it was a toaster");
      await seen.waitFor({ state: "detached" });
    });
    await note.waitFor({ state: "detached" });
  });
});

describe.each(looks)("$size, $scheme", (as) => {
  test("axe finds nothing and nothing is wider than the window", async () => {
    await look(
      "/audit",
      async (page) => {
        await page.locator("tr[data-seq]").first().waitFor();
        await expectReadable(page);
        await page.goto(`${url()}/people`);
        await page.locator("[data-user]").first().waitFor();
        await page.getByText("give a role").first().click();
        await expectReadable(page);
        await page.getByRole("button", { name: "freeze", exact: true }).click();
        await page.getByRole("dialog").waitFor();
        await expectReadable(page);
      },
      as,
    );
    // Nobody is signed in here: the browser itself remarks on the 401.
    await lookAsNobody(
      "/sign-in",
      async (page) => {
        await page.getByLabel("password", { exact: true }).waitFor();
        expect(await findFaults(page)).toEqual([]);
      },
      as,
    );
  });
});
