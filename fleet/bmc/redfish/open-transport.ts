import { Agent, request } from "node:https";
import { connect } from "node:tls";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { bodyBytesMax, certificateOf, DoorError, type SeenCertificate } from "./redfish-door.ts";
import type { RedfishAnswer, RedfishRequest, RedfishTransport } from "./redfish-transport.ts";

export interface TransportOptions {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** SHA-256 of the certificate, hexadecimal, with or without colons; null: any, which is shown. */
  readonly fingerprint: string | null;
  readonly clock: Clock;
}

export interface OpenTransport extends RedfishTransport {
  /** The last that was shown. */
  certificate(): SeenCertificate | null;
}

/**
 * HTTPS, one request at a time over one connection that is kept. After a reset of the connection a
 * request is sent once more on a new one, if twice is the same as once. Redirects are not followed.
 * A certificate that is not the pinned one is hung up on before a byte of ours was sent.
 */
export function openRedfishTransport(options: TransportOptions): OpenTransport {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let seen: SeenCertificate | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  agent.createConnection = (_options, done) => {
    const { address, port, fingerprint } = options;
    // Controllers sign their own certificates: the fingerprint decides, or is shown.
    const socket = connect({ host: address, port, rejectUnauthorized: false }, () => {
      seen = certificateOf(socket);
      const isPinned = fingerprint === null || plainPrint(seen?.sha256) === plainPrint(fingerprint);
      socket.off("error", fail);
      if (isPinned) return done?.(null, socket);
      const error = new DoorError("its certificate is not the one that is pinned");
      socket.destroy();
      return done?.(error, socket);
    });
    const fail = (error: Error): void => void done?.(error, socket);
    socket.once("error", fail);
    return undefined;
  };
  return {
    certificate: () => seen,
    close: () => {
      isOpen = false;
      agent.destroy();
    },
    send: (asked, signal) => {
      const next = last
        .catch(() => {})
        .then(async () => {
          if (!isOpen) throw new DoorError("the connection is closed");
          try {
            return await ask(agent, options, asked, signal);
          } catch (error) {
            if (!isReset(error) || !mayRepeat(asked) || signal.aborted) throw asDoorError(error);
            return await ask(agent, options, asked, signal).catch((again: unknown) => {
              throw asDoorError(again);
            });
          }
        });
      last = next;
      return next;
    },
  };
}

function ask(
  agent: Agent,
  { address, port, timeoutMs, clock }: TransportOptions,
  { method, path, headers, body }: RedfishRequest,
  signal: AbortSignal,
): Promise<RedfishAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const asking = request({
      agent,
      host: address,
      port,
      method,
      path,
      headers: { ...headers, ...length },
      signal,
    });
    const cancel = clock.after(timeoutMs, () =>
      asking.destroy(new DoorError(`no answer within ${timeoutMs} ms`)),
    );
    const fail = (error: Error): void => {
      cancel();
      reject(error);
    };
    asking.on("error", fail);
    asking.on("response", (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      const end = (isCut: boolean): void => {
        cancel();
        const text = Buffer.concat(parts).toString("utf8");
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: plainHeaders(response.headers), text, isCut });
      };
      response.on("data", (part: Buffer) => {
        bytes += part.length;
        if (bytes <= bodyBytesMax) return parts.push(part);
        end(true);
        return response.destroy();
      });
      response.on("end", () => end(false));
      response.on("error", fail);
      response.on("aborted", () => fail(new DoorError("the answer broke off")));
    });
    asking.end(body ?? undefined);
  });
}

/** The same values written twice are the same; an action done twice is not. */
function mayRepeat({ method }: RedfishRequest): boolean {
  return method !== "POST";
}

function isReset(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ECONNRESET" || error.code === "EPIPE";
}

function asDoorError(error: unknown): DoorError {
  if (error instanceof DoorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DoorError(message, { cause: error });
}

const headerLengthMax = 2_048;

function plainHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const text = typeof value === "string" ? value : value?.at(-1);
      return text === undefined ? [] : [[name, text.slice(0, headerLengthMax)]];
    }),
  );
}

function plainPrint(fingerprint: string | undefined): string | null {
  return fingerprint?.replaceAll(":", "").toLowerCase() ?? null;
}
