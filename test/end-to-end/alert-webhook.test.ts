import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Batch } from "#fleet/alerts/delivery.ts";
import type { WebhookSetting } from "#fleet/config/alert-settings.ts";
import { readSecretFile } from "#fleet/config/secret-file.ts";
import { someBatch } from "#test/support/alert-builders.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createWebhookChannel } from "#fleet/notify/webhook-channel.ts";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}
type Verify = (
  headers: IncomingHttpHeaders,
  body: string,
  secret: string,
  nowMs?: number,
) => boolean;

const first = "the-first-secret-of-the-pager";
const second = `whsec_${Buffer.from("the second one, in bytes").toString("base64")}`;
const page = readFileSync(join(import.meta.dirname, "../../docs/operating/alerts.md"), "utf8");

let folder: string;
let server: Server;
let received: Received[];
let answer: (response: ServerResponse) => void;
let origin: string;

/** Runs the page's own lines, as a receiver's program would. */
const verify: Verify = (headers, body, secret, nowMs) => {
  const ran = spawnSync(process.execPath, [join(folder, "recipe.mjs")], {
    input: JSON.stringify([headers, body, secret, ...(nowMs === undefined ? [] : [nowMs])]),
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout.trim() === "true";
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-webhook-"));
  const recipe = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const main = `import { readFileSync } from "node:fs";
console.log(verify(...JSON.parse(readFileSync(0, "utf8"))));`;
  writeFileSync(join(folder, "recipe.mjs"), `${recipe}\n${main}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  received = [];
  answer = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body, path: request.url ?? "" });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const secretFile = (text: string, mode = 0o600): string => {
  const path = join(folder, `secret-${mode}`);
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode });
  return path;
};
const channelOf = (facts: Partial<WebhookSetting> = {}, clock = systemClock) =>
  createWebhookChannel(
    {
      name: "pager",
      url: `${origin}/hook/T0/secret-path`,
      severity: "warn",
      perHour: 60,
      ...facts,
      secretFile: facts.secretFile ?? secretFile(first),
    },
    {
      cell: "test",
      consoleUrl: "https://fleet.example.net:7600",
      fetch,
      readSecret: readSecretFile,
      readPublic: readSecretFile,
      clock,
    },
  );
const batch: Batch = someBatch();

test("an alert is posted, and the documented recipe verifies it", async () => {
  expect(await channelOf().send(batch)).toEqual({ kind: "sent", words: `${origin}: answered 204` });
  const [message] = received;
  if (message === undefined) throw new Error("nothing came");
  expect(verify(message.headers, message.body, first)).toBe(true);
  expect(message.headers["webhook-id"]).toBe(batch.id);
  expect(message.path).toBe("/hook/T0/secret-path");
  expect(JSON.parse(message.body)).toMatchObject({
    version: 1,
    id: batch.id,
    cell: "test",
    transition: "opened",
    leftOut: 0,
    alert: { key: "host-lost:x", kind: "host-lost", hosts: ["web-1"], state: "open" },
    url: "https://fleet.example.net:7600/inbox",
  });
});

test("what was changed on the way, signed with another secret, or is old, is not verified", async () => {
  await channelOf().send(batch);
  const [message] = received;
  if (message === undefined) throw new Error("nothing came");
  const { headers, body } = message;
  expect(verify(headers, body.replace("web-1", "web-2"), first)).toBe(false);
  expect(verify(headers, body, "another-secret-of-somebody")).toBe(false);
  expect(verify({ ...headers, "webhook-id": "another" }, body, first)).toBe(false);
  expect(verify(headers, body, first, Date.now() + 600_000)).toBe(false);
});

test("while a secret is changed both sign, without a restart", async () => {
  const channel = channelOf();
  secretFile(`${second}\n${first}\n`);
  await channel.send(batch);
  secretFile(`${second}\n`);
  await channel.send(batch);
  const [both, after] = received;
  const isGood = (message: Received | undefined, secret: string): boolean =>
    message !== undefined && verify(message.headers, message.body, secret);
  expect([isGood(both, first), isGood(both, second)]).toEqual([true, true]);
  expect([isGood(after, first), isGood(after, second)]).toEqual([false, true]);
});

test("sent again it is the same message, byte for byte", async () => {
  const channel = channelOf();
  await channel.send(batch);
  await channel.send(batch);
  expect(received[1]?.body).toBe(received[0]?.body);
  expect(received[1]?.headers["webhook-id"]).toBe(received[0]?.headers["webhook-id"]);
});

test.each([
  [500, {}, { kind: "failed", retryAfterMs: null }],
  [503, { "retry-after": "120" }, { kind: "failed", retryAfterMs: 120_000 }],
  [429, { "retry-after": "30" }, { kind: "failed", retryAfterMs: 30_000 }],
  [410, {}, { kind: "refused", isFinal: true }],
  [403, {}, { kind: "refused", isFinal: false }],
  [202, {}, { kind: "sent" }],
])("an answer %d %j is taken for what it is", async (status, headers, outcome) => {
  answer = (response) => response.writeHead(status, headers).end("words that are nothing to us");
  expect(await channelOf().send(batch)).toMatchObject(outcome);
});

test("a redirect is not followed", async () => {
  answer = (response) => response.writeHead(307, { location: `${origin}/elsewhere` }).end();
  expect(await channelOf().send(batch)).toMatchObject({ kind: "refused", isFinal: false });
  expect(received.map(({ path }) => path)).toEqual(["/hook/T0/secret-path"]);
});

test("one that takes the message and never answers is left after ten seconds", async () => {
  const clock = createVirtualClock();
  let asked = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    asked = resolve;
  });
  answer = () => asked();
  const sent = channelOf({}, clock).send(batch);
  await waiting;
  await clock.advance(10_000);
  expect(await sent).toEqual({
    kind: "failed",
    words: `${origin}: no answer within 10 s`,
    retryAfterMs: null,
  });
});

test("one that cuts, and one that is not there, are told by their cause, never by the path", async () => {
  answer = (response) => response.socket?.destroy();
  const cut = await channelOf().send(batch);
  expect(cut).toMatchObject({ kind: "failed" });
  const closed = origin;
  server.close();
  server.closeAllConnections();
  const gone = await channelOf().send(batch);
  expect(gone.words).toMatch(new RegExp(`^${closed}: .*ECONNREFUSED`));
  expect(`${cut.words}${gone.words}`).not.toContain("secret-path");
});

test.each([
  [first, 0o644, /can be read by others/],
  ["short", 0o600, /shorter than 24 characters/],
  ["", 0o600, /holds no secret/],
  [`${first}\n${first}2\n${first}3`, 0o600, /at most 2/],
])("nothing is sent unsigned: %#", async (text, mode, words) => {
  const outcome = await channelOf({ secretFile: secretFile(text, mode) }).send(batch);
  expect(outcome).toMatchObject({ kind: "failed", words: expect.stringMatching(words) });
  expect(outcome.words).not.toContain(first);
  expect(received).toEqual([]);
});
