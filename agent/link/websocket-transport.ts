import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import { findAuthority } from "./find-authority.ts";
import { LinkError } from "./link-error.ts";
import { formatManagerAddress, parseManagerAddress } from "./manager-address.ts";
import { explainTlsFailure, handshakeMsMax, isUntrusted, managerTls } from "./manager-tls.ts";
import {
  closeCodes,
  type LinkCloseReason,
  type LinkConnection,
  type LinkHandlers,
  type LinkTarget,
  type LinkTransport,
} from "./transport.ts";

/** WebSocket over mutual TLS 1.3. Notices a silent peer by pings of its own. */
export function createWebSocketTransport(effects: {
  readonly clock: Clock;
  readonly random: Random;
}): LinkTransport {
  return {
    connect: (target, handlers) => new WebSocketConnection(target, handlers, effects),
  };
}

class WebSocketConnection implements LinkConnection {
  readonly #handlers: LinkHandlers;
  readonly #effects: { readonly clock: Clock; readonly random: Random };
  #socket: WebSocket | null = null;
  #isClosed = false;
  /** Why it ends, when this side knows better than the socket. */
  #reason: LinkCloseReason | null = null;
  #heardMs = 0;
  #cancelPing: () => void = () => {};

  constructor(
    target: LinkTarget,
    handlers: LinkHandlers,
    effects: { readonly clock: Clock; readonly random: Random },
  ) {
    this.#handlers = handlers;
    this.#effects = effects;
    this.#connect(target).catch((cause: unknown) => {
      const isUntrusted = cause instanceof LinkError && cause.code === "LINK_WRONG_AUTHORITY";
      const detail = cause instanceof Error ? cause.message : String(cause);
      this.#end({ code: isUntrusted ? closeCodes.untrusted : closeCodes.lost, detail });
    });
  }

  send(bytes: Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  close(code: number, detail: string): void {
    this.#reason ??= { code, detail };
    const socket = this.#socket;
    // A reason on the wire is at most 123 bytes.
    if (socket === null) this.#end(this.#reason);
    else if (socket.readyState === WebSocket.OPEN) socket.close(code, detail.slice(0, 40));
    else socket.terminate();
  }

  async #connect(target: LinkTarget): Promise<void> {
    const { credentials, url } = target;
    const parsed = parseManagerAddress(url);
    if (!parsed.ok) throw new LinkError("LINK_ADDRESS", parsed.problem);
    let { caPem } = credentials;
    if (caPem === null) {
      if (credentials.caKeySha256 === null) {
        throw new LinkError("LINK_TLS", "neither an authority nor the hash of one is known");
      }
      caPem = await findAuthority(parsed.value, credentials.caKeySha256, this.#effects.clock);
    }
    if (this.#isClosed) return;
    const socket = new WebSocket(url, {
      ...managerTls(credentials, caPem),
      perMessageDeflate: false,
      handshakeTimeout: handshakeMsMax,
      followRedirects: false,
      maxPayload: wireLimits.messageBytesMax,
      maxFragments: wireLimits.fragmentsMax,
      maxBufferedChunks: wireLimits.bufferedChunksMax,
    });
    this.#socket = socket;
    this.#listen(socket, formatManagerAddress(parsed.value));
  }

  #listen(socket: WebSocket, where: string): void {
    const heard = (): void => {
      this.#heardMs = this.#effects.clock.nowMonotonicMs();
    };
    socket.on("open", () => {
      heard();
      this.#ping(socket);
      this.#handlers.onOpen();
    });
    socket.on("message", (data, isBinary) => {
      heard();
      if (isBinary) this.#handlers.onMessage(toBytes(data));
      else this.close(1003, "the manager sent text");
    });
    socket.on("ping", heard);
    socket.on("pong", heard);
    socket.on("error", (error: Error & { code?: unknown }) => {
      const code = isUntrusted(error) ? closeCodes.untrusted : closeCodes.lost;
      this.#reason ??= { code, detail: `${where}: ${explainTlsFailure(error)}` };
    });
    socket.on("unexpected-response", (request, response) => {
      const { statusCode } = response;
      readStart(response, (text) => {
        const said = text.split("\n")[0]?.trim() ?? "";
        this.#reason ??= { code: closeCodes.lost, detail: `${where}: HTTP ${statusCode}: ${said}` };
        request.destroy();
        socket.terminate();
      });
    });
    socket.on("close", (code, text) => {
      const detail = text.length > 0 ? text.toString("utf8") : "the connection ended";
      this.#end(this.#reason ?? { code, detail });
    });
  }

  #ping(socket: WebSocket): void {
    const { clock, random } = this.#effects;
    const jitter = 1 + wireLimits.pingJitter * (2 * random.next() - 1);
    this.#cancelPing = clock.after(wireLimits.pingIntervalMs * jitter, () => {
      const silentMs = clock.nowMonotonicMs() - this.#heardMs;
      if (silentMs >= wireLimits.silenceMsMax) {
        this.#reason ??= {
          code: closeCodes.lost,
          detail: `the manager was silent for ${silentMs} ms`,
        };
        socket.terminate();
        return;
      }
      // Whoever was heard of since the last look needs no asking: acknowledgements come all the time.
      const isHeard = silentMs < wireLimits.pingIntervalMs * (1 - wireLimits.pingJitter);
      if (!isHeard && socket.readyState === WebSocket.OPEN) socket.ping();
      this.#ping(socket);
    });
  }

  #end(reason: LinkCloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelPing();
    this.#handlers.onClose(reason);
  }
}

/** The first bytes of an answer that is no WebSocket; hostile until proven otherwise. */
function readStart(response: IncomingMessage, use: (text: string) => void): void {
  let text = "";
  let isUsed = false;
  const finish = (): void => {
    if (isUsed) return;
    isUsed = true;
    use(toWireText(text));
  };
  response.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    if (text.length > 1_024) finish();
  });
  response.on("end", finish);
  response.on("close", finish);
  response.on("error", finish);
}

function toBytes(data: WebSocket.RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
}
