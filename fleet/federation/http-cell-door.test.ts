import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { afterEach, describe, expect, test } from "vitest";
import { createTestAuthority, newKeyPem } from "#test/support/test-peers.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createHttpCellDoor } from "./http-cell-door.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const token = "a-token-that-nobody-may-see";
const limits = { bytesMax: 1_000, signal: new AbortController().signal };

async function listen(answer: RequestListener, tls?: { cert: string; key: string }) {
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
}

function open(url: string, ca: string | null = null) {
  const door = createHttpCellDoor({ url, token, ca });
  closers.push(() => door.close());
  return door;
}

test("a question is a GET with the token in its header, and the answer comes whole", async () => {
  const asked: unknown[] = [];
  const url = await listen(({ method, url: path, headers }, answer) => {
    asked.push([method, path, headers.authorization]);
    answer.end('{"a":1}');
  });
  expect(await open(url).get("/api/v1/cells", limits)).toEqual({ status: 200, body: '{"a":1}' });
  expect(asked).toEqual([["GET", "/api/v1/cells", `Bearer ${token}`]]);
});

test("an answer that is too long is cut off while it comes", async () => {
  const url = await listen((_question, answer) => {
    answer.write("x".repeat(700));
    answer.write("x".repeat(700));
    // Never ended: who waits for the end waits for ever.
  });
  await expect(open(url).get("/x", limits)).rejects.toMatchObject({
    kind: "foreign",
    message: expect.stringContaining("more than 1000 bytes"),
  });
});

test("a redirect is not followed: the token goes to this address alone", async () => {
  const strangers: unknown[] = [];
  const other = await listen((question, answer) => {
    strangers.push(question.headers);
    answer.end();
  });
  const url = await listen((_question, answer) => {
    answer.writeHead(302, { location: other }).end();
  });
  expect(await open(url).get("/x", limits)).toMatchObject({ status: 302 });
  expect(strangers).toEqual([]);
});

test("whoever stops waiting ends the question", async () => {
  const stop = new AbortController();
  const url = await listen(() => stop.abort());
  await expect(open(url).get("/x", { bytesMax: 1, signal: stop.signal })).rejects.toMatchObject({
    kind: "unreachable",
  });
});

test("where nobody listens it says so, and what to look at", async () => {
  const url = await listen(() => {});
  for (const close of closers.splice(0)) close();
  await expect(open(url).get("/x", limits)).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringMatching(/nothing listens there: is the manager running.*ECONNREFUSED/),
  });
});

describe("a cell with a certificate", () => {
  const authority = createTestAuthority(createVirtualClock());
  const key = newKeyPem();
  const { certificateChainPem, caPem } = authority.issueListener(key, ["127.0.0.1"]);
  const tls = { cert: certificateChainPem, key };

  test("is believed with the file of its CA", async () => {
    const url = await listen((_question, answer) => void answer.end("{}"), tls);
    expect(await open(url, caPem).get("/x", limits)).toMatchObject({ status: 200 });
  });

  test("is refused without it, with the setting that names one", async () => {
    const asked: unknown[] = [];
    const url = await listen((question) => void asked.push(question), tls);
    await expect(open(url).get("/x", limits)).rejects.toMatchObject({
      message: expect.stringContaining("ca_file"),
    });
    expect(asked).toEqual([]);
  });
});
