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
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import type { People } from "#fleet/identity/people.ts";
import type { EstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { SafeModeWatch } from "#fleet/lifecycle/safe-mode-watch.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { createAlertRoutes } from "./alert-routes.ts";
import { createAuditRoutes } from "./audit-routes.ts";
import { createDoorkeeper, isLoopback, namesOf } from "./authentication.ts";
import { serveConsole } from "./console-files.ts";
import { createEnrolmentRoutes } from "./enrolment-routes.ts";
import { createEstateRoutes } from "./estate-routes.ts";
import { createEventHub } from "./event-hub.ts";
import { createEventRoutes } from "./event-routes.ts";
import { createHealthRoutes } from "./health-routes.ts";
import { createFactsCache } from "./host-facts.ts";
import { createHoldRoutes } from "./hold-routes.ts";
import { createHostRoutes } from "./host-routes.ts";
import { createHostViews } from "./host-views.ts";
import { createManagerRoutes } from "./manager-routes.ts";
import { createLimits, type Limits } from "./limits.ts";
import { createDocumentRoutes, describeApi } from "./openapi.ts";
import { createOperationRoutes } from "./operation-routes.ts";
import { createOwnMetrics, type MoreFigures } from "./own-metrics.ts";
import { createPlaceRoutes } from "./place-routes.ts";
import { createPlanRoutes } from "./plan-routes.ts";
import { registerRoutes } from "./register-route.ts";
import { createAnswerMemory } from "./repeated-requests.ts";
import type { Route } from "./route.ts";
import { createSafeModeRoutes } from "./safe-mode-routes.ts";
import type { Ready } from "./manager-schemas.ts";
import {
  answerProblems,
  countRequests,
  securityHeaders,
  sendProblem,
  takeJsonOnly,
  translate,
} from "./server-manners.ts";
import { createSessionRoutes } from "./session-routes.ts";
import { createStoreRoutes, type StoreKeeper } from "./store-routes.ts";
import { createTelemetryRoutes } from "./telemetry-routes.ts";
import { createTenancyRoutes } from "./tenancy-routes.ts";
import { createWatchRoutes } from "./watch-routes.ts";

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

export interface ApiParts {
  readonly inventory: Inventory;
  readonly links: Links;
  readonly telemetry: Telemetry;
  readonly health: HealthReader;
  readonly identity: HostIdentity;
  readonly estate: EstateDesk;
  readonly lifecycle: Lifecycle;
  readonly plans: Plans;
  readonly tenancy: Tenancy;
  readonly people: People;
  readonly safeMode: Pick<SafeModeWatch, "mode" | "acknowledge">;
  readonly domains: Pick<DomainWatch, "open" | "acknowledge">;
  readonly audit: Pick<Audit, "append" | "list" | "verify">;
  readonly events: FleetEvents;
  readonly store: StoreKeeper;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ApiSettings;
  readonly ready: () => Ready;
  readonly release: string;
  /** Where the built console lies, or would. */
  readonly consoleFolder: string;
  readonly figures?: MoreFigures;
}

export interface Api {
  /** Resolves with the address people use, as in `http://127.0.0.1:7600`. Rejects: port taken. */
  listen(): Promise<string>;
  /** Ends the event streams, lets requests in flight finish. */
  close(): Promise<void>;
  /** Asks without a socket; for tests. */
  readonly inject: FastifyInstance["inject"];
}

export const bodyBytesMax = 1024 * 1024;

/** The HTTP API for operators and tools, and the console's files. */
export function createApi(parts: ApiParts): Api {
  const { clock, log, settings, people, events, inventory } = parts;
  const isEncrypted = settings.tls !== null;
  if (!isEncrypted && !isLoopback(settings.address)) {
    throw new TypeError(`plain HTTP on ${settings.address}: any address but loopback needs TLS`);
  }
  // The prefix makes browsers hold the cookie to this host and to TLS; they refuse it without TLS.
  const cookieName = isEncrypted ? "__Host-wws_session" : "wws_session";
  const app = openServer(settings);
  const hub = createEventHub({ events, clock, run: clock.nowUnixMs().toString(36) });
  const facts = createFactsCache(inventory, events);
  const views = createHostViews({ ...parts, facts });
  const streams = createEventRoutes({ hub, clock, inventory, cookieName });
  const more = parts.figures ?? {};
  const ownMetrics = createOwnMetrics({ ...parts, streams: streams.count, more });
  const doorkeeper = createDoorkeeper({
    people,
    cookieName,
    isEncrypted,
    names: namesOf(settings.address, settings.names),
  });
  const collectRoutes = (limits: Limits): readonly Route[] => [
    ...createPlaceRoutes({ inventory, views }),
    ...createHostRoutes({ ...parts, views }),
    ...createHealthRoutes({ ...parts, views }),
    ...createWatchRoutes({ ...parts, views }),
    ...createPlanRoutes({ ...parts, views }),
    ...createOperationRoutes(parts),
    ...createHoldRoutes({ ...parts, views }),
    ...createAlertRoutes(parts),
    ...createTenancyRoutes({ ...parts, views }),
    ...createTelemetryRoutes(parts),
    ...streams.routes,
    ...createEnrolmentRoutes(parts),
    ...createEstateRoutes(parts),
    ...createSessionRoutes({
      people,
      cookieName,
      isEncrypted,
      countAttempt: limits.attempt,
      onSignOut: streams.endOf,
    }),
    ...createStoreRoutes(parts.store),
    ...createSafeModeRoutes(parts.safeMode),
    ...createAuditRoutes(parts),
    ...createManagerRoutes({ ...parts, writeMetrics: ownMetrics.write }),
    ...createDocumentRoutes(app),
  ];

  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // The types have checked the answer's shape; to check each again would cost more than the rest.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  takeJsonOnly(app);
  countRequests(app, ownMetrics);
  app.register(fastifyHelmet, securityHeaders(isEncrypted));
  app.register(fastifyCookie);
  answerProblems(app, { log, consoleFiles: serveConsole(app, parts.consoleFolder) });
  describeApi(app, { release: parts.release, cookieName });
  const routes: FastifyPluginAsync = async (scope) => {
    const limits = await createLimits(scope);
    const { audit } = parts;
    const support = { doorkeeper, limits, audit, log, answers: createAnswerMemory(clock) };
    registerRoutes(scope, collectRoutes(limits), support);
  };
  app.register(routes);

  return {
    async listen() {
      const listening: Promise<string> = app.listen({
        host: settings.address,
        port: settings.port,
      });
      await listening;
      ownMetrics.watchProcess();
      return addressOf(app, settings);
    },
    async close() {
      streams.endAll("the manager is stopping");
      hub.close();
      facts.close();
      await app.close();
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
