import { once } from "node:events";
import { createServer, request, type ServerResponse } from "node:http";

/** The wire between a federation and one cell's console: it counts what is asked, and can be cut. */
export interface CellWire {
  readonly url: string;
  /** How often each method was asked: `{GET: 12}`. */
  readonly asked: ReadonlyMap<string, number>;
  /** `hangs`: connections are taken, and nothing ever comes back. */
  set(way: "open" | "cut" | "hangs"): void;
  close(): void;
}

export async function startCellWire(managerPort: number): Promise<CellWire> {
  const asked = new Map<string, number>();
  const waiting = new Set<ServerResponse>();
  let way: "open" | "cut" | "hangs" = "open";
  const server = createServer((question, answer) => {
    const { method = "", url, headers } = question;
    asked.set(method, (asked.get(method) ?? 0) + 1);
    if (way === "cut") return void question.socket.destroy();
    if (way === "hangs") return void waiting.add(answer);
    const onward = request(
      { host: "127.0.0.1", port: managerPort, method, path: url, headers },
      (heard) => {
        answer.writeHead(heard.statusCode ?? 502, heard.headers);
        heard.pipe(answer);
        heard.on("error", () => answer.destroy());
      },
    );
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    question.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the wire has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    set(next) {
      way = next;
      // What is open is cut too: event streams above all.
      if (next !== "open") server.closeAllConnections();
      for (const answer of waiting) answer.destroy();
      waiting.clear();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
