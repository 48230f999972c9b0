import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Bench, createBench, type ProgramEnd, until } from "#test/support/programs.ts";
import { type RunningManager, startServe } from "#test/support/running-manager.ts";

const bench: Bench = createBench();
const forAll: Bench = createBench("all");
let running: RunningManager;
const limits = { timeout: 120_000 };
let key = 0;

beforeAll(async () => {
  running = await startServe(forAll, {
    data: join(forAll.folder(), "data"),
    port: await forAll.freePort(),
  });
});

/** `wws-agent enroll` against the real manager, the token by the environment. */
function enroll(token: string, data = bench.folder()): Promise<ProgramEnd> {
  return bench.run("agent/main.ts", ["enroll"], agentEnvironment(data, token));
}

function agentEnvironment(data: string, token?: string) {
  return {
    WWS_MANAGER: `127.0.0.1:${running.port + 1}`,
    WWS_AGENT_DATA: data,
    ...(token === undefined ? {} : { WWS_JOIN_TOKEN: token }),
  };
}

async function knows(name: string): Promise<boolean> {
  const { items } = await running.client.hosts({});
  return items.some((host) => host.name === name);
}

function newKey(): string {
  key += 1;
  return `key-${key}`;
}

test(
  "a token enrols one host under its name and position, and then it is used",
  limits,
  async () => {
    const { token } = await running.client.createToken(
      { kind: "host", hostName: "db-1", position: "eu/fra2/row-a/rack-01/u12" },
      newKey(),
    );
    const first = await enroll(token);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(" db-1 main") });
    expect(await running.client.host("db-1")).toMatchObject({
      name: "db-1",
      adopted: false,
      position: { region: "eu", site: "fra2", row: "row-a", rack: "rack-01", unit: 12 },
      link: { state: "never" },
    });
    const second = await enroll(token);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("this token was used before");
    expect(second.stderr).toContain("wws-fleet enroll token");
  },
);

test(
  "a wrong token and one of another manager are told apart, and a stranger is told nothing",
  limits,
  async () => {
    const { token } = await running.client.createToken({ kind: "host", hostName: "a" }, newKey());
    const [version, secret, caHash] = token.split(".");
    const wrong = await enroll(`${version}.${"A".repeat(43)}.${caHash}`);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("this token is not known here");
    const foreign = await enroll(`${version}.${secret}.${"A".repeat(43)}`);
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toContain("not trusted, nothing was said to it");
    // The secret was not given away: the token still works.
    expect((await enroll(token)).code).toBe(0);
  },
);

test("an expired token is told as such", limits, async () => {
  const { token, expiresMs } = await running.client.createToken(
    { kind: "host", hostName: "late", validMs: 1_000 },
    newKey(),
  );
  await until("the token's time is over", () => (Date.now() > expiresMs ? true : undefined));
  const late = await enroll(token);
  expect(late.code).toBe(1);
  expect(late.stderr).toContain("this token's time is over");
});

test(
  "a machine waits in pending until an operator approves it with a position, then it reports",
  limits,
  async () => {
    const { token } = await running.client.createToken({ kind: "pending", uses: 2 }, newKey());
    const data = bench.folder();
    const agent = bench.start("agent/main.ts", ["run"], agentEnvironment(data, token));
    const waiting = await until("it waits in pending", async () => {
      const { items } = await running.client.pending();
      return items[0];
    });
    expect(waiting.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(await knows("web-1")).toBe(false);
    await running.client.approve(
      waiting.id,
      { hostName: "web-1", position: "na/iad1/row-a/rack-01/u3" },
      newKey(),
    );
    const host = await until("the approved host reports", async () => {
      const found = await running.client.host("web-1");
      return found.lastReportAt === null ? undefined : found;
    });
    expect(host).toMatchObject({ phase: "active", position: { site: "iad1", unit: 3 } });
    expect((await running.client.pending()).items).toEqual([]);

    await running.client.removeHost("web-1", "enrolled by mistake");
    const end = await agent.exited;
    expect(end.code).toBe(4);
    expect(end.stderr).toContain("an operator removed this host");
    expect(await knows("web-1")).toBe(false);
  },
);

test("a manager that is not there is told as such", limits, async () => {
  const { token } = await running.client.createToken({ kind: "host", hostName: "a" }, newKey());
  running.program.kill("SIGKILL");
  await running.program.exited;
  const end = await enroll(token);
  expect(end.code).toBe(8);
  expect(end.stderr).toContain("cannot be reached");
});
