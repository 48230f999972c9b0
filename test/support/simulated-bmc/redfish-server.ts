import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { writeSelfSigned } from "#proto/certificate/self-signed.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { BmcLies, BmcState } from "./bmc-state.ts";
import { redfishTree } from "./redfish-tree.ts";

export interface RedfishServer {
  readonly port: number;
  readonly certificatePem: string;
  /** `GET /redfish/v1` …, in order. */
  requests(): readonly string[];
  close(): Promise<void>;
}

/** Redfish over HTTPS with a certificate that nobody knows, as controllers have it. */
export async function startRedfishServer(
  where: { readonly address: string; readonly port: number },
  world: { readonly state: BmcState; readonly lies: BmcLies; readonly random: Random },
): Promise<RedfishServer> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const der = Buffer.from(writeSelfSigned(key, world.random)).toString("base64");
  const cert = `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  const requests: string[] = [];
  const service = new RedfishService(world.state, world.lies);
  const sockets = new Set<Duplex>();
  const server = createServer({ key, cert }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    service.answer(request, response);
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

class RedfishService {
  readonly #state: BmcState;
  readonly #lies: BmcLies;
  readonly #tree: Readonly<Record<string, unknown>>;
  #pages = 0;

  constructor(state: BmcState, lies: BmcLies) {
    this.#state = state;
    this.#lies = lies;
    this.#tree = redfishTree(state, lies);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#lies.httpSilent === true) return;
    const { status, body } = this.#answer(request);
    response.writeHead(status, { "content-type": "application/json", "odata-version": "4.0" });
    response.end(JSON.stringify(body));
  }

  #answer(request: IncomingMessage): { readonly status: number; readonly body: unknown } {
    const { httpStatus } = this.#lies;
    if (httpStatus !== undefined) return { status: httpStatus, body: error("not now") };
    const path = (request.url ?? "").replace(/\?.*$/, "").replace(/(?<=.)\/$/, "");
    const isOpen = path === "/redfish" || path === "/redfish/v1";
    if (!isOpen && !this.#knows(request.headers.authorization))
      return { status: 401, body: error("authentication needed") };
    if (request.method !== "GET") return { status: 405, body: error("only looking") };
    const body = this.#body(path, request.url ?? "");
    if (body === undefined) return { status: 404, body: error(`${path} was not found`) };
    return { status: 200, body };
  }

  #body(path: string, url: string): unknown {
    const lies = this.#lies;
    const isSensors = path === "/redfish/v1/Chassis/1/Sensors";
    if (lies.endlessCollection === true && isSensors) {
      this.#pages += 1;
      const next = `${path}?$skip=${this.#pages}`;
      const members = [{ "@odata.id": `${path}/S${this.#pages}` }];
      return { "@odata.id": url, Members: members, "Members@odata.nextLink": next };
    }
    if (lies.endlessCollection === true && path.startsWith("/redfish/v1/Chassis/1/Sensors/S"))
      return { "@odata.id": path, ReadingType: "Voltage", Reading: 12 };
    if (lies.errorAsResource === true && path === "/redfish/v1/Chassis/1/Power")
      return error("an internal error, with status 200");
    if (lies.hugeBodyBytes !== undefined && path === "/redfish/v1/Chassis/1/Thermal")
      return { filler: "x".repeat(lies.hugeBodyBytes) };
    return this.#tree[path];
  }

  #knows(header: string | undefined): boolean {
    const [, encoded] = /^Basic (.+)$/.exec(header ?? "") ?? [];
    if (encoded === undefined) return false;
    const [user = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
    return this.#state.users[user] === rest.join(":");
  }
}

function error(message: string): unknown {
  return { error: { code: "Base.1.13.GeneralError", message } };
}
