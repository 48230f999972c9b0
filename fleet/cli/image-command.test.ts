import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTestTerminal } from "#test/support/test-terminal.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { runCommandLine } from "./command-line.ts";
import { exitCodes } from "./exit-codes.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wws-image-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function build(folder: string, ...words: string[]) {
  const { terminal, ...seen } = createTestTerminal(createVirtualClock(), {});
  const code = await runCommandLine(["image", "build", "out", ...words], { ...terminal, folder });
  return { code, ...seen };
}

test("without a package of the agent it says which command makes one", async () => {
  const { code, stderr } = await build(emptyFolder());
  expect(code).toBe(exitCodes.usage);
  expect(stderr()).toContain("npm run package");
});

test("of two packages it takes neither", async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "dist"));
  for (const version of ["1", "2"])
    writeFileSync(join(folder, `dist/wws-agent_${version}_amd64.deb`), "");
  const { code, stderr } = await build(folder);
  expect(code).toBe(exitCodes.usage);
  expect(stderr()).toContain("more than one");
});

test("a package that is not there is told before anything is fetched", async () => {
  const { code, stderr } = await build(emptyFolder(), "--agent", "nothing.deb");
  expect(code).toBe(exitCodes.failed);
  expect(stderr()).toContain("nothing.deb is not there");
});

test("a name that would be a path is refused", async () => {
  const { code } = await build(emptyFolder(), "--name", "../etc");
  expect(code).toBe(exitCodes.usage);
});
