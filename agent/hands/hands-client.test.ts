import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { encodeFrame } from "#agent/looker/frame.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { createHandedControl } from "./handed-control.ts";
import { createHandsClient } from "./hands-client.ts";
import type { HandsAnswer } from "./hands-desk.ts";
import { handsLimits } from "./hands-limits.ts";
import type { Whose } from "./question.ts";
import { serveQuestion } from "./serve-question.ts";

const whose = { hostId: "01930000-0000-7000-8000-00000000000b", generation: 1 } as Whose;
const name = { operationId: "01930000-0000-7000-8000-00000000000a" as OperationId, epoch: 7 };
const look = { kind: "look" } as const;

type Serve = (socket: Socket) => void;

async function listen(serve: Serve): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "wws-hands-"));
  const path = join(folder, "s");
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, serve);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return path;
}

const answering =
  (answer: (value: unknown, signal: AbortSignal) => Promise<HandsAnswer>): Serve =>
  (socket) =>
    void serveQuestion(socket, { answer, clock: systemClock });

async function control(serve: Serve) {
  const client = createHandsClient(await listen(serve), systemClock);
  return createHandedControl({
    client,
    whose,
    asksHooks: true,
    acts: true,
    whyNoReboot: () => null,
  });
}

test("each act becomes one question that names whose it is, and its problems come back", async () => {
  const asked: unknown[] = [];
  const handed = await control(
    answering(async (value) => {
      asked.push(value);
      return { ok: true, value: { problems: ["systemd: no"] } };
    }),
  );
  expect(await handed.fence(name)).toEqual({ problems: ["systemd: no"] });
  const more = { deadlineMs: unixMs(5), graceMs: 1, isHard: true, workloads: ["systemd:a"] };
  await handed.evacuate({ ...name, ...more }, new AbortController().signal);
  await handed.release({ ...name, restart: ["systemd:a"] });
  await handed.reboot({ ...name, graceMs: 9 });
  expect(asked).toEqual([
    { kind: "fence", ...name, ...whose },
    { kind: "evacuate", ...name, ...whose, ...more },
    { kind: "release", ...name, ...whose, restart: ["systemd:a"] },
    { kind: "reboot", ...name, ...whose, graceMs: 9 },
  ]);
});

test("what is refused, or said in no form, is a problem, and proves nothing", async () => {
  const detail = "not configured: write this";
  const refusing = await control(
    answering(async () => ({ ok: false, problem: { kind: "refused", detail } })),
  );
  expect(await refusing.fence(name)).toEqual({ problems: [`hands: ${detail}`] });
  expect((await refusing.look()).unasked).toEqual([`hands: ${detail}`]);
  const raving = await control(answering(async () => ({ ok: true, value: { workloads: [{}] } })));
  expect((await raving.look()).unasked).toEqual(["hands: said what is no sight"]);
  expect(await raving.halt(name)).toEqual({ problems: ["hands: gave no list of problems"] });
});

test("one that is killed is asked again, three times in all", async () => {
  let count = 0;
  const dying: Serve = (socket) => {
    count += 1;
    socket.once("data", () => socket.destroy());
  };
  const handed = await control(dying);
  expect(await handed.fence(name)).toEqual({
    problems: ["hands: root's helper ended without an answer"],
  });
  expect(count).toBe(3);
  const once = await control((socket) => {
    count += 1;
    if (count === 4) socket.once("data", () => socket.destroy());
    else answering(async () => ({ ok: true, value: { problems: [] } }))(socket);
  });
  expect(await once.fence(name)).toEqual({ problems: [] });
});

test("where nobody listens it says which door to open", async () => {
  const client = createHandsClient("/nowhere/hands.sock", systemClock);
  expect(await client.ask(look, null)).toEqual({
    ok: false,
    problem:
      "nobody answers at /nowhere/hands.sock (ENOENT): systemctl enable --now wws-hands.socket",
  });
});

test("called off, the other side hears of it", async () => {
  const end = new AbortController();
  const left = Promise.withResolvers<void>();
  const path = await listen(
    answering(async (_value, signal) => {
      end.abort();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      left.resolve();
      return { ok: true, value: null };
    }),
  );
  const answer = await createHandsClient(path, systemClock).ask(look, end.signal);
  expect(answer).toEqual({ ok: false, problem: "was called off" });
  await left.promise;
});

/** Writes bytes, and gives what comes back before the connection ends. */
function say(path: string, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = "";
    socket.on("data", (piece: Buffer) => {
      text += piece.subarray(4).toString("utf8");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    socket.write(bytes);
  });
}

test("a question too large, or of no form, is answered with why and the connection ends", async () => {
  const path = await listen(answering(async () => ({ ok: true, value: "never" })));
  const huge = Buffer.alloc(4);
  huge.writeUInt32BE(handsLimits.questionBytesMax + 1);
  expect(await say(path, huge)).toContain(`a frame of ${handsLimits.questionBytesMax + 1} bytes`);
  const two = Buffer.concat([encodeFrame(look), encodeFrame(look)]);
  expect(await say(path, two)).toContain("bytes after the frame");
  expect(await say(path, Buffer.from([0, 0, 0, 1, 0xff]))).toContain("no JSON in UTF-8");
});
