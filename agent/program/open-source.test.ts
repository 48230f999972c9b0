import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createLooker } from "#agent/looker/looker.ts";
import { serveLooker } from "#agent/looker/looker-server.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { openSource, type SourceParts } from "./open-source.ts";

const question = {
  tool: "perccli64",
  args: ["/call", "show", "all", "J"],
  timeoutMs: 5_000,
} as const;
const answer = { exitCode: 0, stdout: '{"Controllers":[]}', stderr: "" };

/** Where a looker's socket would be; with one, it answers the question above. */
async function makeSocket({ hasLooker }: { readonly hasLooker: boolean }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "wws-open-source-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "s");
  if (!hasLooker) return path;
  const source = createMemorySource();
  source.putTool([question.tool, ...question.args], answer);
  const refuse = (asked: string) =>
    fail({ kind: "missing", path: asked, errno: "ENOENT" } as const);
  const files = { read: refuse, list: refuse, link: refuse, openEnergy: refuse };
  const server = serveLooker(
    { path },
    {
      looker: createLooker({ source, files, clock: systemClock }),
      clock: systemClock,
      idleMs: 60_000,
      onIdle: () => {},
    },
  );
  onTestFinished(() => server.close());
  await server.listening;
  return path;
}

const ordinary = { root: "/", clock: systemClock, uid: 1_000 } satisfies Partial<SourceParts>;

test("an ordinary user's look asks the looker where there is one", async () => {
  const socketPath = await makeSocket({ hasLooker: true });
  const opened = openSource({ ...ordinary, asksLooker: "where-it-is", socketPath });
  await opened.prepare();
  expect(opened.isLookerClosed).toBe(false);
  expect(await opened.source.runTool(question)).toEqual(ok(answer));
});

test("where there is none, a look runs the tools itself and hears which package is missing", async () => {
  const socketPath = await makeSocket({ hasLooker: false });
  const opened = openSource({ ...ordinary, asksLooker: "where-it-is", socketPath });
  await opened.prepare();
  expect(opened.isLookerClosed).toBe(false);
  expect(await opened.source.runTool(question)).toMatchObject({ problem: { kind: "missing" } });
});

test("the service asks always, for its looker may come later", async () => {
  const socketPath = await makeSocket({ hasLooker: false });
  const { source } = openSource({ ...ordinary, asksLooker: "always", socketPath });
  expect(await source.runTool(question)).toMatchObject({
    problem: { kind: "denied", detail: expect.stringContaining("wws-looker.socket") },
  });
});

test("root, and whoever looks at another root, sees with its own eyes", async () => {
  const socketPath = await makeSocket({ hasLooker: true });
  for (const own of [{ uid: 0 }, { root: "/nowhere" }]) {
    const { source } = openSource({ ...ordinary, ...own, asksLooker: "always", socketPath });
    expect(await source.runTool(question)).toMatchObject({ problem: { kind: "missing" } });
  }
});
