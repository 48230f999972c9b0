import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { encodeFrame, FrameCollector } from "./frame.ts";
import type { Answer, Looker } from "./looker.ts";
import { lookerLimits } from "./looker-limits.ts";

/** Where to listen: a socket that systemd opened, or a path that is made here. */
export type ListenAt = { readonly fd: number } | { readonly path: string };

export interface LookerServerParts {
  readonly looker: Looker;
  readonly clock: Clock;
  /** Called once when nobody has asked anything for so long; 0: never. */
  readonly idleMs: number;
  readonly onIdle: () => void;
}

export interface LookerServer {
  readonly listening: Promise<void>;
  close(): Promise<void>;
}

/**
 * One question a connection, then it is closed. Node cannot ask who is at the other end, so the door
 * is the mode of the socket and its folder; whoever is in is bounded in everything.
 */
export function serveLooker(at: ListenAt, parts: LookerServerParts): LookerServer {
  const { looker, clock, idleMs, onIdle } = parts;
  const open = new Set<Socket>();
  let cancelIdle = (): void => {};
  const awaitIdle = (): void => {
    cancelIdle();
    if (idleMs > 0 && open.size === 0 && looker.busy() === 0) {
      cancelIdle = clock.after(idleMs, onIdle);
    }
  };
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    if (open.size >= lookerLimits.connectionsMax) {
      socket.destroy();
      return;
    }
    cancelIdle();
    open.add(socket);
    serveOne(socket, looker, clock, () => {
      open.delete(socket);
      awaitIdle();
    });
  });
  const listening = new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, () => {
      awaitIdle();
      resolve();
    });
  });
  return {
    listening,
    close: () =>
      new Promise((resolve) => {
        cancelIdle();
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function serveOne(socket: Socket, looker: Looker, clock: Clock, onEnd: () => void): void {
  const collector = new FrameCollector(lookerLimits.questionBytesMax);
  let isAsked = false;
  let cancel = clock.after(lookerLimits.transferMsMax, () => socket.destroy());
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    cancel();
    onEnd();
  };
  const say = (answer: Answer): void => {
    if (socket.destroyed) return;
    cancel();
    cancel = clock.after(lookerLimits.transferMsMax, () => socket.destroy());
    socket.end(boundedFrame(answer));
  };
  // Whoever leaves early costs nothing more; what runs for them ends by its own time limit.
  socket.on("error", () => socket.destroy());
  socket.on("close", end);
  socket.on("end", () => {
    if (!isAsked) socket.destroy();
  });
  socket.on("data", (piece) => {
    if (isAsked) {
      socket.destroy();
      return;
    }
    const state = collector.take(piece);
    if (state.kind === "incomplete") return;
    isAsked = true;
    if (state.kind === "broken") {
      say({ ok: false, problem: { kind: "refused", detail: state.detail } });
      return;
    }
    cancel();
    void looker.answer(state.value).then(say);
  });
}

function boundedFrame(answer: Answer): Uint8Array {
  const frame = encodeFrame(answer);
  if (frame.length <= lookerLimits.answerBytesMax) return frame;
  return encodeFrame({
    ok: false,
    problem: { kind: "refused", detail: "the answer is larger than the looker gives" },
  });
}
