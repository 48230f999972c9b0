import { createServer } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { findPortHolder, listeningInodes } from "./port-holder.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1DB0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0
   1: 0100007F:1DB0 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1 0 100 0 0 10 0
`;

test("only the socket that listens on that port counts", () => {
  expect(listeningInodes(table, 7600)).toEqual(["4242"]);
  expect(listeningInodes(table, 22)).toEqual(["4244"]);
  expect(listeningInodes(table, 7601)).toEqual([]);
  expect(listeningInodes("", 7600)).toEqual([]);
});

test("the process that listens is found, and none where nobody does", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect(findPortHolder(port)).toMatchObject({ pid: process.pid });
  server.close();
  await once(server, "close");
  expect(findPortHolder(port)).toBeUndefined();
});
