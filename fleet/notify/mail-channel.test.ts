import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { deliveryRecord } from "#test/support/alert-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createMailChannel } from "./mail-channel.ts";

test("a mail server that comes to no end is left after a minute, and what waits goes on", async () => {
  const clock = createVirtualClock();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // The beginning of a greeting of many lines.
    socket.on("error", () => {}).write("220-one moment\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const channel = createMailChannel(
    {
      name: "mail",
      to: ["ops@example.net"],
      from: "fleet@example.net",
      server: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      security: "none",
      user: null,
      passwordFile: null,
      caFile: null,
      severity: "warn",
      perHour: 30,
    },
    {
      cell: "test",
      consoleUrl: null,
      fetch: () => Promise.reject(new Error("no mail")),
      readSecret: () => ({ ok: false, problem: "none" }),
      readPublic: () => ({ ok: false, problem: "none" }),
      clock,
    },
  );
  const one = deliveryRecord(1);
  const sent = channel.send({ id: one.id, deliveries: [one], leftOut: 0, earlier: [] });
  await once(server, "connection");
  await clock.advance(60_000);
  expect(await sent).toMatchObject({
    kind: "failed",
    words: expect.stringContaining("no end within a minute"),
  });
  for (const socket of sockets) socket.destroy();
  server.close();
});
