import fastifyCookie from "@fastify/cookie";
import fastifyHelmet from "@fastify/helmet";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { Audit } from "#fleet/audit/audit.ts";
import type { People } from "#fleet/identity/people.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { type Authority, cellWideAuthority } from "./authority.ts";
import { createDoorkeeper, isLoopback, namesOf } from "./authentication.ts";
import { serveConsole } from "./console-files.ts";
import { createLimits, type Limits } from "./limits.ts";
import { describeApi } from "./openapi.ts";
import type { OwnMetrics } from "./own-metrics.ts";
import { registerRoutes } from "./register-route.ts";
import { createAnswerMemory } from "./repeated-requests.ts";
import type { Route } from "./route.ts";
import {
  answerProblems,
  countRequests,
  securityHeaders,
  sendProblem,
  takeJsonOnly,
  translate,
} from "./server-manners.ts";

export interface ApiSettings {
  /** Address to listen on: `127.0.0.1`. Any but loopback needs `tls`. */
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM. null: plain HTTP, on loopback only. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Further names by which people reach this manager: `fleet.example.net`. */
  readonly names: readonly string[];
  /** How long a request may take to arrive; `patienceUsual` where not said. */
  readonly patience?: Patience;
}

export interface Patience {
  readonly headersMsMax: number;
  readonly requestMsMax: number;
}

export const patienceUsual: Patience = { headersMsMax: 10_000, requestMsMax: 30_000 };

export interface Api {
  /** Resolves with the address people use, as in `http://127.0.0.1:7600`. Rejects: port taken. */
  listen(): Promise<string>;
  /** Ends the event streams, lets requests in flight finish. */
  close(): Promise<void>;
  /** Asks without a socket; for tests. */
  readonly inject: FastifyInstance["inject"];
}

export const bodyBytesMax = 1024 * 1024;
/** What is being answered when the server closes has so long. */
const closeMsMax = 1_000;

export interface ApiServerParts {
  readonly people: People;
  /** Where not said, what is asked for needs a role for the whole cell. */
  readonly authority?: Authority;
  readonly audit: Pick<Audit, "append">;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ApiSettings;
  readonly release: string;
  /** Where the built console lies, or would. */
  readonly consoleFolder: string;
  readonly metrics: Pick<OwnMetrics, "countRequest">;
  readonly routes: (joint: {
    readonly app: FastifyInstance;
    readonly limits: Limits;
  }) => readonly Route[];
  readonly onListening?: () => void;
  readonly onClose: () => void;
}

/** The prefix makes browsers hold the cookie to this host and to TLS; they refuse it without TLS. */
export function cookieNameOf(settings: Pick<ApiSettings, "tls">): string {
  return settings.tls === null ? "wws_session" : "__Host-wws_session";
}

/** The server around the routes, whosever they are: who asks, what is refused, the console's files. */
export function createApiServer(parts: ApiServerParts): Api {
  const { clock, log, settings, people, audit } = parts;
  const isEncrypted = settings.tls !== null;
  if (!isEncrypted && !isLoopback(settings.address)) {
    throw new TypeError(`plain HTTP on ${settings.address}: any address but loopback needs TLS`);
  }
  const cookieName = cookieNameOf(settings);
  const app = openServer(settings);
  const doorkeeper = createDoorkeeper({
    people,
    cookieName,
    isEncrypted,
    names: namesOf(settings.address, settings.names),
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // The types have checked the answer's shape; to check each again would cost more than the rest.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  takeJsonOnly(app);
  countRequests(app, parts.metrics);
  app.register(fastifyHelmet, securityHeaders(isEncrypted));
  app.register(fastifyCookie);
  answerProblems(app, { log, consoleFiles: serveConsole(app, parts.consoleFolder) });
  describeApi(app, { release: parts.release, cookieName });
  const routes: FastifyPluginAsync = async (scope) => {
    const limits = await createLimits(scope);
    const authority = parts.authority ?? cellWideAuthority;
    const answers = createAnswerMemory(clock);
    const support = { doorkeeper, authority, limits, audit, log, answers };
    registerRoutes(scope, parts.routes({ app, limits }), support);
  };
  app.register(routes);

  return {
    async listen() {
      const listening: Promise<string> = app.listen({
        host: settings.address,
        port: settings.port,
      });
      await listening;
      parts.onListening?.();
      return addressOf(app, settings);
    },
    async close() {
      parts.onClose();
      // Node counts a connection on which nothing was asked yet, as browsers open them, as busy.
      const cancel = parts.clock.after(closeMsMax, () => app.server.closeAllConnections());
      await app.close();
      cancel();
    },
    inject: app.inject.bind(app),
  };
}

function openServer(settings: ApiSettings): FastifyInstance {
  const { headersMsMax, requestMsMax } = settings.patience ?? patienceUsual;
  const manners = {
    headersTimeout: headersMsMax,
    requestTimeout: requestMsMax,
    // How often connections are looked at; a slow one is cut this much late at most.
    connectionsCheckingInterval: Math.ceil(headersMsMax / 5),
  };
  const options = {
    logger: false,
    trustProxy: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMsMax,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(translate(error), request, reply);
    },
  } as const;
  const { tls } = settings;
  const app: FastifyInstance =
    tls === null
      ? fastify({ ...options, http: manners })
      : fastify({
          ...options,
          https: { ...manners, cert: tls.certificate, key: tls.key, minVersion: "TLSv1.3" },
        });
  return app;
}

/** Short, and different from run to run only by what was asked: the log's line has the time. */
function requestIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `req-${count}`;
  };
}

function addressOf(app: FastifyInstance, settings: ApiSettings): string {
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : settings.port;
  const name = settings.address.includes(":") ? `[${settings.address}]` : settings.address;
  return `${settings.tls === null ? "http" : "https"}://${name}:${port}`;
}
