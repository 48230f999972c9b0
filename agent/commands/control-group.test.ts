import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasProcesses } from "./control-group.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wws-cgroup-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const group = "/system.slice/photo.service";
function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test.each(["", "/unified"])("the unified hierarchy at %j says it in a word", (hierarchy) => {
  const events = `${hierarchy}${group}/cgroup.events`;
  write(events, "populated 1\nfrozen 0\n");
  expect(hasProcesses(group, root)).toBe(true);
  write(events, "populated 0\nfrozen 0\n");
  expect(hasProcesses(group, root)).toBe(false);
  write(events, "");
  expect(hasProcesses(group, root)).toBe(true);
});

test("in the old hierarchy systemd's own is counted, with what is below", () => {
  write(`/systemd${group}/cgroup.procs`, "");
  expect(hasProcesses(group, root)).toBe(false);
  write(`/systemd${group}/worker/cgroup.procs`, "4711\n");
  expect(hasProcesses(group, root)).toBe(true);
});

test("a group that is gone is empty, one that cannot be read is not", () => {
  expect(hasProcesses(group, root)).toBe(false);
  mkdirSync(join(root, group, "cgroup.events"), { recursive: true });
  expect(hasProcesses(group, root)).toBe(true);
});
