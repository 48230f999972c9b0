import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createNetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { type ServerOptions, WebSocketServer } from "ws";
import type { PeerIdentity } from "#fleet/identity/host-identity.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { type AdmissionSettings, admissionDefaults, createAdmission } from "./admission.ts";
import type { AgentConnection, Gateway } from "./agent-connection.ts";
import { badRequest, certificateMissing, upgradeRequired, wrongPath } from "./http-answers.ts";
import { type ListenerTls, readPeer, tlsOptions } from "./listener-tls.ts";
import { createNetworkCap } from "./network-cap.ts";
import { joinSocket, type SocketLimits } from "./ws-connection.ts";

export interface ListenerSettings extends SocketLimits {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly handshakeMsMax: number;
  readonly unauthenticatedPerNetworkMax: number;
  readonly admission: AdmissionSettings;
}

export const listenerDefaults: Omit<ListenerSettings, "host" | "port"> = {
  handshakeMsMax: wireLimits.handshakeMsMax,
  unauthenticatedPerNetworkMax: wireLimits.unauthenticatedPerNetworkMax,
  pingIntervalMs: wireLimits.pingIntervalMs,
  pingJitter: wireLimits.pingJitter,
  silenceMsMax: wireLimits.silenceMsMax,
  messagesPerSecond: wireLimits.messagesPerSecond,
  messagesBurst: wireLimits.messagesBurst,
  admission: admissionDefaults,
};

export interface AgentListener {
  readonly port: number;
  /** No new connections from now on; those that are still there after `graceMs` are cut. */
  stop(graceMs: number): Promise<void>;
}

/**
 * The agents' door: TCP → a turn in the admission queue → TLS 1.3 with a client certificate → HTTP
 * upgrade on one of two paths → the gateway's core. Whoever shows no certificate never reaches the
 * HTTP parser. Rejects with the system's error where the port cannot be had.
 */
export async function startAgentListener(effects: {
  readonly gateway: Gateway;
  readonly tls: ListenerTls;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: ListenerSettings;
}): Promise<AgentListener> {
  const { gateway, clock, random, log, settings } = effects;
  const cap = createNetworkCap(settings.unauthenticatedPerNetworkMax);
  const admission = createAdmission(clock, settings.admission);
  const peers = new WeakMap<
    Duplex,
    { readonly peer: PeerIdentity; readonly arrived: () => void }
  >();
  const open = new Set<Socket>();

  const doors: Readonly<Record<string, Door>> = {
    "/agent/v1": { purpose: "agent", sockets: webSockets(wireLimits.messageBytesMax) },
    "/agent/v1/enrol": { purpose: "enrol", sockets: webSockets(wireLimits.enrolmentBytesMax) },
  };

  const http = createHttpServer({ maxHeaderSize: 8 * 1024, keepAlive: false });
  http.maxHeadersCount = 32;
  http.on("request", (request: IncomingMessage, response) => {
    finish(response.socket, doorOf(doors, request) === undefined ? wrongPath : upgradeRequired);
  });
  http.on("clientError", (_error, socket) => finish(socket, badRequest));
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const door = doorOf(doors, request);
    const known = peers.get(socket);
    if (door === undefined || known === undefined) return finish(socket, wrongPath);
    door.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      known.arrived();
      joinSocket({ gateway, clock, random, log, limits: settings }, webSocket, {
        peer: known.peer,
        purpose: door.purpose,
      });
    });
  });

  /** What is to be done for a connection once TLS is through with it, by its other end. */
  const arrivals = new Map<string, Arrival>();
  const tlsServer = createTlsServer(tlsOptions(effects.tls, settings.handshakeMsMax), (socket) => {
    const arrival = arrivals.get(endOf(socket));
    arrival?.handshakeOver();
    socket.on("error", () => socket.destroy());
    const peer = readPeer(socket);
    if (peer === null) return finish(socket, certificateMissing);
    peers.set(socket, { peer, arrived: () => arrival?.over() });
    http.emit("connection", socket);
  });
  tlsServer.on("tlsClientError", (error, socket) => {
    log.debug({ err: error, address: socket.remoteAddress }, "a TLS handshake failed");
    arrivals.get(endOf(socket))?.over();
    socket.destroy();
  });

  const net = createNetServer({ pauseOnConnect: true }, (raw) => {
    const leaveNetwork = cap.enter(raw.remoteAddress ?? "");
    if (leaveNetwork === null) {
      raw.destroy();
      return;
    }
    open.add(raw);
    let leaveAdmission = (): void => {};
    let cancelDeadline = (): void => {};
    const arrival: Arrival = {
      handshakeOver: () => leaveAdmission(),
      over: () => {
        leaveAdmission();
        leaveNetwork();
        cancelDeadline();
      },
    };
    const end = endOf(raw);
    arrivals.set(end, arrival);
    const leaveQueue = admission.ask({
      enter: (leave) => {
        leaveAdmission = leave;
        cancelDeadline = clock.after(settings.handshakeMsMax, () => raw.destroy());
        tlsServer.emit("connection", raw);
        raw.resume();
      },
      turnAway: (why) => {
        log.debug({ why, address: raw.remoteAddress }, "a connection was not let in");
        raw.destroy();
      },
    });
    raw.on("error", () => raw.destroy());
    raw.once("close", () => {
      open.delete(raw);
      arrivals.delete(end);
      leaveQueue();
      arrival.over();
    });
  });

  await new Promise<void>((resolve, reject) => {
    net.once("error", reject);
    net.listen({ port: settings.port, host: settings.host, backlog: 4_096 }, () => {
      net.off("error", reject);
      net.on("error", (error) => log.error({ err: error }, "the agents' listener failed"));
      resolve();
    });
  });
  const address = net.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : settings.port,
    stop: (graceMs) =>
      new Promise((resolve) => {
        admission.stop();
        const cancel = clock.after(graceMs, () => {
          for (const raw of open) raw.destroy();
        });
        net.close(() => {
          cancel();
          resolve();
        });
      }),
  };
}

interface Arrival {
  handshakeOver(): void;
  /** It is the core's now, or gone. */
  over(): void;
}

interface Door {
  readonly purpose: AgentConnection["purpose"];
  readonly sockets: WebSocketServer;
}

function webSockets(bytesMax: number): WebSocketServer {
  const options: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: bytesMax,
    maxFragments: wireLimits.fragmentsMax,
    maxBufferedChunks: wireLimits.bufferedChunksMax,
    closeTimeout: 5_000,
  };
  return new WebSocketServer(options);
}

function doorOf(doors: Readonly<Record<string, Door>>, request: IncomingMessage): Door | undefined {
  const path = (request.url ?? "").split("?")[0] ?? "";
  return Object.hasOwn(doors, path) ? doors[path] : undefined;
}

function finish(socket: Duplex | null, answer: string): void {
  if (socket === null || socket.destroyed) return;
  // Whoever does not read the answer must not keep the socket: its deadline still runs.
  socket.end(answer, () => socket.destroy());
}

/** Names an open connection: no other one to this port has the same far end. */
function endOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}
