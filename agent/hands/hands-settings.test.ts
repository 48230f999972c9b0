import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHandsSettings } from "./hands-settings.ts";

const isRoot = process.getuid?.() === 0;
let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-hands-"));
  path = join(folder, "agent.toml");
  writeFileSync(path, '[drain]\nsystemd = ["photo-*.service"]\n[hands]\nmay = ["units"]\n');
  chmodSync(path, 0o644);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const messageOf = (): string => {
  try {
    return JSON.stringify(readHandsSettings(path));
  } catch (error) {
    return String(error);
  }
};

test("a file that is root's says what is allowed; anybody else's allows nothing", () => {
  // Who is not root cannot make a file of root's: theirs is the one that is refused.
  const said = isRoot
    ? '{"may":["units"],"systemd":["photo-*.service"],"hooks":"/etc/wws-agent/drain.d"}'
    : "not to root: it allows nothing";
  expect(messageOf()).toContain(said);
  if (isRoot) chownSync(path, 4711, 0);
  expect(messageOf()).toMatch(/belongs to user \d+, not to root: it allows nothing/);
});

test("a file that others may write, or that is not there, allows nothing", () => {
  chmodSync(path, 0o666);
  expect(messageOf()).toContain("it allows nothing");
  rmSync(path);
  expect(messageOf()).toContain("cannot be read (ENOENT): it allows nothing");
});

test("so does one in a folder where another could put another in its place", () => {
  chmodSync(folder, 0o777);
  expect(messageOf()).toMatch(/allows nothing/);
});
