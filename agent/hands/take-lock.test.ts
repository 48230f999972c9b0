import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { takeLock } from "./take-lock.ts";

test("one at a time; what is released is the next one's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wws-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "state", "lock");
  const first = await takeLock(path, 0);
  if (!first.ok) throw new Error(first.problem);
  expect(await takeLock(path, 0)).toEqual({
    ok: false,
    problem: "another order was not over within 0 s",
  });
  const waiting = takeLock(path, 30);
  first.value.release();
  const second = await waiting;
  expect(second.ok).toBe(true);
  if (second.ok) second.value.release();
});
