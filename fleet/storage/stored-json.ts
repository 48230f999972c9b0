import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import {
  type Component,
  type HostState,
  type Identity,
  unknownComponent,
} from "#proto/messages/state.ts";
import { type AbsenceReason, absenceReasons } from "#proto/vocabulary/absence.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

// JSON that this program wrote into a TEXT column and reads back, perhaps years and releases later.
// Fields that a later release adds must be optional here.

const text = Type.Union([Type.String(), Type.Null()]);
const number = Type.Union([Type.Number(), Type.Null()]);

export const componentSchema = Type.Object({
  kind: Type.Enum([
    "unspecified",
    "disk",
    "nic",
    "dimm",
    "psu",
    "gpu",
    "bmc",
    "board",
    "cpu",
    "controller",
  ]),
  slot: Type.String(),
  vendor: text,
  model: text,
  serial: text,
  firmware: text,
  sizeBytes: number,
  speedBitsPerSecond: number,
  address: text,
  interface: text,
  rotational: Type.Union([Type.Boolean(), Type.Null()]),
  partNumber: Type.Optional(text),
  parent: Type.Optional(text),
  neighbor: Type.Optional(text),
});

const identitySchema = Type.Object({
  hostname: text,
  manufacturer: text,
  product: text,
  serial: text,
  systemUuid: text,
  assetTag: text,
  boardManufacturer: text,
  boardProduct: text,
  boardSerial: text,
  firmwareVendor: text,
  firmwareVersion: text,
  firmwareDate: text,
  virtualization: text,
  kernel: text,
  os: text,
  architecture: text,
  processor: Type.Union([
    Type.Object({
      model: Type.String(),
      sockets: Type.Number(),
      cores: Type.Number(),
      threads: Type.Number(),
    }),
    Type.Null(),
  ]),
  memoryBytes: number,
  numaNodes: number,
  components: Type.Array(componentSchema),
});

const bootSchema = Type.Object({
  bootedMs: Type.Unsafe<UnixMs>(Type.Number()),
  pstore: Type.Array(Type.String()),
  sel: Type.Array(
    Type.Object({
      id: Type.Number(),
      atMs: Type.Unsafe<UnixMs | null>(number),
      sensor: Type.String(),
      event: Type.String(),
      asserted: Type.Boolean(),
    }),
  ),
  watchdogStatus: number,
  agentStopped: Type.Union([Type.Boolean(), Type.Null()]),
  agentLastMs: Type.Unsafe<UnixMs | null>(number),
  shutdown: text,
});

const stateSchema = Type.Object({
  revision: Type.Number(),
  observedMs: Type.Unsafe<UnixMs>(Type.Number()),
  identity: identitySchema,
  collectors: Type.Array(
    Type.Object({
      subject: Type.String(),
      outcome: Type.Enum(["unspecified", "ok", "partial", "failed"]),
      durationMicroseconds: Type.Number(),
      series: Type.Number(),
      detail: Type.String(),
    }),
  ),
  absences: Type.Array(
    Type.Object({
      what: Type.String(),
      attributes: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
      reason: Type.Unsafe<AbsenceReason>(Type.Enum(Object.keys(absenceReasons))),
      detail: Type.String(),
    }),
  ),
  powerSource: text,
  boot: Type.Optional(Type.Union([bootSchema, Type.Null()])),
});

/** undefined: not JSON, or not a host state of this release. */
export function parseStoredState(json: string): HostState | undefined {
  const value = parseJson(json);
  if (!Value.Check(stateSchema, value)) return undefined;
  return { ...value, identity: wholeIdentity(value.identity), boot: value.boot ?? null };
}

/** undefined: not JSON, or not an identity of this release. */
export function parseStoredIdentity(json: string): Identity | undefined {
  const value = parseJson(json);
  return Value.Check(identitySchema, value) ? wholeIdentity(value) : undefined;
}

function wholeIdentity(stored: Static<typeof identitySchema>): Identity {
  return { ...stored, components: stored.components.map(wholeComponent) };
}

/** Fields that came later are not known of it. */
export function wholeComponent(stored: Static<typeof componentSchema>): Component {
  return { ...unknownComponent, ...stored };
}

export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
