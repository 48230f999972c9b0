import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditEntry } from "#test/support/life-builders.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  for (let number = 1; number <= 3; number += 1)
    await world.store.audit.append(
      auditEntry("hold.add", {
        actor: number === 2 ? "bob\u001b[2J" : "ada",
        reason: "looks odd",
        facts: { number, kind: "cordon" },
      }),
    );
});
afterEach(() => world.close());

const run = (...argv: string[]) => runCommand(world, argv);

describe("audit list", () => {
  test("prints who did what, newest first", async () => {
    const { exitCode, stdout, stderr } = await run("audit", "list", "--limit", "2");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")).toEqual([
      "SEQ  TIME                  ACTOR    ACTION    OUTCOME  SUBJECT  FACTS                 REASON",
      "  3  2026-11-02T08:00:00Z  ada      hold.add  done     host-1   kind=cordon number=3  looks odd",
      "  2  2026-11-02T08:00:00Z  bob\ufffd[2J  hold.add  done     host-1   kind=cordon number=2  looks odd",
      "",
    ]);
    expect(stdout).not.toContain("\u001b");
  });

  test("of one person, as JSON, one name a line, or as CSV", async () => {
    const { stdout } = await run("audit", "list", "--actor", "ada", "-o", "json");
    expect(JSON.parse(stdout).items).toMatchObject([{ seq: 3 }, { seq: 1 }]);
    expect((await run("audit", "list", "-o", "name")).stdout).toBe("3\n2\n1\n");
    expect((await run("audit", "list", "-o", "csv")).stdout).toMatch(/^seq,time,actor,action/);
  });

  test("goes on over pages until it has as many as were asked for", async () => {
    for (let number = 0; number < 600; number += 1)
      await world.store.audit.append(auditEntry(`more.${number}`));
    const { stdout } = await run("audit", "list", "--limit", "602", "-o", "name");
    expect(stdout.trim().split("\n")).toHaveLength(602);
  });

  test("says where nothing is found", async () => {
    expect(await run("audit", "list", "--subject", "nobody")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "nothing of that is in the audit\n",
    });
  });
});

describe("audit verify", () => {
  test("says that it is whole, and where it ends", async () => {
    const { exitCode, stdout } = await run("audit", "verify");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^whole: 3 records, the last [0-9a-f]{64}, 0 exported heads confirmed\n$/,
    );
  });

  test("needs --store for --heads", async () => {
    const { exitCode, stderr } = await run("audit", "verify", "--heads", "x");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--heads goes with --store");
  });
});
