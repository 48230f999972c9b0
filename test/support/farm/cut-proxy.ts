import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A wire between agents and a manager that can be cut: it hands bytes on and understands none. */
export interface CutProxy {
  readonly port: number;
  /** Ends what is open and lets nobody through. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function startCutProxy(managerPort: number): Promise<CutProxy> {
  const open = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((agent) => {
    keep(agent);
    if (isCut) return void agent.destroy();
    const manager = connect(managerPort, "127.0.0.1");
    keep(manager);
    agent.pipe(manager).pipe(agent);
    agent.on("close", () => manager.destroy());
    manager.on("close", () => agent.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
