import { createConnection, type Socket } from "node:net";

/** A connection to one QEMU, for as long as it runs. */
export interface QmpClient {
  /** Rejects what QEMU refuses, and when it ends before it answered. */
  tell(execute: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const connectTriesMax = 100;
const connectEveryMs = 50;

/**
 * QEMU's machine protocol over its socket: one JSON object a line, after `qmp_capabilities`; events
 * come in between (docs/interop/qmp-spec.txt). QEMU makes the socket a moment after its start.
 */
export async function connectQmp(
  path: string,
  onEvent: (name: string) => void,
  isStillWanted: () => boolean,
): Promise<QmpClient> {
  const socket = await connectSoon(path, isStillWanted);
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    text += piece;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const said = JSON.parse(line) as {
        readonly event?: string;
        readonly id?: number;
        readonly return?: unknown;
        readonly error?: { readonly desc: string };
      };
      if (said.event !== undefined) onEvent(said.event);
      const one = said.id === undefined ? undefined : waiting.get(said.id);
      if (one === undefined || said.id === undefined) continue;
      waiting.delete(said.id);
      if (said.error !== undefined) one.reject(new Error(said.error.desc));
      else one.resolve(said.return);
    }
  });
  const end = (): void => {
    for (const one of waiting.values()) one.reject(new Error("QEMU ended before it answered"));
    waiting.clear();
  };
  socket.on("close", end);
  socket.on("error", end);
  const tell = (execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = next;
      next += 1;
      if (socket.destroyed) return reject(new Error("QEMU has ended"));
      waiting.set(id, { resolve, reject });
      socket.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
    });
  await tell("qmp_capabilities");
  return { tell, close: () => socket.destroy() };
}

async function connectSoon(path: string, isStillWanted: () => boolean): Promise<Socket> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = createConnection(path);
        socket.once("connect", () => resolve(socket));
        socket.once("error", reject);
      });
    } catch (error) {
      if (tries >= connectTriesMax || !isStillWanted()) throw error;
      await new Promise((resolve) => setTimeout(resolve, connectEveryMs));
    }
  }
}
