import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { RedfishRequest } from "#fleet/bmc/redfish/redfish-transport.ts";
import { writeSelfSigned } from "#proto/certificate/self-signed.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { systemClock } from "../system-clock.ts";
import type { BmcLies, BmcState } from "./bmc-state.ts";
import { lookingLies } from "./redfish-looking-lies.ts";
import { createMachine, type RedfishMachine } from "./redfish-machine.ts";
import { createRedfishService, type RedfishHandler } from "./redfish-service.ts";
import { plainShape, type RedfishShape } from "./redfish-shape.ts";

export interface RedfishServer {
  readonly port: number;
  readonly certificatePem: string;
  /** `GET /redfish/v1` …, in order. */
  requests(): readonly string[];
  close(): Promise<void>;
}

export interface RedfishServerWorld {
  readonly state: BmcState;
  readonly lies: BmcLies;
  readonly random: Random;
  /** Real time where none is given. */
  readonly clock?: Clock;
  /** The server behind it, shared with IPMI; one of its own where none is given. */
  readonly machine?: RedfishMachine;
  readonly shape?: Partial<RedfishShape>;
  /** What is put around the service, the outermost last. */
  readonly around?: readonly ((next: RedfishHandler) => RedfishHandler)[];
}

/** A simulated service over HTTPS with a certificate that nobody knows, as controllers have it. */
export async function startRedfishServer(
  where: { readonly address: string; readonly port: number },
  world: RedfishServerWorld,
): Promise<RedfishServer> {
  const { state, lies, random, clock = systemClock } = world;
  const machine = world.machine ?? createMachine(clock, { isOn: state.isOn, onWatts: state.watts });
  const shape = { ...plainShape, ...world.shape };
  const service = createRedfishService({ state, lies, random, clock, machine, shape });
  const around = [lookingLies(lies), ...(world.around ?? [])];
  const handler = around.reduce((next, wrap) => wrap(next), service.handle);
  return serveRedfish(where, { random, handler });
}

/** Any handler over HTTPS; where it rejects, the connection is reset. */
export async function serveRedfish(
  where: { readonly address: string; readonly port: number },
  { random, handler }: { readonly random: Random; readonly handler: RedfishHandler },
): Promise<RedfishServer> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const der = Buffer.from(writeSelfSigned(key, random)).toString("base64");
  const cert = `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer({ key, cert }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void answer(handler, request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where.port, where.address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    certificatePem: cert,
    requests: () => requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  handler: RedfishHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { status, headers, text } = await handler({
      method: request.method as RedfishRequest["method"],
      path: request.url ?? "/",
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: parts.length === 0 ? null : Buffer.concat(parts).toString("utf8"),
    });
    response.writeHead(status, headers);
    response.end(text);
  } catch {
    request.socket.destroy();
  }
}
