import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
let isSound = true;
beforeEach(async () => {
  world = await createApiWorld({
    store: {
      check: async () => ({
        isSound,
        checks: [{ what: "control store", isSound, detail: isSound ? "ok" : "page 7 is damaged" }],
      }),
      backup: async () => ({ folder: "/data/backups/2026-11-02", files: 4, bytes: 3_145_728 }),
    },
  });
});
afterEach(() => world.close());

const run = (...argv: string[]) => runCommand(world, argv);

test("signin-link prints a link that signs in", async () => {
  const { exitCode, stdout, stderr } = await run("signin-link", "--name", "ana");
  expect([exitCode, stderr]).toEqual([0, "works once, for 15 min\n"]);
  const [, secret = ""] = /^http:\/\/127\.0\.0\.1:7600\/sign-in#(\S+)\n$/.exec(stdout) ?? [];
  expect(await world.parts.people.signIn(secret)).toMatchObject({
    value: { person: { name: "ana" } },
  });
});

describe("store", () => {
  test("check ends with 1 where something is damaged", async () => {
    isSound = true;
    expect(await run("store", "check")).toEqual({
      exitCode: 0,
      stdout: "WHAT           SOUND  DETAIL\ncontrol store  yes    ok\n",
      stderr: "",
    });
    isSound = false;
    const damaged = await run("store", "check", "-o", "json");
    expect(damaged.exitCode).toBe(1);
    expect(JSON.parse(damaged.stdout)).toMatchObject({ isSound: false });
    expect(damaged.stderr).toContain("the store is damaged");
  });

  test("backup prints the folder", async () => {
    expect(await run("store", "backup")).toEqual({
      exitCode: 0,
      stdout: "/data/backups/2026-11-02\n",
      stderr: "4 files, 3.0 MiB\n",
    });
  });
});

describe("config check", () => {
  const check = (problems: readonly string[]) =>
    runCommand(world, ["config", "check", "--config", "f.toml"], {
      local: {
        readSettings: async ({ configFile }) =>
          problems.length > 0
            ? { ok: false, problems }
            : {
                ok: true,
                settings: [
                  { name: "console.port", value: "7700", source: "WWS_PORT" },
                  { name: "cell", value: "main", source: configFile ?? "default" },
                ],
              },
      },
    });

  test("prints each value and where it came from", async () => {
    expect((await check([])).stdout).toBe(
      "SETTING       VALUE  FROM\nconsole.port  7700   WWS_PORT\ncell          main   f.toml\n",
    );
  });

  test("tells everything that is wrong, and ends with 2", async () => {
    expect(await check(["f.toml: unknown key colour", "WWS_PORT: no port"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "wws-fleet: f.toml: unknown key colour\nwws-fleet: WWS_PORT: no port\n",
    });
  });
});

describe("completion", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wws-completion-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ["wws-fleet hos", "host"],
    [
      "wws-fleet host ",
      "list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only --help",
    ],
    ["wws-fleet host list --s", "--sort --search"],
    ["wws-fleet host show host-1 --o", "--output"],
    ["wws-fleet completion ", "bash zsh fish --help"],
  ])("bash completes %j with %s", async (line, expected) => {
    const script = join(folder, "completion.bash");
    writeFileSync(script, (await run("completion", "bash")).stdout);
    const words = line.split(" ");
    const ask = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wws_fleet; echo "\${COMPREPLY[*]}"`;
    const answer = execFileSync("bash", ["-c", ask, "bash", script, ...words], {
      encoding: "utf8",
    });
    expect(answer.trim()).toBe(expected);
  });

  test.each(["zsh", "fish"])("%s gets every command", async (shell) => {
    const { stdout } = await run("completion", shell);
    await expect(stdout).toMatchFileSnapshot(`./golden/completion.${shell}`);
  });
});
