import type { FastifyInstance } from "fastify";
import type { AlertDesk } from "#fleet/alerts/alert-desk.ts";
import type { Audit } from "#fleet/audit/audit.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import type { People } from "#fleet/identity/people.ts";
import type { EstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { FreezeWatch } from "#fleet/lifecycle/freeze-watch.ts";
import type { SafeModeWatch } from "#fleet/lifecycle/safe-mode-watch.ts";
import type { DomainWatch } from "#fleet/lifecycle/watch-domain-events.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Reports } from "#fleet/reports/open-reports.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { createAlertRoutes } from "./alert-routes.ts";
import { type Api, type ApiSettings, cookieNameOf, createApiServer } from "./api-server.ts";
import { createAuditRoutes } from "./audit-routes.ts";
import { createAuthority } from "./authority.ts";
import { createCellRoutes } from "./cell-routes.ts";
import { createEnrolmentRoutes } from "./enrolment-routes.ts";
import { createEstateRoutes } from "./estate-routes.ts";
import { createEventHub } from "./event-hub.ts";
import { createEventSight } from "./event-sight.ts";
import { createEventRoutes, type Streams } from "./event-routes.ts";
import { createFreezeRoutes } from "./freeze-routes.ts";
import { createHealthRoutes } from "./health-routes.ts";
import { createFactsCache } from "./host-facts.ts";
import { createHoldRoutes } from "./hold-routes.ts";
import { createHostRoutes } from "./host-routes.ts";
import { createHostViews, type HostViews } from "./host-views.ts";
import { createManagerRoutes } from "./manager-routes.ts";
import type { Limits } from "./limits.ts";
import { createDocumentRoutes } from "./openapi.ts";
import { createPowerRoutes } from "./power-routes.ts";
import { createOperationRoutes } from "./operation-routes.ts";
import { createOwnMetrics, type MoreFigures } from "./own-metrics.ts";
import { createPlaceRoutes } from "./place-routes.ts";
import { createPlanRoutes } from "./plan-routes.ts";
import type { Route } from "./route.ts";
import { createReportRoutes } from "./report-routes.ts";
import { createSafeModeRoutes } from "./safe-mode-routes.ts";
import type { Ready } from "./manager-schemas.ts";
import { createSessionRoutes } from "./session-routes.ts";
import { createStoreRoutes, type StoreKeeper } from "./store-routes.ts";
import { createTelemetryRoutes } from "./telemetry-routes.ts";
import { createTenancyRoutes } from "./tenancy-routes.ts";
import { createTokenRoutes } from "./token-routes.ts";
import { createUserRoutes } from "./user-routes.ts";
import { createWatchRoutes } from "./watch-routes.ts";

export interface ApiParts {
  readonly cell: string;
  readonly inventory: Inventory;
  readonly links: Links;
  readonly telemetry: Telemetry;
  readonly health: HealthReader;
  readonly identity: HostIdentity;
  readonly estate: EstateDesk;
  readonly lifecycle: Lifecycle;
  readonly plans: Plans;
  readonly tenancy: Tenancy;
  readonly reports: Pick<Reports, "make" | "schedules">;
  readonly people: People;
  readonly safeMode: Pick<SafeModeWatch, "mode" | "acknowledge">;
  readonly freeze: Pick<FreezeWatch, "freeze" | "begin" | "lift">;
  /** False in profile `lab`, where one person may freeze and lift. */
  readonly freezeLiftNeedsTwo: boolean;
  readonly domains: Pick<DomainWatch, "open" | "acknowledge">;
  readonly alerts: AlertDesk;
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
  /** For tests: sees each route before it is served, and may stand in for it. */
  readonly eachRoute?: (route: Route) => Route;
}

/** The HTTP API for operators and tools, and the console's files. */
export function createApi(parts: ApiParts): Api {
  const { clock, settings, events, inventory } = parts;
  const hub = createEventHub({ events, clock, run: clock.nowUnixMs().toString(36) });
  const facts = createFactsCache(inventory, events);
  const views = createHostViews({ ...parts, facts });
  const cookieName = cookieNameOf(settings);
  const sight = createEventSight(parts);
  const streams = createEventRoutes({ ...parts, hub, cookieName, sight });
  const unwatchPeople = parts.people.onRevoked(streams.endRevoked);
  const more = parts.figures ?? {};
  const startedMs = clock.nowUnixMs();
  const ownMetrics = createOwnMetrics({ ...parts, streams: streams.count, more });
  return createApiServer({
    ...parts,
    authority: createAuthority({ ...parts, views }),
    metrics: ownMetrics,
    routes: ({ app, limits }) =>
      listManagerRoutes(parts, {
        app,
        limits,
        views,
        streams,
        writeMetrics: ownMetrics.write,
        startedMs,
      }).map((route) => parts.eachRoute?.(route) ?? route),
    onListening: ownMetrics.watchProcess,
    onClose() {
      streams.endAll("the manager is stopping");
      unwatchPeople();
      sight.close();
      hub.close();
      facts.close();
    },
  });
}

/**
 * Every route of a manager, in the order of its description. A federation takes from here what the
 * routes are, and answers them by other handlers.
 */
export function listManagerRoutes(
  parts: ApiParts,
  joint: {
    readonly app: FastifyInstance;
    readonly limits: Limits;
    readonly views: HostViews;
    readonly streams: Streams;
    readonly writeMetrics: () => Promise<string>;
    readonly startedMs: UnixMs;
  },
): readonly Route[] {
  const { inventory, people, settings } = parts;
  const { limits, views, streams } = joint;
  return [
    ...createPlaceRoutes({ inventory, views }),
    ...createCellRoutes({ ...parts, startedMs: joint.startedMs }),
    ...createHostRoutes({ ...parts, views }),
    ...createHealthRoutes({ ...parts, views }),
    ...createWatchRoutes({ ...parts, views }),
    ...createPlanRoutes({ ...parts, views }),
    ...createOperationRoutes(parts),
    ...createPowerRoutes(parts),
    ...createHoldRoutes({ ...parts, views }),
    ...createAlertRoutes(parts),
    ...createTenancyRoutes({ ...parts, views }),
    ...createReportRoutes(parts),
    ...createTelemetryRoutes(parts),
    ...streams.routes,
    ...createEnrolmentRoutes(parts),
    ...createEstateRoutes(parts),
    ...createSessionRoutes({
      people,
      cookieName: cookieNameOf(settings),
      isEncrypted: settings.tls !== null,
      countAttempt: limits.attempt,
      onSignOut: streams.endOf,
    }),
    ...createUserRoutes(parts),
    ...createTokenRoutes(parts),
    ...createStoreRoutes(parts.store),
    ...createSafeModeRoutes(parts.safeMode),
    ...createFreezeRoutes(parts),
    ...createAuditRoutes(parts),
    ...createManagerRoutes({ ...parts, writeMetrics: joint.writeMetrics }),
    ...createDocumentRoutes(joint.app),
  ];
}
