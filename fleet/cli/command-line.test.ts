import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { createTestTerminal, fetchFrom, runCommand } from "#test/support/test-terminal.ts";
import { runCommandLine } from "./command-line.ts";

let world: ApiWorld;
let folder: string;
beforeEach(async () => {
  world = await createApiWorld();
  await world.addHost(1);
  folder = mkdtempSync(join(tmpdir(), "wws-cli-"));
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

function writeCliJson(content: unknown, below = "data"): string {
  mkdirSync(join(folder, below), { recursive: true });
  const path = join(folder, below, "cli.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const url = "http://127.0.0.1:7600";
const run = (
  env: Record<string, string>,
  argv: readonly string[] = ["host", "list", "-o", "name"],
) => runCommand(world, argv, { env, folder });

describe("where the manager is", () => {
  test("./data/cli.json is found", async () => {
    writeCliJson({ url, token: world.token });
    expect(await run({})).toEqual({ exitCode: 0, stdout: "host-1\n", stderr: "" });
  });

  test("WWS_DATA moves it, WWS_URL and WWS_TOKEN go before it", async () => {
    writeCliJson({ url, token: world.token }, "elsewhere");
    expect((await run({ WWS_DATA: join(folder, "elsewhere") })).exitCode).toBe(0);
    expect((await run({ WWS_DATA: join(folder, "elsewhere"), WWS_TOKEN: "wrong" })).exitCode).toBe(
      4,
    );
  });

  test("a token out of the file does not go to another manager", async () => {
    const path = writeCliJson({ url, token: world.token });
    const sent: (string | null)[] = [];
    const { terminal, stderr } = createTestTerminal(world.clock, {
      env: { WWS_URL: "http://10.0.0.9:7600" },
      folder,
      fetch: (input, init) => {
        sent.push(new Headers(init?.headers).get("authorization"));
        return fetchFrom(world.api)(String(input).replace("10.0.0.9", "127.0.0.1"), init);
      },
    });
    expect(await runCommandLine(["host", "list"], terminal)).toBe(4);
    expect(sent).toEqual([null]);
    expect(stderr()).toContain(`no token was sent: neither WWS_TOKEN nor ${path} gives one for it`);
  });

  test.each([
    ["not json", /holds no \{"url", "token"\}/],
    [{ url: "http://x" }, /holds no/],
    [{ url: "ftp://x", token: "t" }, /"ftp:\/\/x" is no address/],
  ])("a file that holds %j is told", async (content, message) => {
    writeCliJson(content);
    const { exitCode, stderr } = await run({});
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
  });
});

describe("how it ends", () => {
  test("8 where nobody answers, with the address and where it came from", async () => {
    const { terminal, stderr } = createTestTerminal(world.clock, { folder });
    expect(await runCommandLine(["host", "list"], terminal)).toBe(8);
    expect(stderr()).toBe(
      `wws-fleet: http://127.0.0.1:7600 does not answer (connect ECONNREFUSED)
  the address is the usual one; there is no ${folder}/data/cli.json; start the manager with \`npm start\`, or set WWS_URL
`,
    );
  });

  test("4 with a wrong token, and whose token that was", async () => {
    const { exitCode, stderr } = await run({ WWS_URL: url, WWS_TOKEN: "wrong" });
    expect(exitCode).toBe(4);
    expect(stderr).toBe(
      "wws-fleet: the bearer token is not known here or its time is over\n" +
        "  the token is from WWS_TOKEN; it may belong to another manager or be too old\n",
    );
  });

  test("130 after Ctrl-C", async () => {
    const interruption = new AbortController();
    const { terminal, stdout, stderr } = createTestTerminal(world.clock, {
      env: { WWS_URL: url },
      signal: interruption.signal,
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
          interruption.abort(new Error("interrupted"));
        }),
    });
    expect(await runCommandLine(["host", "list"], terminal)).toBe(130);
    expect([stdout(), stderr()]).toEqual(["", "wws-fleet: interrupted\n"]);
  });

  test("1 where something else than a manager answers", async () => {
    const { terminal, stderr } = createTestTerminal(world.clock, {
      env: { WWS_URL: url },
      fetch: async () => new Response("<html>nginx</html>", { status: 200 }),
    });
    expect(await runCommandLine(["host", "list"], terminal)).toBe(1);
    expect(stderr()).toContain("is that a manager?");
  });

  test("1 where the answer has another form", async () => {
    const { terminal, stderr } = createTestTerminal(world.clock, {
      env: { WWS_URL: url },
      fetch: async () => Response.json({ items: [{ name: 5 }], nextCursor: null, total: 1 }),
    });
    expect(await runCommandLine(["host", "list"], terminal)).toBe(1);
    expect(stderr()).toContain("another form than expected");
  });

  test.each([[[]], [["nonsense"]], [["host"]], [["host", "show"]], [["host", "nonsense"]]])(
    "2 with a hint for %j",
    async (argv) => {
      const { exitCode, stdout, stderr } = await run({ WWS_URL: url }, argv);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).not.toBe("");
    },
  );

  test("0 for help, which is data", async () => {
    const { exitCode, stdout, stderr } = await run({}, ["--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    await expect(stdout).toMatchFileSnapshot("./golden/help.txt");
  });
});

test("serve is handed to the program that can", async () => {
  const asked: unknown[] = [];
  const { terminal } = createTestTerminal(world.clock, {
    local: {
      serve: async (args) => {
        asked.push(args);
        return 7;
      },
    },
  });
  expect(await runCommandLine(["serve", "--port", "7700"], terminal)).toBe(7);
  expect(asked).toEqual([["--port", "7700"]]);
});
