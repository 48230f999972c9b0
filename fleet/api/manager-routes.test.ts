import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";

let world: ApiWorld;
let folder: string;
const state = { isReady: false };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wws-console-"));
  world = await createApiWorld({
    consoleFolder: folder,
    ready: () => ({ ...state, waitingFor: state.isReady ? [] : ["the listeners"] }),
    figures: { agentSessions: () => 3, fsyncMsP99: () => 4 },
    store: {
      check: async () => ({ isSound: false, checks: [] }),
      backup: () => Promise.reject(new Error("no space left on the disk")),
    },
  });
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const page = (url: string, accept = "text/html,*/*") =>
  world.api.inject({ url, headers: { host: "localhost", accept } });

test("the process is alive under whatever name one asks; ready is another question", async () => {
  const ask = (url: string) => world.api.inject({ url, headers: { host: "10.1.2.3" } });
  expect((await ask("/healthz")).json()).toEqual({ status: "ok", release: "0.1.0" });
  state.isReady = false;
  const before = await ask("/readyz");
  expect([before.statusCode, before.json()]).toEqual([
    503,
    { isReady: false, waitingFor: ["the listeners"] },
  ]);
  state.isReady = true;
  expect((await ask("/readyz")).statusCode).toBe(200);
});

test("the manager's own metrics, by route and never by address", async () => {
  const id = await world.addHost(1);
  await world.measure(id, [{ metric: "system.cpu.utilization", values: [0.5, 0.6] }]);
  await world.get("/api/v1/hosts/host-1");
  await world.get("/api/v1/nothing-1");
  const answer = await world.api.inject({ url: "/metrics", headers: asToken(world.token) });
  expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  for (const line of [
    'wws_build_info{release="0.1.0"} 1',
    'wws_hosts{link="connected"} 1',
    "wws_reports_total 1",
    "wws_samples_total 2",
    "wws_duplicate_reports_total 0",
    "wws_agent_sessions 3",
    "wws_fsync_p99_seconds 0.004",
    'wws_http_requests_total{method="GET",route="/api/v1/hosts/:id",status="200"} 1',
  ]) {
    expect(answer.body).toContain(`${line}\n`);
  }
  expect(answer.body).not.toContain("nothing-1");
});

test("a store that cannot be backed up says why", async () => {
  const answer = await world.api.inject({
    method: "POST",
    url: "/api/v1/store/backup",
    headers: asToken(world.token),
    payload: {},
  });
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({
    code: "store-failed",
    detail: "no space left on the disk",
  });
  expect((await world.get("/api/v1/store/check")).body).toEqual({ isSound: false, checks: [] });
});

describe("the console", () => {
  test("that is not built says how to build it", async () => {
    const answer = await page("/");
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain("npm run console:build");
  });

  test("is served: pages fresh each time, files with a hash for ever", async () => {
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>console</title>");
    writeFileSync(join(folder, "assets/main-1a2b3c.js"), "export {};");
    for (const url of ["/", "/hosts/host-1?tab=inventory", "/sign-in"]) {
      const answer = await page(url);
      expect([url, answer.statusCode, answer.headers["cache-control"]]).toEqual([
        url,
        200,
        "no-cache",
      ]);
      expect(answer.body).toContain("<title>console</title>");
      expect(answer.headers["content-security-policy"]).toContain("script-src 'self';");
      expect(answer.headers["content-security-policy"]).not.toContain("unsafe");
    }
    const file = await page("/assets/main-1a2b3c.js", "*/*");
    expect(file.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(file.headers["content-type"]).toContain("javascript");
  });

  test("has no page for a file that is missing, nor for what lies outside", async () => {
    writeFileSync(join(folder, "index.html"), "<!doctype html>");
    expect((await page("/assets/gone.js", "*/*")).statusCode).toBe(404);
    for (const url of ["/../package.json", "/%2e%2e/%2e%2e/etc/passwd", "/.git/config"]) {
      const answer = await page(url, "*/*");
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
    }
  });
});
