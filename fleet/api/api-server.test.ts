import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { createApiWorld } from "#test/support/api-world.ts";

test("a connection on which nobody asked anything holds no stop up", async () => {
  const world = await createApiWorld({
    settings: { address: "127.0.0.1", port: 0, tls: null, names: [] },
  });
  const port = Number(new URL(await world.api.listen()).port);
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const gone = once(socket, "close");
  socket.resume();
  // The server has it too by the time that it answers another one.
  await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
  const closing = world.api.close();
  await world.clock.advance(1_000);
  await closing;
  await gone;
  expect(socket.destroyed).toBe(true);
  await world.close();
});
