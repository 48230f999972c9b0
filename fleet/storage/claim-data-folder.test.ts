import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDataFolder } from "./claim-data-folder.ts";
import { StoreError } from "./store-error.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-claim-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const holder = { pid: process.pid, release: "0.1.0" };

function refusalOf(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** A process of its own that claims the folder, says so, and waits to be ended. */
async function claimElsewhere(path: string) {
  const module = JSON.stringify(new URL("./claim-data-folder.ts", import.meta.url).href);
  const code = `
    const { claimDataFolder } = await import(${module});
    const claimed = claimDataFolder(${JSON.stringify(path)}, { pid: process.pid, release: "0.1.0" });
    process.stdout.write("claimed");
    // Kept, as a manager keeps it: collected as garbage it would give the folder back.
    process.on("SIGTERM", () => claimed.release());
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("a folder is made, private, and belongs to one claim at a time", () => {
  const path = join(folder, "deep/data");
  const claimed = claimDataFolder(path, holder);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, "manager.lock")).mode & 0o777).toBe(0o600);
  const refusal = refusalOf(() => claimDataFolder(path, holder));
  expect(refusal.code).toBe("STORE_IN_USE");
  expect(refusal.message).toContain(`process ${process.pid}`);
  claimed.release();
  claimDataFolder(path, holder).release();
});

test("a second process is told who has the folder; a kill -9 of the first leaves nothing behind", async () => {
  const first = await claimElsewhere(folder);
  const refusal = refusalOf(() => claimDataFolder(folder, holder));
  expect(refusal.message).toContain(`process ${first.pid}`);
  expect(refusal.message).toContain("WWS_DATA");
  const gone = once(first, "exit");
  first.kill("SIGKILL");
  await gone;
  claimDataFolder(folder, holder).release();
});

test("a folder of a newer format is refused with both versions, and is not touched", () => {
  claimDataFolder(folder, holder).release();
  const newer = '{"format":7,"writtenBy":"9.1.0"}';
  writeFileSync(join(folder, "format.json"), newer);
  const refusal = refusalOf(() => claimDataFolder(folder, holder));
  expect(refusal.code).toBe("STORE_NEWER");
  expect(refusal.message).toMatch(/format 7, written by wws-fleet 9\.1\.0.*wws-fleet 0\.1\.0/);
  expect(readFileSync(join(folder, "format.json"), "utf8")).toBe(newer);
  // The claim was given back.
  writeFileSync(join(folder, "format.json"), '{"format":1}');
  claimDataFolder(folder, holder).release();
});

test("a path that is a file is refused with what to do", () => {
  const path = join(folder, "file");
  writeFileSync(path, "");
  expect(refusalOf(() => claimDataFolder(path, holder)).message).toContain("WWS_DATA");
  expect(refusalOf(() => claimDataFolder(join(path, "below"), holder)).code).toBe("STORE_FAILED");
});

test.each(["/proc/self/wws-data", "/sys/wws-data"])("%s is refused with what to do", (path) => {
  const refusal = refusalOf(() => claimDataFolder(path, holder));
  expect(refusal.code).toBe("STORE_FAILED");
  expect(refusal.message).toContain(path);
  expect(refusal.message).toContain("WWS_DATA");
});
