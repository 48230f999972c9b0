import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { CellId } from "#proto/vocabulary/ids.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { systemClock } from "#test/support/system-clock.ts";
import {
  chainPem,
  createTestAuthority,
  createTestPeer,
  newKeyPem,
} from "#test/support/test-peers.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { AgentConnection } from "./agent-connection.ts";
import { type AgentListener, listenerDefaults, startAgentListener } from "./ws-listener.ts";

/** Real sockets and real TLS; the core behind it notes what reaches it. */
interface Reached {
  readonly connection: AgentConnection;
  readonly messages: Uint8Array[];
  closed: { readonly code: number; readonly detail: string } | null;
}

const ca = createTestAuthority(systemClock);
const tls = ca.issueListener(newKeyPem(), ["localhost", "127.0.0.1"]);
let listener: AgentListener;
let reached: Reached[];
let onReached: (peer: Reached) => void;
const opened: (Socket | WebSocket)[] = [];

async function listen(differs: Partial<typeof listenerDefaults> = {}): Promise<void> {
  reached = [];
  onReached = () => {};
  listener = await startAgentListener({
    gateway: {
      accept: (connection) => {
        const peer: Reached = { connection, messages: [], closed: null };
        reached.push(peer);
        onReached(peer);
        return {
          onMessage: (bytes) => void peer.messages.push(bytes),
          onClose: (code, detail) => {
            peer.closed = { code, detail };
          },
        };
      },
      stop: async () => {},
    },
    tls,
    clock: systemClock,
    random: createSeededRandom(3),
    log: silentLog,
    settings: { ...listenerDefaults, host: "127.0.0.1", port: 0, ...differs },
  });
}

beforeEach(() => listen());
afterEach(async () => {
  for (const socket of opened.splice(0))
    if (socket instanceof WebSocket) socket.terminate();
    else socket.destroy();
  await listener.stop(200);
});

const machine = createTestPeer();
const enrolled = {
  key: machine.privateKeyPem,
  cert: chainPem(ca.issueHost(hostIdOf(1), machine.spki)),
};

const trust = { ca: ca.certificatePem, servername: "localhost" };

function dial(
  credentials: { readonly key?: string; readonly cert?: string } = enrolled,
  path = "/agent/v1",
): WebSocket {
  const options = { ...credentials, ...trust, perMessageDeflate: true };
  const socket = new WebSocket(`wss://127.0.0.1:${listener.port}${path}`, options);
  socket.on("error", () => {});
  opened.push(socket);
  return socket;
}

function dialTls(options: ConnectionOptions = enrolled): TLSSocket {
  const socket = connectTls({
    port: listener.port,
    host: "127.0.0.1",
    ...trust,
    ...options,
  });
  socket.on("error", () => {});
  opened.push(socket);
  return socket;
}

async function closeOf(socket: WebSocket): Promise<number> {
  const [code]: unknown[] = await once(socket, "close");
  return Number(code);
}

/** All that the other side says until it closes. */
async function wordsOf(socket: Socket): Promise<string> {
  let words = "";
  socket.on("data", (chunk: Buffer) => {
    words += chunk.toString("latin1");
  });
  if (!socket.closed) await once(socket, "close");
  return words;
}

async function nextReached(): Promise<Reached> {
  const first = reached[0];
  if (first !== undefined) return first;
  return new Promise((resolve) => {
    onReached = resolve;
  });
}

test("a machine with a certificate reaches the core with the key that TLS has proven", async () => {
  const socket = dial();
  const peer = await nextReached();
  expect(peer.connection.purpose).toBe("agent");
  expect(peer.connection.peer.fingerprint).toBe(machine.fingerprint);
  expect(peer.connection.peer.address).toContain("127.0.0.1");
  await once(socket, "open");
  socket.send(Uint8Array.of(1, 2, 3));
  const answer = once(socket, "message");
  peer.connection.send(Uint8Array.of(9));
  const [bytes, isBinary]: unknown[] = await answer;
  expect(bytes).toEqual(Buffer.of(9));
  expect(isBinary).toBe(true);
  peer.connection.close(1000, "bye");
  expect(await closeOf(socket)).toBe(1000);
  expect(peer.messages).toEqual([Buffer.of(1, 2, 3)]);
  // Compression was offered and is not taken.
  expect(socket.extensions).toBe("");
});

test("the enrolment path is a door of its own", async () => {
  dial({ key: machine.privateKeyPem, cert: chainPem([machine.selfSignedDer]) }, "/agent/v1/enrol");
  expect((await nextReached()).connection.purpose).toBe("enrol");
});

test("a certificate that ended, one of another authority, and one of another host all reach the judgement of the core", async () => {
  const late = createVirtualClock(Date.UTC(1996, 0, 1));
  const old = createTestAuthority(late, { cell: "test" as CellId });
  for (const certificate of [
    chainPem(old.issueHost(hostIdOf(1), machine.spki)),
    chainPem(ca.issueHost(hostIdOf(2), machine.spki)),
    chainPem([machine.selfSignedDer]),
  ]) {
    reached = [];
    dial({ key: machine.privateKeyPem, cert: certificate });
    expect((await nextReached()).connection.peer.fingerprint).toBe(machine.fingerprint);
  }
});

test("without a certificate nobody reaches the HTTP parser: 401 with what to do", async () => {
  const socket = dialTls({});
  const words = wordsOf(socket);
  socket.write("\0\0 this is no HTTP at all \r\n\r\n");
  expect(await words).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"certificate-missing"[\s\S]*"hint":"/);
  expect(reached).toEqual([]);
});

test("TLS 1.2 is not spoken", async () => {
  const socket = dialTls({ ...enrolled, maxVersion: "TLSv1.2" });
  const [error]: unknown[] = await once(socket, "error");
  expect(String(error)).toMatch(/protocol version|alert/i);
});

test.each([
  ["a wrong path", "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", "404", "not-found"],
  ["no upgrade", "GET /agent/v1 HTTP/1.1\r\nHost: x\r\n\r\n", "426", "upgrade-required"],
  [
    "a body",
    "POST /agent/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
    "426",
    "upgrade-required",
  ],
  ["bytes that are no HTTP", "\u0001\u0002\u0003 garbage\r\n\r\n", "400", "malformed-request"],
  [
    "headers too large",
    `GET / HTTP/1.1\r\nX: ${"y".repeat(20_000)}\r\n\r\n`,
    "400",
    "malformed-request",
  ],
])("%s is answered in JSON", async (_what, request, status, code) => {
  const socket = dialTls();
  const words = wordsOf(socket);
  socket.write(request);
  expect(await words).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*"code":"${code}"`));
});

test("a WebSocket to another path is answered 404", async () => {
  const socket = dial(enrolled, "/agent/v2");
  const [, response]: unknown[] = await once(socket, "unexpected-response");
  expect(response).toMatchObject({ statusCode: 404 });
});

test("a text frame is closed with 1003 and never reaches the core", async () => {
  const socket = dial();
  await once(socket, "open");
  socket.send("text");
  expect(await closeOf(socket)).toBe(1003);
  expect(reached[0]?.messages).toEqual([]);
});

test("a message over 256 KiB is closed with 1009, and over 64 KiB at the enrolment door", async () => {
  const agent = dial();
  await once(agent, "open");
  agent.send(new Uint8Array(256 * 1024 + 1));
  expect(await closeOf(agent)).toBe(1009);
  const stranger = dial(enrolled, "/agent/v1/enrol");
  await once(stranger, "open");
  stranger.send(new Uint8Array(64 * 1024 + 1));
  expect(await closeOf(stranger)).toBe(1009);
  expect(reached.flatMap((peer) => peer.messages)).toEqual([]);
});

test("a message in more than 16 pieces is closed, and never reaches the core", async () => {
  const socket = dial();
  await once(socket, "open");
  for (let piece = 0; piece < 20; piece += 1)
    socket.send(Uint8Array.of(piece), { fin: false, binary: true });
  expect(await closeOf(socket)).toBe(1008);
  expect(reached[0]?.messages).toEqual([]);
});

test("bytes that are no WebSocket frames end the connection", async () => {
  const socket = dialTls();
  socket.write(
    "GET /agent/v1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  await once(socket, "data");
  const closed = once(socket, "close");
  socket.write(createSeededRandom(5).bytes(4_000));
  await closed;
  expect(reached[0]?.messages).toEqual([]);
});

test("a flood of pings ends the connection", async () => {
  const socket = dial();
  await once(socket, "open");
  for (let index = 0; index < 200; index += 1) socket.ping();
  expect(await closeOf(socket)).toBe(1006);
});

test("whoever does not get through TLS and the upgrade in time is cut, and agents are not touched", async () => {
  await listener.stop(0);
  await listen({ handshakeMsMax: 300 });
  const agent = dial();
  await once(agent, "open");
  const slow = [
    connectTcp(listener.port, "127.0.0.1"),
    connectTcp(listener.port, "127.0.0.1").on("connect", function (this: Socket) {
      this.write(Buffer.of(0x16, 0x03, 0x01));
    }),
    dialTls(),
    dialTls().on("secureConnect", function (this: Socket) {
      this.write("GET /agent/v1 HTTP/1.1\r\n");
    }),
  ];
  for (const socket of slow) {
    opened.push(socket);
    socket.on("error", () => {});
    socket.resume();
  }
  await Promise.all(slow.map((socket) => (socket.closed ? null : once(socket, "close"))));
  expect(agent.readyState).toBe(WebSocket.OPEN);
  expect(reached).toHaveLength(1);
});

test("a network has a share of connections that have not proven who they are", async () => {
  await listener.stop(0);
  await listen({
    unauthenticatedPerNetworkMax: 3,
  });
  const idle: Socket[] = [];
  for (let index = 0; index < 3; index += 1) {
    const socket = connectTcp(listener.port, "127.0.0.1");
    opened.push(socket);
    idle.push(socket);
    await once(socket, "connect");
  }
  const fourth = connectTcp(listener.port, "127.0.0.1");
  opened.push(fourth);
  fourth.on("error", () => {});
  fourth.resume();
  await once(fourth, "close");
  idle[0]?.destroy();
  const socket = await dialUntilOpen();
  expect(socket.readyState).toBe(WebSocket.OPEN);
});

/** The server learns of a closed connection a moment after its client. */
async function dialUntilOpen(): Promise<WebSocket> {
  for (;;) {
    const socket = dial();
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("open", () => resolve(true));
      socket.once("close", () => resolve(false));
    });
    if (isOpen) return socket;
  }
}

test("a peer that answers no ping is ended, one that answers stays", async () => {
  await listener.stop(0);
  await listen({
    pingIntervalMs: 50,
    silenceMsMax: 220,
  });
  const alive = dial();
  const options = { ...enrolled, ...trust, autoPong: false };
  const dead = new WebSocket(`wss://127.0.0.1:${listener.port}/agent/v1`, options);
  dead.on("error", () => {});
  opened.push(dead);
  await Promise.all([once(alive, "open"), once(dead, "open")]);
  expect(await closeOf(dead)).toBe(1006);
  expect(alive.readyState).toBe(WebSocket.OPEN);
});

test("a stop takes no new connections and cuts what stays after the grace", async () => {
  const socket = dial();
  await once(socket, "open");
  const closed = closeOf(socket);
  await listener.stop(50);
  expect(await closed).toBe(1006);
  const refused = connectTcp(listener.port, "127.0.0.1");
  const [error]: unknown[] = await once(refused, "error");
  expect(String(error)).toContain("ECONNREFUSED");
  await listen();
});

test("a port that somebody has is an error with the system's code", async () => {
  const taken = startAgentListener({
    gateway: { accept: () => ({ onMessage: () => {}, onClose: () => {} }), stop: async () => {} },
    tls,
    clock: systemClock,
    random: createSeededRandom(3),
    log: silentLog,
    settings: { ...listenerDefaults, host: "127.0.0.1", port: listener.port },
  });
  await expect(taken).rejects.toMatchObject({ code: "EADDRINUSE" });
});
