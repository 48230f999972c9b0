import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";

let world: ApiWorld;
let port: number;
beforeEach(async () => {
  world = await createApiWorld({
    settings: {
      address: "127.0.0.1",
      port: 0,
      tls: null,
      names: [],
      patience: { headersMsMax: 200, requestMsMax: 400 },
    },
  });
  port = Number(new URL(await world.api.listen()).port);
});
afterEach(() => world.close());

/** What the manager answers to this, until it closes the connection. */
function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8").on("data", (part: string) => {
      answer += part;
    });
    socket.once("close", () => resolve(answer)).once("error", reject);
  });
}

test.each([
  ["says nothing", ""],
  ["never ends its headers", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: a"],
  [
    "never ends its body",
    "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  ],
])("a connection that %s is cut", async (_what, text) => {
  expect(await send(text)).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

test("headers without end are refused", async () => {
  const headers = Array.from({ length: 400 }, (_, index) => `X-${index}: ${"x".repeat(100)}\r\n`);
  const answer = await send(`GET /healthz HTTP/1.1\r\nHost: localhost\r\n${headers.join("")}\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
});
