import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createApiClient } from "#fleet/api/client.ts";
import { createBench, readJsonFile, repositoryRoot, until } from "#test/support/programs.ts";

const bench = createBench();
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
});

/** A program whose every line of output finds the disk full (full(4)). */
function startUnderFullDisk(script: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [join(repositoryRoot, script), ...args], {
    stdio: ["ignore", full, full],
    env: { PATH: process.env["PATH"], WWS_LOG_LEVEL: "debug", ...env },
  });
  closeSync(full);
  children.push(child);
  return child;
}

test("a full disk under their logs stops neither manager nor agent", {
  timeout: 120_000,
}, async () => {
  const data = join(bench.folder(), "data");
  const port = await bench.freePort();
  const manager = startUnderFullDisk("fleet/main.ts", ["serve"], {
    WWS_DATA: data,
    WWS_PORT: String(port),
    WWS_PROFILE: "lab",
  });
  await until("the manager answers", async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/healthz`);
    return status === 200 && existsSync(join(data, "cli.json")) ? true : undefined;
  });
  const { url, token } = readJsonFile(join(data, "cli.json"));
  const client = createApiClient({
    fetch,
    url: String(url),
    token: String(token),
    signal: new AbortController().signal,
  });
  const made = await client.createToken({ kind: "adopt", validMs: 600_000 }, "full-log");
  const agent = startUnderFullDisk("agent/main.ts", ["run"], {
    WWS_MANAGER: `127.0.0.1:${port + 1}`,
    WWS_AGENT_DATA: join(data, "agent"),
    WWS_JOIN_TOKEN: made.token,
  });
  await until("the agent's report is seen", async () => {
    const { items } = await client.hosts({});
    return items[0]?.link.state === "connected" && items[0].lastReportAt !== null
      ? true
      : undefined;
  });
  expect([manager.exitCode, manager.signalCode]).toEqual([null, null]);
  expect([agent.exitCode, agent.signalCode]).toEqual([null, null]);
  for (const child of [agent, manager]) {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  }
});
