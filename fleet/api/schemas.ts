import { type Static, Type } from "typebox";
import {
  explanationSchema,
  findingSchema,
  hostEventsSchema,
  rebootSchema,
  verdictSchema,
} from "./health-schemas.ts";

export { explanationSchema, hostEventsSchema };

// The shapes of the HTTP API, once: routes check with them, OpenAPI is made from them, console and
// command line take their types from them. Times are unix milliseconds.

const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

const unixMs = Type.Integer({ description: "unix milliseconds" });

export const regionSchema = Type.Union([
  Type.Literal("na"),
  Type.Literal("eu"),
  Type.Literal("ea"),
]);

export const positionSchema = Type.Object({
  region: regionSchema,
  site: Type.String(),
  row: Type.String(),
  rack: Type.String(),
  unit: Type.Integer({ minimum: 1, description: "lowest rack unit, counted from the bottom" }),
});

export const linkSchema = Type.Object({
  state: Type.Union([
    Type.Literal("connected"),
    Type.Literal("late"),
    Type.Literal("lost"),
    Type.Literal("never"),
  ]),
  sinceMs: nullable(unixMs),
  lastHeardMs: nullable(unixMs),
  clockOffsetMs: nullable(Type.Number()),
});

export const powerSchema = Type.Object({
  watts: nullable(Type.Number()),
  source: nullable(Type.String()),
  reason: nullable(Type.String({ description: "why there are no watts; null where there are" })),
});

export const hostSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  serial: nullable(Type.String()),
  lifecycle: Type.String({ description: "the running operation's word, or the phase" }),
  phase: Type.String(),
  op: Type.Null(),
  link: linkSchema,
  health: Type.Object({
    verdict: verdictSchema,
    reasons: Type.Array(Type.String()),
    findings: Type.Array(findingSchema),
  }),
  holds: Type.Array(Type.Never()),
  leases: Type.Array(Type.Never()),
  data: Type.String(),
  trust: Type.String(),
  revision: Type.Integer(),
  generation: Type.Integer(),
  cell: Type.String(),
  position: nullable(positionSchema),
  hardwareClass: nullable(Type.String()),
  simulated: Type.Boolean(),
  adopted: Type.Boolean(),
  agentRelease: nullable(Type.String()),
  bootId: nullable(Type.String()),
  createdMs: unixMs,
  lastReportAt: nullable(unixMs),
  /** Why the newest boot began; null: no other boot was seen before it. */
  lastReboot: nullable(rebootSchema),
  power: powerSchema,
  /** Newest host-wide figures, for tables; null: not seen. */
  latest: Type.Object({
    cpuUtilization: nullable(Type.Number()),
    memoryUtilization: nullable(Type.Number()),
    diskReadBytesPerSecond: nullable(Type.Number()),
    diskWriteBytesPerSecond: nullable(Type.Number()),
    temperatureCelsius: nullable(Type.Number()),
    filesystemUtilization: nullable(Type.Number()),
  }),
});
export type Host = Static<typeof hostSchema>;

export type HostExplanation = Static<typeof explanationSchema>;
export type HostEvents = Static<typeof hostEventsSchema>;

export const hostListSchema = Type.Object({
  items: Type.Array(hostSchema),
  nextCursor: nullable(Type.String()),
  total: Type.Integer({ description: "hosts that the selector matches, on all pages" }),
});
export type HostList = Static<typeof hostListSchema>;

export const hostSortKeys = [
  "name",
  "position",
  "link",
  "health",
  "lifecycle",
  "class",
  "cpu",
  "memory",
  "power",
  "temperature",
  "lastReport",
] as const;
export type HostSortKey = (typeof hostSortKeys)[number];

/** Counts and sums over a set of hosts: a region, a site, a rack. */
export const supplySchema = Type.Object({
  hosts: Type.Integer(),
  simulated: Type.Integer(),
  byLink: Type.Record(Type.String(), Type.Integer()),
  byLifecycle: Type.Record(Type.String(), Type.Integer()),
  byHealth: Type.Record(Type.String(), Type.Integer()),
  watts: nullable(
    Type.Number({ description: "sum over the hosts that say; null where none does" }),
  ),
  wattsCoverage: Type.Number({ description: "share of hosts whose watts are in the sum" }),
  cpuUtilization: nullable(Type.Number({ description: "mean over the hosts that say" })),
});
export type Supply = Static<typeof supplySchema>;

export const siteSchema = Type.Object({
  code: Type.String(),
  region: regionSchema,
  timeZone: nullable(Type.String()),
  cell: Type.String(),
  racks: Type.Integer(),
  supply: supplySchema,
});
export const regionViewSchema = Type.Object({
  region: regionSchema,
  name: Type.String(),
  sites: Type.Array(siteSchema),
  supply: supplySchema,
});
export const regionListSchema = Type.Object({
  items: Type.Array(regionViewSchema),
  /** Hosts that have no position yet. */
  unplaced: supplySchema,
  nextCursor: Type.Null(),
});
export type RegionList = Static<typeof regionListSchema>;
export const siteListSchema = Type.Object({
  items: Type.Array(siteSchema),
  nextCursor: nullable(Type.String()),
});
export type SiteList = Static<typeof siteListSchema>;

export const rackSchema = Type.Object({
  id: Type.String({ description: "site/row/rack, with ~ for / in addresses: fra2~row-b~rack-07" }),
  region: regionSchema,
  site: Type.String(),
  row: Type.String(),
  rack: Type.String(),
  heightUnits: Type.Integer(),
  supply: supplySchema,
});
export type Rack = Static<typeof rackSchema>;
export const rackListSchema = Type.Object({
  items: Type.Array(rackSchema),
  nextCursor: nullable(Type.String()),
});
export type RackList = Static<typeof rackListSchema>;
export const rackDetailSchema = Type.Object({
  ...rackSchema.properties,
  /** From the top unit down; a host stands at its lowest unit with its height. */
  slots: Type.Array(
    Type.Object({ unit: Type.Integer(), heightUnits: Type.Integer(), host: hostSchema }),
  ),
});
export type RackDetail = Static<typeof rackDetailSchema>;

export const telemetrySchema = Type.Object({
  metric: Type.String(),
  unit: Type.String(),
  from: unixMs,
  to: unixMs,
  step: Type.Integer(),
  series: Type.Array(
    Type.Object({
      attributes: Type.Record(Type.String(), Type.String()),
      points: Type.Array(Type.Tuple([unixMs, nullable(Type.Number())])),
      coverage: Type.Number(),
      parts: Type.Optional(
        Type.Array(
          Type.Object({
            from: unixMs,
            to: unixMs,
            attributes: Type.Record(Type.String(), Type.String()),
          }),
          {
            description:
              "only of metrics whose series are rival answers (hw.host.power): which of them each stretch of points is from",
          },
        ),
      ),
    }),
  ),
  coverage: Type.Number(),
  gaps: Type.Array(Type.Object({ from: unixMs, to: unixMs, reason: Type.String() })),
});
export type TelemetryAnswer = Static<typeof telemetrySchema>;

const componentSchema = Type.Object({
  kind: Type.String(),
  slot: Type.String(),
  vendor: nullable(Type.String()),
  model: nullable(Type.String()),
  serial: nullable(Type.String()),
  firmware: nullable(Type.String()),
  sizeBytes: nullable(Type.Number()),
  speedBitsPerSecond: nullable(Type.Number()),
  address: nullable(Type.String()),
  interface: nullable(Type.String()),
  rotational: nullable(Type.Boolean()),
  partNumber: nullable(Type.String()),
  parent: nullable(Type.String()),
  neighbor: nullable(Type.String()),
});

export const inventorySchema = Type.Object({
  hostId: Type.String(),
  observedMs: nullable(unixMs),
  identity: Type.Object({
    hostname: nullable(Type.String()),
    manufacturer: nullable(Type.String()),
    product: nullable(Type.String()),
    serial: nullable(Type.String()),
    systemUuid: nullable(Type.String()),
    assetTag: nullable(Type.String()),
    boardManufacturer: nullable(Type.String()),
    boardProduct: nullable(Type.String()),
    boardSerial: nullable(Type.String()),
    firmwareVendor: nullable(Type.String()),
    firmwareVersion: nullable(Type.String()),
    firmwareDate: nullable(Type.String()),
    virtualization: nullable(Type.String()),
    kernel: nullable(Type.String()),
    os: nullable(Type.String()),
    architecture: nullable(Type.String()),
    processor: nullable(
      Type.Object({
        model: Type.String(),
        sockets: Type.Integer(),
        cores: Type.Integer(),
        threads: Type.Integer(),
      }),
    ),
    memoryBytes: nullable(Type.Number()),
    numaNodes: nullable(Type.Integer()),
  }),
  components: Type.Array(componentSchema),
  collectors: Type.Array(
    Type.Object({
      subject: Type.String(),
      outcome: Type.String(),
      durationMicroseconds: Type.Integer(),
      series: Type.Integer(),
      detail: Type.String(),
    }),
  ),
  /** What this host does not say, and why, in words for people. */
  absences: Type.Array(
    Type.Object({
      what: Type.String(),
      attributes: Type.Record(Type.String(), Type.String()),
      reason: Type.String(),
      meaning: Type.String(),
      detail: Type.String(),
    }),
  ),
  hardwareClass: nullable(Type.String()),
  /** What it has more or less of than its class; null: it has none, or its class is not known. */
  differences: nullable(
    Type.Array(Type.Object({ what: Type.String(), expected: Type.String(), found: Type.String() })),
  ),
  /** What changed in its parts, newest first. */
  changes: Type.Array(
    Type.Object({
      number: Type.Integer(),
      atMs: unixMs,
      bootId: nullable(Type.String()),
      kind: Type.String(),
      component: componentSchema,
      words: Type.String(),
    }),
  ),
  /** Parts that were there once, those that left last first. */
  gone: Type.Array(
    Type.Object({ component: componentSchema, firstSeenMs: unixMs, goneMs: unixMs }),
  ),
  powerSource: nullable(Type.String()),
  /** Metrics that the host reports now, with the attribute keys by which each can be split. */
  metrics: Type.Array(
    Type.Object({
      metric: Type.String(),
      unit: Type.String(),
      series: Type.Integer(),
      by: Type.Array(Type.String()),
    }),
  ),
});
export type HostInventory = Static<typeof inventorySchema>;

export const tokenKindSchema = Type.Union([
  Type.Literal("host"),
  Type.Literal("pending"),
  Type.Literal("adopt"),
]);
export const createTokenSchema = Type.Object(
  {
    kind: tokenKindSchema,
    hostName: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
    position: Type.Optional(Type.String({ description: "region/site/row/rack/unit" })),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    validMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 86_400_000 })),
  },
  { additionalProperties: false },
);
export type CreateToken = Static<typeof createTokenSchema>;
export const createdTokenSchema = Type.Object({
  id: Type.String(),
  token: Type.String(),
  expiresMs: unixMs,
});
export type CreatedTokenAnswer = Static<typeof createdTokenSchema>;
export const tokenListSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: tokenKindSchema,
      hostName: nullable(Type.String()),
      position: nullable(Type.String()),
      usesLeft: Type.Integer(),
      expiresMs: unixMs,
      createdMs: unixMs,
      createdBy: Type.String(),
    }),
  ),
  nextCursor: Type.Null(),
});
export type TokenList = Static<typeof tokenListSchema>;
export const pendingSchema = Type.Object({
  id: Type.String(),
  fingerprint: Type.String(),
  address: Type.String(),
  simulated: Type.Boolean(),
  hostname: nullable(Type.String()),
  manufacturer: nullable(Type.String()),
  product: nullable(Type.String()),
  serial: nullable(Type.String()),
  firstSeenMs: unixMs,
  lastSeenMs: unixMs,
});
export const pendingListSchema = Type.Object({
  items: Type.Array(pendingSchema),
  nextCursor: Type.Null(),
});
export type Pending = Static<typeof pendingSchema>;
export type PendingList = Static<typeof pendingListSchema>;
export const approvedSchema = Type.Object({ hostId: Type.String() });
export type Approved = Static<typeof approvedSchema>;
export const approveSchema = Type.Object(
  {
    hostName: Type.String({ minLength: 1, maxLength: 63 }),
    position: Type.Optional(Type.String()),
    adopt: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const sessionSchema = Type.Object({
  name: Type.String(),
  via: Type.String(),
  expiresMs: unixMs,
});
export type Session = Static<typeof sessionSchema>;

/** RFC 9457, with what to do next. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  hint: Type.String(),
  instance: Type.Optional(Type.String()),
});
export type Problem = Static<typeof problemSchema>;

export const signInSchema = Type.Object(
  { secret: Type.String({ minLength: 1, maxLength: 256, description: "of a sign-in link" }) },
  { additionalProperties: false },
);
export const createLinkSchema = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 63, description: "whom it signs in" }),
    ),
  },
  { additionalProperties: false },
);
export const linkAnswerSchema = Type.Object({
  secret: Type.String(),
  path: Type.String({ description: "to be put behind the console's address" }),
  url: Type.String(),
  expiresMs: unixMs,
});
export type SigninLink = Static<typeof linkAnswerSchema>;

/**
 * Kinds of events on GET /events, and the topics to filter by. Beside them come `hello`, first, and
 * `reset`: more was missed than is kept, so fetch everything again. `data` is
 * `{kind, hostId}`, `{kind, hostId, state}` (link-changed), `{kind, hostId, untilMs}`
 * (host-telemetry), `{kind, hostId, verdict}` (health-changed), `{kind, hostId, cause}`
 * (host-rebooted), `{kind, hostId, operationId}` (operation-changed), `{kind, planId}`
 * (plan-changed) or `{kind, pendingId}` (pending-changed): fleet/inventory/fleet-events.ts.
 */
export const eventTopics = [
  "host-changed",
  "host-removed",
  "host-state",
  "link-changed",
  "host-telemetry",
  "health-changed",
  "host-rebooted",
  "operation-changed",
  "plan-changed",
  "pending-changed",
] as const;
export type EventTopic = (typeof eventTopics)[number];

export const placeSchema = Type.Object(
  { position: Type.String({ maxLength: 80, description: "region/site/row/rack/unit" }) },
  { additionalProperties: false },
);

export const storeCheckSchema = Type.Object({
  isSound: Type.Boolean(),
  checks: Type.Array(
    Type.Object({ what: Type.String(), isSound: Type.Boolean(), detail: Type.String() }),
  ),
});
export type StoreCheck = Static<typeof storeCheckSchema>;
export const backupSchema = Type.Object({
  folder: Type.String({ description: "on the manager's machine" }),
  files: Type.Integer(),
  bytes: Type.Number(),
});
export type StoreBackup = Static<typeof backupSchema>;

export const healthSchema = Type.Object({ status: Type.Literal("ok"), release: Type.String() });
export const readySchema = Type.Object({
  isReady: Type.Boolean(),
  waitingFor: Type.Array(Type.String({ description: "what is still to come, in words" })),
});
export type Ready = Static<typeof readySchema>;

/** Shapes with a name of their own in the API's description. */
export const componentSchemas = {
  Problem: problemSchema,
  Position: positionSchema,
  Link: linkSchema,
  Power: powerSchema,
  Finding: findingSchema,
  Reboot: rebootSchema,
  Host: hostSchema,
  HostExplanation: explanationSchema,
  HostEvents: hostEventsSchema,
  HostList: hostListSchema,
  HostInventory: inventorySchema,
  Telemetry: telemetrySchema,
  Supply: supplySchema,
  Site: siteSchema,
  SiteList: siteListSchema,
  Region: regionViewSchema,
  RegionList: regionListSchema,
  Rack: rackSchema,
  RackList: rackListSchema,
  RackDetail: rackDetailSchema,
  CreateToken: createTokenSchema,
  CreatedToken: createdTokenSchema,
  TokenList: tokenListSchema,
  Pending: pendingSchema,
  PendingList: pendingListSchema,
  Approve: approveSchema,
  Approved: approvedSchema,
  Session: sessionSchema,
  SigninLink: linkAnswerSchema,
  StoreCheck: storeCheckSchema,
  StoreBackup: backupSchema,
} as const;
