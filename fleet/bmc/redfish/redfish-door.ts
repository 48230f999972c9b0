import { Agent, request } from "node:https";
import { TLSSocket } from "node:tls";
import type { Clock } from "#proto/vocabulary/clock.ts";

/** One resource is not larger; the largest that was seen (a power meter's history) has 150 KiB. */
export const bodyBytesMax = 2 * 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  /** Cut where it is larger than `bodyBytesMax`. */
  readonly text: string;
  readonly isCut: boolean;
}

/** The certificate of a controller is accepted for looking, and shown. */
export interface SeenCertificate {
  readonly sha256: string;
  readonly subject: string;
  /** The system's authorities vouch for it, for this name. */
  readonly isTrusted: boolean;
  readonly validTo: string;
}

/** The door to one Redfish service: only GET. */
export interface RedfishDoor {
  /** Throws DoorError. `isKnown`: with user and password. */
  get(path: string, isKnown: boolean, signal: AbortSignal): Promise<HttpAnswer>;
  certificate(): SeenCertificate | null;
  close(): void;
}

export class DoorError extends Error {
  override readonly name = "DoorError";
}

export interface DoorOptions {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** HTTPS, one request at a time over one connection that is kept. Redirects are not followed. */
export function openRedfishDoor(options: DoorOptions): RedfishDoor {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const secret = Buffer.from(`${options.user}:${options.password}`, "utf8").toString("base64");
  let seen: SeenCertificate | null = null;
  return {
    certificate: () => seen,
    close: () => agent.destroy(),
    get: (path, isKnown, signal) =>
      new Promise((resolve, reject) => {
        const headers: Record<string, string> = {
          accept: "application/json",
          "odata-version": "4.0",
          ...(isKnown ? { authorization: `Basic ${secret}` } : {}),
        };
        const asking = request({
          agent,
          host: options.address,
          port: options.port,
          method: "GET",
          path,
          headers,
          // Controllers sign their own certificates: the fingerprint is shown instead.
          rejectUnauthorized: false,
          signal,
        });
        const cancel = options.clock.after(options.timeoutMs, () =>
          asking.destroy(new DoorError(`no answer within ${options.timeoutMs} ms`)),
        );
        const fail = (error: Error): void => {
          cancel();
          reject(
            error instanceof DoorError ? error : new DoorError(error.message, { cause: error }),
          );
        };
        asking.on("error", fail);
        asking.on("response", (response) => {
          if (response.socket instanceof TLSSocket) seen ??= certificateOf(response.socket);
          const parts: Buffer[] = [];
          let bytes = 0;
          const end = (isCut: boolean): void => {
            cancel();
            const text = Buffer.concat(parts).toString("utf8");
            resolve({ status: response.statusCode ?? 0, text, isCut });
          };
          response.on("data", (part: Buffer) => {
            bytes += part.length;
            if (bytes <= bodyBytesMax) return parts.push(part);
            end(true);
            return response.destroy();
          });
          response.on("end", () => end(false));
          response.on("error", fail);
        });
        asking.end();
      }),
  };
}

/** What the peer showed; null: nothing. */
export function certificateOf(socket: TLSSocket): SeenCertificate | null {
  const certificate = socket.getPeerCertificate();
  // An empty object where the peer showed none.
  if (typeof certificate.fingerprint256 !== "string") return null;
  const name = certificate.subject?.CN;
  return {
    sha256: certificate.fingerprint256,
    subject: (Array.isArray(name) ? name.join(", ") : (name ?? "")).slice(0, 128),
    isTrusted: socket.authorized,
    validTo: certificate.valid_to,
  };
}
