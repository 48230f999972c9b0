import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { EnrolRequest, ManagerMessage } from "#proto/messages/frames.ts";
import type { ScriptedManager } from "./scripted-manager.ts";
import type { TestAuthority } from "./test-authority.ts";

/** A scripted manager behind real sockets: mutual TLS 1.3 on loopback, both of the agent's paths. */
export interface TlsManager {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly enrolments: EnrolRequest[];
  /** Ends every connection at once, as a killed manager does. */
  cut(): void;
  close(): Promise<void>;
}

export interface TlsManagerParts {
  readonly authority: TestAuthority;
  readonly manager: ScriptedManager;
  /** `spki`: the key that TLS has proven, DER. */
  readonly enrol: (request: EnrolRequest, spki: Uint8Array) => ManagerMessage;
  readonly port?: number;
}

export async function startTlsManager(parts: TlsManagerParts): Promise<TlsManager> {
  const { authority, manager } = parts;
  const key = authority.issueListener();
  const server = createServer({
    key: key.privateKeyPem,
    cert: key.chainPem,
    minVersion: "TLSv1.3",
    requestCert: true,
    rejectUnauthorized: false,
  });
  const enrolments: EnrolRequest[] = [];
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket, request) => {
    const send = (bytes: Uint8Array): void => socket.send(bytes);
    if (request.url === "/agent/v1/enrol") {
      const tls = request.socket;
      const certificate = tls instanceof TLSSocket ? tls.getPeerX509Certificate() : undefined;
      const spki = certificate?.publicKey.export({ type: "spki", format: "der" });
      socket.on("message", (data: Buffer) => {
        const decoded = decodeAgentFrame(data);
        if (!decoded.ok || decoded.value.kind !== "enrol" || spki === undefined) {
          socket.close(1008, "not an enrolment");
          return;
        }
        enrolments.push(decoded.value.enrol);
        send(encodeManagerFrame(parts.enrol(decoded.value.enrol, spki)));
        socket.close(1000);
      });
      return;
    }
    const handlers = manager.accept({
      agent: request.socket.remoteAddress ?? "",
      target: {
        url: request.url ?? "",
        credentials: { privateKeyPem: "", certificateChainPem: "", caPem: null, caKeySha256: null },
      },
      send,
      bufferedBytes: () => socket.bufferedAmount,
      close: (code, detail) => socket.close(code, detail),
    });
    socket.on("message", (data: Buffer) => handlers.onMessage(data));
    socket.on("close", (code, reason) => handlers.onClose(code, reason.toString()));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(parts.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  };
  return {
    address: `127.0.0.1:${port}`,
    enrolments,
    cut,
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
