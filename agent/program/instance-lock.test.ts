import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findInstance, takeInstanceLock } from "./instance-lock.ts";

let folder = "";
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-lock-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that holds the lock until it is killed; answers when it has, or has not. */
async function holder(): Promise<{ child: ChildProcess; said: string }> {
  const module = new URL("./instance-lock.ts", import.meta.url).href;
  const program = `
    const { takeInstanceLock } = await import(${JSON.stringify(module)});
    process.stdout.write(takeInstanceLock(${JSON.stringify(folder)}).kind);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said) };
}

test("the first has it, the second is told whose it is", async () => {
  const { child, said } = await holder();
  expect(said).toBe("held");
  expect(takeInstanceLock(folder)).toEqual({ kind: "taken", pid: child.pid });
  expect(findInstance(folder)?.pid).toBe(child.pid);
});

test("kill -9 leaves nothing that stands in the way", async () => {
  const { child } = await holder();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(findInstance(folder)).toBeNull();
  const answer = takeInstanceLock(folder);
  expect(answer.kind).toBe("held");
  expect(findInstance(folder)?.pid).toBe(process.pid);
  if (answer.kind === "held") answer.lock.release();
  expect(findInstance(folder)).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

test("another process of the same number, or of another boot, is not the owner", async () => {
  const { child } = await holder();
  const path = join(folder, "agent.lock");
  const owner = JSON.parse(readFileSync(path, "utf8"));
  child.kill("SIGKILL");
  await once(child, "exit");
  for (const wrong of [
    { ...owner, pid: process.pid },
    { ...owner, pid: 1 },
    { ...owner, bootId: "another" },
  ]) {
    writeFileSync(path, JSON.stringify(wrong));
    expect(findInstance(folder)).toBeNull();
  }
});

test("a lock that is damaged is nobody's", () => {
  for (const text of ["", "{", "[]", '"x"', '{"pid":"1"}']) {
    writeFileSync(join(folder, "agent.lock"), text);
    const answer = takeInstanceLock(folder);
    expect(answer.kind).toBe("held");
    if (answer.kind === "held") answer.lock.release();
  }
});

test("of many that start at once over a dead one's lock, one has it", async () => {
  const dead = await holder();
  dead.child.kill("SIGKILL");
  await once(dead.child, "exit");
  const answers = await Promise.all(Array.from({ length: 6 }, () => holder()));
  const held = answers.filter(({ said }) => said === "held");
  expect(held.length).toBe(1);
  expect(findInstance(folder)?.pid).toBe(held[0]?.child.pid);
});

test("a disk that takes nothing keeps nobody from reporting, unless somebody else does", async () => {
  const full = (): never => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  };
  expect(takeInstanceLock(folder, full)).toMatchObject({ kind: "unwritten" });
  expect(readdirSync(folder)).toEqual([]);
  const { child } = await holder();
  expect(takeInstanceLock(folder, full)).toEqual({ kind: "taken", pid: child.pid });
});

test("a folder that may not be used is an error", () => {
  writeFileSync(join(folder, "a-file"), "");
  expect(() => takeInstanceLock(join(folder, "a-file"))).toThrow(/EEXIST|ENOTDIR/);
});
