import type { ChildProcessByStdio } from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import { expect, test } from "vitest";
import { runChild } from "./child.ts";

type Child = ChildProcessByStdio<null, Readable, Readable>;

test("a child that not even SIGKILL ends is told as late, and when it is gone after all", async () => {
  const child = Object.assign(new EventEmitter(), {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    unref() {},
  });
  let gone = 0;
  const request = {
    program: "/usr/sbin/smartctl",
    args: [],
    timeoutMs: 1,
    outputBytesMax: 1_000,
    env: {},
    onGone: () => {
      gone += 1;
    },
  };
  const effects = { start: () => child as unknown as Child, graceMs: 1 };
  expect(await runChild(request, effects)).toEqual({ kind: "timed-out", isStuck: true });
  expect(gone).toBe(0);
  child.emit("close", null, "SIGKILL");
  expect(gone).toBe(1);
});

test("a child that is late and dies is told as late once", async () => {
  const outcome = await runChild({
    program: process.execPath,
    args: ["-e", "setInterval(() => {}, 1000)"],
    timeoutMs: 50,
    outputBytesMax: 1_000,
    env: {},
    onGone: () => expect.unreachable(),
  });
  expect(outcome).toEqual({ kind: "timed-out", isStuck: false });
});

test("where no file can be opened, or no memory had, a child is not started, and that is an answer", async () => {
  const request = { program: "/bin/true", args: [], timeoutMs: 1, outputBytesMax: 1, env: {} };
  const problem = Object.assign(new Error("spawn EMFILE"), { code: "EMFILE" });
  // As Node does: no pipes, and the error a moment later.
  const withoutPipes = (): Child => {
    const child = new EventEmitter();
    process.nextTick(() => child.emit("error", problem));
    return child as unknown as Child;
  };
  const throws = (): Child => {
    throw problem;
  };
  for (const start of [withoutPipes, throws])
    expect(await runChild(request, { start, graceMs: 1 })).toEqual({
      kind: "not-started",
      errno: "EMFILE",
      detail: "spawn EMFILE",
    });
});
