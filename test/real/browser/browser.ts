import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

/** Debian's chromium; `npm run setup:real` brings it. */
const chromiumPath = "/usr/bin/chromium";

export const sizes = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
} as const;
export type Look = {
  readonly size: keyof typeof sizes;
  readonly scheme: "dark" | "light";
};
export const looks: readonly Look[] = [
  { size: "wide", scheme: "dark" },
  { size: "wide", scheme: "light" },
  { size: "narrow", scheme: "dark" },
  { size: "narrow", scheme: "light" },
];

export async function startBrowser(): Promise<Browser> {
  if (!existsSync(chromiumPath)) {
    throw new Error(`${chromiumPath} is missing; install it: npm run setup:real`);
  }
  return await chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export type SignedIn = Awaited<ReturnType<BrowserContext["storageState"]>>;

export async function openContext(
  browser: Browser,
  look: Look,
  signedIn?: SignedIn,
): Promise<BrowserContext> {
  return await browser.newContext({
    viewport: sizes[look.size],
    colorScheme: look.scheme,
    reducedMotion: "reduce",
    ...(signedIn === undefined ? {} : { storageState: signedIn }),
  });
}

/** What a page must never do; collected while it is used. */
export interface Watched {
  readonly page: Page;
  /** Errors and warnings in the console, uncaught errors, refused styles and scripts. */
  readonly complaints: readonly string[];
  /** Requests that went to another origin than the manager's. */
  readonly strangers: readonly string[];
}

export async function openWatched(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) strangers.push(request.url());
  });
  await page.exposeFunction("noteViolation", (text: string) => complaints.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const note: unknown = Reflect.get(window, "noteViolation");
      if (typeof note === "function") note(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, complaints, strangers };
}

/**
 * What axe finds wrong by all of its rules, one line each: rule, what it says, where. Nothing of the
 * console is in a frame of another origin, so axe runs in the page itself and not over a second one;
 * and what is in order is not described node by node. Together a quarter of the time.
 */
export async function findFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

/** Somebody can read it: axe finds nothing, and nothing is wider than the window. */
export async function expectReadable(page: Page): Promise<void> {
  expect(await findFaults(page)).toEqual([]);
  const overflowPixels = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflowPixels).toBeLessThanOrEqual(0);
}
