import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findHooks } from "./hook-folder.ts";
import { whyReplaceable } from "./trusted-path.ts";

const uid = process.getuid?.() ?? 0;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-way-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(path: string, mode: number): string {
  const full = join(folder, path);
  mkdirSync(full);
  chmodSync(full, mode);
  return full;
}

function hookIn(path: string): void {
  writeFileSync(join(path, "vm"), "#!/bin/sh\n");
  chmodSync(join(path, "vm"), 0o755);
}

test("a hook below a folder that others may write is refused, however far up it is", () => {
  const open = make("open", 0o777);
  make("open/agent", 0o755);
  const hooks = make("open/agent/drain.d", 0o755);
  hookIn(hooks);
  const refused = [`hook/vm: ${open} can be written by others (mode 777)`];
  expect(findHooks(hooks, uid)).toEqual({ hooks: [], refused });
  chmodSync(open, 0o755);
  expect(findHooks(hooks, uid).refused).toEqual([]);
  expect(findHooks(hooks, uid).hooks).toHaveLength(1);
});

test("the folders that a link leads through count, on both sides of it", () => {
  const open = make("open", 0o777);
  make("shut", 0o755);
  hookIn(make("shut/drain.d", 0o755));
  symlinkSync("../shut", join(open, "by-name"));
  const why = `${open} can be written by others (mode 777)`;
  expect(findHooks(join(open, "by-name/drain.d"), uid).refused).toEqual([`hook/vm: ${why}`]);
  symlinkSync(join(open, "by-name"), join(folder, "outer"));
  expect(whyReplaceable(join(folder, "outer/drain.d/vm"), uid)).toBe(why);
  chmodSync(open, 0o755);
  expect(whyReplaceable(join(folder, "outer/drain.d/vm"), uid)).toBeNull();
});

test("a sticky folder, such as /tmp, is good enough for what belongs to us", () => {
  const sticky = make("sticky", 0o1777);
  hookIn(make("sticky/drain.d", 0o755));
  expect(whyReplaceable(join(sticky, "drain.d/vm"), uid)).toBeNull();
});

test("a group that has its owner's number is its owner, any other is others", () => {
  const path = make("team", 0o775);
  hookIn(path);
  const gid = process.getgid?.() ?? 0;
  const why = `${path} can be written by others (mode 775)`;
  expect(whyReplaceable(join(path, "vm"), uid)).toBe(gid === uid ? null : why);
});

test("who runs the agent in a home or a temporary folder with usual permissions is not refused", () => {
  for (const path of [tmpdir(), homedir()]) expect(whyReplaceable(path, uid)).toBeNull();
});

test("links in a circle and what is not there are answered, not thrown", () => {
  symlinkSync("circle", join(folder, "circle"));
  expect(whyReplaceable(join(folder, "circle/vm"), uid)).toContain("more than 40 links");
  expect(whyReplaceable(join(folder, "none/vm"), uid)).toContain("ENOENT");
});

/** Only root may give files away; any other user sees root's files instead. */
const foreign = 54_321;
test("what belongs to another user is refused, in a sticky folder too", () => {
  const sticky = make("sticky", 0o1777);
  const theirs = make("sticky/theirs", 0o755);
  hookIn(theirs);
  if (uid !== 0) {
    // Which folder is named first hangs on where temporary folders lie.
    expect(whyReplaceable(join(theirs, "vm"), uid + 1)).toMatch(
      /can be written by others|belongs to user/,
    );
    return;
  }
  chownSync(theirs, foreign, foreign);
  expect(whyReplaceable(join(theirs, "vm"), uid)).toBe(
    `${sticky} can be written by others (mode 1777)`,
  );
  chmodSync(sticky, 0o755);
  expect(whyReplaceable(join(theirs, "vm"), uid)).toBe(
    `${theirs} belongs to user ${foreign}, not to root`,
  );
  expect(whyReplaceable(join(theirs, "vm"), foreign)).toBeNull();
});
