import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { type Bench, createBench, until } from "#test/support/programs.ts";
import {
  type Look,
  openContext,
  openWatched,
  type SignedIn,
  startBrowser,
  type Watched,
} from "./browser.ts";

/**
 * The console in a browser over the real API, lifecycle, plans, alerts and reports of hosts that are
 * made up (test/support/console-dev-life.ts says which host is there for what), signed in as
 * somebody with every role. There from before the first test of a file until after its last.
 */
export interface MadeUpConsole {
  /** The manager's address, as the origin of every page. */
  url(): string;
  /** Opens a page, and closes it when the test has looked; it may complain of nothing meanwhile. */
  look(path: string, at: (page: Page) => Promise<void>, as?: Look): Promise<void>;
  /** The same without that: for pages of which the browser itself remarks on a refusal. */
  lookAtRefusal(path: string, at: (page: Page) => Promise<void>, as?: Look): Promise<void>;
  /** The same, signed in as nobody. */
  lookAsNobody(path: string, at: (page: Page) => Promise<void>, as?: Look): Promise<void>;
}

export const usualLook: Look = { size: "wide", scheme: "light" };

export function createMadeUpConsole(hosts = 160): MadeUpConsole {
  const bench = createBench("all");
  let browser: Browser | undefined;
  let url = "";
  let signedIn: SignedIn | undefined;

  beforeAll(async () => {
    const starting = startBrowser();
    const fleet = await startMadeUpFleet(bench, hosts);
    browser = await starting;
    url = fleet.url;
    signedIn = await signIn(browser, fleet);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
  });

  const open = async (
    path: string,
    as: Look,
    who: SignedIn | undefined,
    at: (watched: Watched) => Promise<void>,
  ): Promise<void> => {
    if (browser === undefined) throw new Error("a page was opened before there was a browser");
    const context = await openContext(browser, as, who);
    const watched = await openWatched(context, url);
    try {
      await watched.page.goto(url + path);
      await at(watched);
    } finally {
      await context.close();
    }
  };
  return {
    url: () => url,
    look: (path, at, as = usualLook) =>
      open(path, as, signedIn, async ({ page, complaints, strangers }) => {
        await at(page);
        expect(complaints).toEqual([]);
        expect(strangers).toEqual([]);
      }),
    lookAtRefusal: (path, at, as = usualLook) => open(path, as, signedIn, ({ page }) => at(page)),
    lookAsNobody: (path, at, as = usualLook) => open(path, as, undefined, ({ page }) => at(page)),
  };
}

export interface MadeUpFleet {
  readonly url: string;
  /** Signs in, once. */
  readonly link: string;
}

/** The manager of so many made-up hosts, in a process of its own. */
export async function startMadeUpFleet(bench: Bench, hosts: number): Promise<MadeUpFleet> {
  const port = await bench.freePort();
  const program = bench.start("test/support/console-dev-server.ts", [String(hosts), String(port)]);
  const link = await until(
    `${hosts} made-up hosts`,
    () => /http:\/\/\S+\/sign-in#\S+/.exec(program.stdout())?.[0],
    120_000,
  );
  return { url: new URL(link).origin, link };
}

/** What a browser keeps of somebody who followed the link. */
export async function signIn(browser: Browser, fleet: MadeUpFleet): Promise<SignedIn> {
  const context = await openContext(browser, usualLook);
  const page = await context.newPage();
  await page.goto(fleet.link);
  // Exactly: while the manager is asked who is there, the heading is "WWS Fleet".
  await page.getByRole("heading", { level: 1, name: "Fleet", exact: true }).waitFor();
  const signedIn = await context.storageState();
  await context.close();
  return signedIn;
}
