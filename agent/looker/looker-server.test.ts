import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { fc } from "#test/support/properties.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { encodeFrame } from "./frame.ts";
import { createLooker } from "./looker.ts";
import { createLookerClient, type LookerClient } from "./looker-client.ts";
import { lookerLimits } from "./looker-limits.ts";
import { serveLooker } from "./looker-server.ts";
import type { RootFiles } from "./root-files.ts";

const noFiles: RootFiles = {
  read: (path) => ok(`text of ${path}`),
  list: () => ok(["a"]),
  link: (path) => fail({ kind: "missing", path, errno: "ENOENT" }),
  openEnergy: () => ok(null),
};

interface Rig {
  readonly path: string;
  readonly source: MemorySource;
  readonly client: LookerClient;
  readonly clock: VirtualClock;
  readonly idle: () => number;
}

async function start(source: MemorySource = createMemorySource()): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "wws-looker-"));
  const path = join(folder, "s");
  const clock = createVirtualClock();
  let idle = 0;
  const server = serveLooker(
    { path },
    {
      looker: createLooker({ source, files: noFiles, clock }),
      clock,
      idleMs: 60_000,
      onIdle: () => {
        idle += 1;
      },
    },
  );
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  await server.listening;
  return { path, source, clock, client: createLookerClient(path, systemClock), idle: () => idle };
}

/** What comes back for these bytes, until the looker closes; "" for nothing. */
function sendRaw(path: string, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let said = Buffer.alloc(0);
    socket.on("data", (piece: Buffer) => {
      said = Buffer.concat([said, piece]);
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(said.subarray(4).toString("utf8")));
    socket.once("connect", () => socket.end(bytes));
  });
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(socket));
    socket.on("error", () => {});
  });
}

const closed = (socket: Socket): Promise<void> =>
  socket.destroyed
    ? Promise.resolve()
    : new Promise((resolve) => {
        // What is read is dropped; without reading, the end is never seen.
        socket.resume();
        socket.once("close", () => resolve());
      });

const scan = { kind: "run", tool: "smartctl", args: ["--scan-open"], timeoutMs: 1_000 } as const;

test("a tool that looks is run, and its words come back as they are", async () => {
  const { client, source } = await start();
  source.putTool(["smartctl", "--scan-open"], { exitCode: 4, stdout: "ä\0\n", stderr: "e" });
  expect(await client.ask(scan)).toEqual({
    ok: true,
    value: { exitCode: 4, stdout: "ä\0\n", stderr: "e" },
  });
  expect(await client.ask({ kind: "read", path: "/sys/x" })).toEqual(ok("text of /sys/x"));
});

test("a tool that would do more is not run", async () => {
  const { client, source } = await start();
  const answer = await client.ask({ ...scan, args: ["-s", "off", "/dev/sda"] });
  expect(answer).toMatchObject({ ok: false, problem: { kind: "refused" } });
  expect(source.calls).toEqual([]);
});

test("whatever bytes are sent, the next honest question is answered", async () => {
  const { path, client } = await start();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.jsonValue().map((value) => encodeFrame(value)),
        fc
          .record({
            kind: fc.constantFrom("run", "read", "ask"),
            tool: fc.jsonValue(),
            path: fc.string(),
          })
          .map((value) => encodeFrame(value)),
      ),
      async (bytes) => {
        const said = await sendRaw(path, bytes);
        if (said !== "") expect(JSON.parse(said)).toMatchObject({ ok: expect.any(Boolean) });
      },
    ),
    { numRuns: 200 },
  );
  expect(await client.ask({ kind: "list", path: "/sys/x" })).toEqual(ok(["a"]));
});

test("a second question on a connection, or more than a question, ends it", async () => {
  const { path } = await start();
  const frame = encodeFrame({ kind: "list", path: "/sys/x" });
  expect(await sendRaw(path, Buffer.concat([frame, frame]))).toContain("bytes after the frame");
  const long = encodeFrame({ kind: "read", path: "x".repeat(lookerLimits.questionBytesMax) });
  expect(await sendRaw(path, long)).toContain('"refused"');
});

test("who says nothing is shown out, and keeps nobody else waiting", async () => {
  const { path, clock, client } = await start();
  const silent = await Promise.all(
    Array.from({ length: lookerLimits.connectionsMax }, () => opened(path)),
  );
  // One too many.
  expect(await sendRaw(path, encodeFrame({ kind: "list", path: "/sys/x" }))).toBe("");
  await clock.advance(lookerLimits.transferMsMax);
  await Promise.all(silent.map(closed));
  expect((await client.ask({ kind: "list", path: "/sys/x" })).ok).toBe(true);
});

test("it is idle a minute after the last question, not while somebody is there", async () => {
  const { path, clock, client, idle } = await start();
  await clock.advance(30_000);
  await client.ask({ kind: "list", path: "/sys/x" });
  const socket = await opened(path);
  await clock.advance(lookerLimits.transferMsMax - 1);
  expect(idle()).toBe(0);
  socket.destroy();
  await closed(socket);
  await clock.advance(120_000);
  expect(idle()).toBe(1);
});

test("nobody there is told as such", async () => {
  const client = createLookerClient(join(tmpdir(), "wws-no-looker"), systemClock);
  expect(await client.ask(scan)).toMatchObject({ ok: false, problem: { kind: "absent" } });
});
