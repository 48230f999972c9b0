import { type Static, Type } from "typebox";
import { nullable, unixMs } from "./schema-parts.ts";

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
