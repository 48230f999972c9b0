import type { WebSocket as AcceptedSocket } from "ws";
import type { PeerIdentity } from "#fleet/identity/host-identity.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { AgentConnection, ConnectionHandlers, Gateway } from "./agent-connection.ts";
import { createTokenBucket } from "./token-bucket.ts";

export interface SocketLimits {
  readonly pingIntervalMs: number;
  /** Share of the interval by which pings are spread to both sides. */
  readonly pingJitter: number;
  readonly silenceMsMax: number;
  readonly messagesPerSecond: number;
  readonly messagesBurst: number;
}

/** Joins an accepted WebSocket to the gateway's core, and sees to what only sockets have. */
export function joinSocket(
  effects: {
    readonly gateway: Gateway;
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Log;
    readonly limits: SocketLimits;
  },
  socket: AcceptedSocket,
  about: { readonly peer: PeerIdentity; readonly purpose: AgentConnection["purpose"] },
): void {
  const { gateway, clock, random, log, limits } = effects;
  let heardAt = clock.nowMonotonicMs();
  const controlFrames = createTokenBucket({
    perSecond: limits.messagesPerSecond,
    burst: limits.messagesBurst,
  });
  const heard = (): void => {
    heardAt = clock.nowMonotonicMs();
  };
  const control = (): void => {
    heard();
    if (!controlFrames.take(heardAt)) socket.terminate();
  };

  const handlers: ConnectionHandlers = gateway.accept({
    ...about,
    send: (bytes) => socket.send(bytes, { binary: true }, ignoreFailedSend),
    bufferedBytes: () => socket.bufferedAmount,
    close: (code, detail) => socket.close(code, detail),
  });

  socket.on("message", (data, isBinary) => {
    heard();
    if (!isBinary) return socket.close(1003, "binary frames only");
    if (Buffer.isBuffer(data)) handlers.onMessage(data);
  });
  socket.on("ping", control);
  socket.on("pong", control);
  // ws closes by itself after an error of the peer (1002, 1007, 1009); "close" comes next.
  socket.on("error", (error) =>
    log.debug({ err: error, address: about.peer.address }, "agent's socket failed"),
  );
  socket.on("close", (code, reason) => {
    cancelPing();
    handlers.onClose(code, reason.toString("utf8"));
  });

  const ping = (): void => {
    if (clock.nowMonotonicMs() - heardAt >= limits.silenceMsMax) {
      socket.terminate();
      return;
    }
    if (socket.readyState === socket.OPEN) socket.ping();
    cancelPing = clock.after(nextPingMs(), ping);
  };
  const nextPingMs = (): number =>
    limits.pingIntervalMs * (1 + limits.pingJitter * (2 * random.next() - 1));
  let cancelPing = clock.after(nextPingMs(), ping);
}

/** A send that fails ends in "close", which is where it counts. */
function ignoreFailedSend(): void {}
