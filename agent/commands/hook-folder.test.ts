import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "#test/support/agent-process.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { findHooks } from "./hook-folder.ts";

const uid = process.getuid?.() ?? 0;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-hooks-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function hook(name: string, script: string, mode = 0o755): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, mode);
}

function only() {
  const { hooks, refused } = findHooks(folder, uid);
  const [first] = hooks;
  if (first === undefined) throw new Error(`no hook: ${refused.join()}`);
  return first;
}

const name = { operationId: "01930000-0000-7000-8000-00000000000a" as OperationId, epoch: 7 };

test("a hook is told verb and JSON, and what it lists is taken", async () => {
  hook(
    "vm",
    `cat > ${folder}/../said-$$; mv ${folder}/../said-$$ ${folder}/.said
echo '{"workloads":[{"name":"guest-1","state":"running","detail":"2 GiB"}]}'`,
  );
  expect(await only().list()).toEqual({
    workloads: [{ name: "guest-1", state: "running", detail: "2 GiB" }],
    problem: null,
  });
  expect(JSON.parse(readFileSync(join(folder, ".said"), "utf8"))).toEqual({
    version: 1,
    verb: "list",
  });
  const ask = { ...name, deadlineMs: unixMs(5_000), graceMs: 100, isHard: true };
  await only().evacuate({ ...ask, workloads: ["guest-1"] }, new AbortController().signal);
  expect(JSON.parse(readFileSync(join(folder, ".said"), "utf8"))).toEqual({
    version: 1,
    verb: "evacuate",
    operation: name.operationId,
    epoch: 7,
    deadline_unix_ms: 5_000,
    grace_ms: 100,
    force: true,
    workloads: ["guest-1"],
  });
});

test.each([
  ["exit 3", "list: exit code 3"],
  ["echo no connection >&2; exit 1", "list: exit code 1: no connection"],
  ["echo nonsense", "printed what is not JSON"],
  ["echo '[]'", 'printed no {"workloads": [...]}'],
  [`echo '{"workloads":[{"name":"a","state":"fine"}]}'`, "gave a a state that is none of"],
  [
    `echo '{"workloads":[{"name":"a","state":"stopped"},{"name":"a","state":"running"}]}'`,
    "listed a twice",
  ],
  [`echo '{"workloads":[{"state":"stopped"}]}'`, "listed one without a name"],
  ["head -c 2000000 /dev/zero", "list: printed more than 1048576 bytes"],
  ["kill -9 $$", "list: was ended by SIGKILL"],
])("%s proves nothing", async (script, problem) => {
  hook("vm", script);
  const sight = await only().list();
  expect(sight.workloads).toEqual([]);
  expect(sight.problem).toContain(problem);
});

test("what a hook leaves behind in its group ends with it; what left the group lives on", async () => {
  hook(
    "vm",
    `(sleep 60; touch ${folder}/late) & echo $! > ${folder}/.inside
setsid sleep 60 </dev/null >/dev/null 2>&1 & echo $! > ${folder}/.outside`,
  );
  expect(await only().fence(name)).toEqual([]);
  const isAlive = (file: string): boolean =>
    existsSync(`/proc/${readFileSync(join(folder, file), "utf8").trim()}/cmdline`) &&
    readFileSync(`/proc/${readFileSync(join(folder, file), "utf8").trim()}/cmdline`, "utf8") !== "";
  await until("it has ended", () => !isAlive(".inside"));
  expect(isAlive(".outside")).toBe(true);
  process.kill(Number(readFileSync(join(folder, ".outside"), "utf8")), "SIGKILL");
});

test("an evacuation that is called off ends its hook", async () => {
  hook("vm", "sleep 60");
  const end = new AbortController();
  const ask = { ...name, deadlineMs: unixMs(5_000), graceMs: 60_000, isHard: false };
  const done = only().evacuate({ ...ask, workloads: ["a"] }, end.signal);
  end.abort();
  expect(await done).toEqual(["evacuate: was called off"]);
});

test("files that others may change, links, and what is no program are refused and told", () => {
  hook("written", "true", 0o777);
  hook("plain", "true", 0o644);
  hook("bad name", "true");
  symlinkSync("/bin/true", join(folder, "link"));
  mkdirSync(join(folder, "folder"));
  hook("good", "true");
  writeFileSync(join(folder, ".hidden"), "");
  const { hooks, refused } = findHooks(folder, uid);
  expect(hooks.map((one) => one.name)).toEqual(["hook/good"]);
  expect(refused).toEqual([
    "hook/bad name: its name has other characters than letters, digits, _ . -",
    "hook/folder: it is not a file",
    "hook/link: it is a link; put the file itself there",
    "hook/plain: it is not executable",
    "hook/written: it can be written by others (mode 777)",
  ]);
  chmodSync(folder, 0o777);
  expect(findHooks(folder, uid).refused).toContain(
    "hook/good: its folder can be written by others (mode 777)",
  );
  chmodSync(folder, 0o755);
  expect(findHooks(folder, uid + 1).hooks.length).toBe(uid === 0 ? 1 : 0);
});

test("no folder means no hooks, too many files are a mistake", () => {
  expect(findHooks(join(folder, "none"), uid)).toEqual({ hooks: [], refused: [] });
  for (let index = 0; index < 17; index += 1) hook(`h${index}`, "true");
  expect(findHooks(folder, uid).refused).toEqual([`${folder} holds more than 16 files`]);
});
