import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { systemClock } from "#test/support/system-clock.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createTestAuthority, type IssuedKey } from "#test/support/test-authority.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { closeCodes, type LinkCloseReason, type LinkCredentials } from "./transport.ts";
import { createWebSocketTransport } from "./websocket-transport.ts";

const authority = createTestAuthority();
const host = authority.issueHost("spiffe://na/host/1");
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface TestServer {
  readonly url: string;
  readonly tlsSockets: TLSSocket[];
  connections(): number;
  /** Bytes of HTTP or WebSocket that arrived. */
  readonly requests: string[];
  readonly opened: Promise<WebSocket>;
}

async function listen(key: IssuedKey, options: { autoPong?: boolean } = {}): Promise<TestServer> {
  const server = createServer({
    key: key.privateKeyPem,
    cert: key.chainPem,
    minVersion: "TLSv1.3",
    requestCert: true,
    rejectUnauthorized: false,
  });
  servers.push(server);
  const tlsSockets: TLSSocket[] = [];
  const requests: string[] = [];
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  server.on("secureConnection", (socket) => tlsSockets.push(socket));
  server.on("upgrade", (request) => requests.push(request.url ?? ""));
  server.on("request", (request, response) => {
    requests.push(request.url ?? "");
    response.end();
  });
  const sockets = new WebSocketServer({ server, ...options });
  const opened = new Promise<WebSocket>((resolve) => sockets.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `wss://127.0.0.1:${port}/agent/v1`,
    tlsSockets,
    requests,
    opened,
    connections: () => connections,
  };
}

const credentials: LinkCredentials = {
  privateKeyPem: host.privateKeyPem,
  certificateChainPem: host.chainPem,
  caPem: authority.caPem,
  caKeySha256: null,
};
const byHash: LinkCredentials = {
  ...credentials,
  caPem: null,
  caKeySha256: authority.caKeySha256,
};

interface Attempt {
  readonly opened: Promise<void>;
  readonly closed: Promise<LinkCloseReason>;
  readonly messages: Uint8Array[];
  readonly connection: ReturnType<ReturnType<typeof createWebSocketTransport>["connect"]>;
}

function attempt(url: string, given: LinkCredentials, clock = systemClock): Attempt {
  const transport = createWebSocketTransport({ clock, random: createSeededRandom(1) });
  const messages: Uint8Array[] = [];
  let open: () => void = () => {};
  let close: (reason: LinkCloseReason) => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const closed = new Promise<LinkCloseReason>((resolve) => {
    close = resolve;
  });
  const connection = transport.connect(
    { url, credentials: given },
    {
      onOpen: () => open(),
      onMessage: (bytes) => messages.push(bytes),
      onClose: (why) => close(why),
    },
  );
  return { opened, closed, messages, connection };
}

test("mutual TLS 1.3: the manager sees the host's certificate, messages pass both ways", async () => {
  const server = await listen(authority.issueListener());
  const { opened, closed, messages, connection } = attempt(server.url, credentials);
  await opened;
  const socket = await server.opened;
  const arrived = new Promise<Buffer>((resolve) => socket.once("message", resolve));
  connection.send(Uint8Array.of(1, 2, 3));
  expect([...(await arrived)]).toEqual([1, 2, 3]);
  expect(server.tlsSockets[0]?.getProtocol()).toBe("TLSv1.3");
  expect(server.tlsSockets[0]?.getPeerX509Certificate()?.subjectAltName).toContain("/host/1");
  socket.send(Buffer.from([9]));
  socket.close(1013, "later");
  expect(await closed).toEqual({ code: 1013, detail: "later" });
  expect(messages.map((bytes) => [...bytes])).toEqual([[9]]);
});

test("with nothing but the hash of the authority's key, the authority is found and then verified", async () => {
  const server = await listen(authority.issueListener());
  const { opened, connection, closed } = attempt(server.url, byHash);
  await opened;
  expect(server.connections()).toBe(2);
  expect(server.tlsSockets.length).toBe(1);
  expect(server.requests).toEqual(["/agent/v1"]);
  connection.close(1000, "enough");
  expect((await closed).code).toBe(1000);
});

test("a manager whose authority is not the token's hears not one byte", async () => {
  const other = createTestAuthority("another authority");
  const server = await listen(other.issueListener());
  const reason = await attempt(server.url, byHash).closed;
  expect(reason.code).toBe(closeCodes.untrusted);
  expect(reason.detail).toMatch(/the token names another authority/);
  expect(server.requests).toEqual([]);
});

test("showing the right authority's certificate beside one it never issued does not help", async () => {
  const other = createTestAuthority();
  const forged = other.issueListener();
  const [leaf = ""] = forged.chainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
  const server = await listen({ ...forged, chainPem: leaf + authority.caPem });
  const reason = await attempt(server.url, byHash).closed;
  expect(reason.code).toBe(closeCodes.untrusted);
  expect(server.requests).toEqual([]);
});

test("a certificate of the right authority that is no manager's is not taken for one", async () => {
  const server = await listen(authority.issueListener(["somebody-else"]));
  const reason = await attempt(server.url, credentials).closed;
  expect(reason).toMatchObject({ code: closeCodes.untrusted });
  expect(reason.detail).toMatch(/not that of a fleet manager/);
  expect(server.requests).toEqual([]);
});

test("a host's certificate cannot play the manager", async () => {
  const server = await listen(host);
  expect((await attempt(server.url, credentials).closed).code).toBe(closeCodes.untrusted);
  expect(server.requests).toEqual([]);
});

test("nobody listening is said in words, with the address", async () => {
  const reason = await attempt("wss://127.0.0.1:1/agent/v1", credentials).closed;
  expect(reason).toEqual({
    code: closeCodes.lost,
    detail: "127.0.0.1:1: nobody listens there (ECONNREFUSED)",
  });
});

test("text is refused with 1003, a message over the limit with 1009", async () => {
  const server = await listen(authority.issueListener());
  const texts = attempt(server.url, credentials);
  await texts.opened;
  (await server.opened).send("hello");
  expect((await texts.closed).code).toBe(1003);

  const second = await listen(authority.issueListener());
  const large = attempt(second.url, credentials);
  await large.opened;
  const socket = await second.opened;
  const seen = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.send(Buffer.alloc(256 * 1024 + 1));
  expect(await seen).toBe(1009);
  await large.closed;
  expect(large.messages).toEqual([]);
});

test("a manager that answers no ping for a minute is taken for gone", async () => {
  const clock = createVirtualClock();
  const server = await listen(authority.issueListener(), { autoPong: false });
  const { opened, closed } = attempt(server.url, credentials, clock);
  await opened;
  await clock.advance(100_000);
  const reason = await closed;
  expect(reason.code).toBe(closeCodes.lost);
  expect(reason.detail).toMatch(/the manager was silent/);
});
