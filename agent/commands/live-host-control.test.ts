import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLiveHostControl, noAdapterNote } from "./live-host-control.ts";

const uid = process.getuid?.() ?? 0;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-control-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lookWith(...hooks: readonly string[]) {
  return createLiveHostControl({ systemd: [], hooks, tenantMounts: [], uid }).look();
}

/** Ways in which a hook folder is there and cannot be read, also for root. */
const unreadable: Record<string, (path: string) => void> = {
  "links in a circle": (path) => symlinkSync(path, path),
  "a link to nothing": (path) => symlinkSync(join(folder, "nowhere"), path),
  "a file": (path) => writeFileSync(path, ""),
};

test.each(Object.keys(unreadable))("a hook folder that is %s proves nothing", async (name) => {
  const path = join(folder, "drain.d");
  unreadable[name]?.(path);
  const sight = await lookWith(path, join(folder, "second"));
  expect(sight.unasked).toEqual([expect.stringContaining(`${path} is there and cannot be read`)]);
  expect(sight.note).toBe("");
});

test.each([
  ["a link to nothing", (path: string) => symlinkSync(join(folder, "nowhere"), path)],
  ["a file", (path: string) => writeFileSync(path, "")],
] as const)("%s on the way to it is no absence either", async (_name, make) => {
  make(join(folder, "etc"));
  const sight = await lookWith(join(folder, "etc", "agent", "drain.d"));
  expect(sight.unasked).toHaveLength(1);
});

test("what the system will not look up is no absence", async () => {
  const sight = await lookWith(join(folder, "n".repeat(300), "drain.d"));
  expect(sight.unasked).toEqual([expect.stringContaining("ENAMETOOLONG")]);
});

test("the first folder that is there counts; none there: no adapter, and it says so", async () => {
  mkdirSync(join(folder, "second"));
  writeFileSync(join(folder, "second", "vm"), "#!/bin/sh\n", { mode: 0o644 });
  const sight = await lookWith(join(folder, "first"), join(folder, "second"));
  expect(sight.unasked).toEqual(["hook/vm: it is not executable"]);
  const none = await lookWith(join(folder, "first"), join(folder, "deep", "er"));
  expect(none).toMatchObject({ unasked: [], note: noAdapterNote });
});
