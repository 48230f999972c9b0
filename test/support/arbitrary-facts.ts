import { fc } from "#test/support/properties.ts";
import type { Attribute } from "#proto/messages/series.ts";
import type {
  Absence,
  BootEvidence,
  Component,
  HostState,
  Identity,
} from "#proto/messages/state.ts";
import { type AbsenceReason, absenceReasons } from "#proto/vocabulary/absence.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";

/** Arbitrary parts of messages that say what a host is, as a well-behaved agent sends them. */
export const factText = fc.string({ unit: "binary", maxLength: 300 }).map(toWireText);

export const wireName = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .map((text) => `n${toWireText(text)}`);

export const wholeNumber = fc.oneof(fc.nat(300), fc.maxSafeNat());

export const uint32 = fc.oneof(fc.nat(300), fc.nat(0xffff_ffff));

export const timeOfDay = fc
  .oneof(
    fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    fc.integer({ min: -wireLimits.unixMsMax, max: wireLimits.unixMsMax }),
  )
  .map(unixMs);

export const attributes: fc.Arbitrary<readonly Attribute[]> = fc
  .uniqueArray(fc.record({ key: wireName, value: factText }), {
    selector: ({ key }) => key,
    maxLength: wireLimits.attributesPerSeriesMax,
  })
  .map((list) => list.toSorted((left, right) => (left.key < right.key ? -1 : 1)));

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const optionalText = optional(factText);

const component: fc.Arbitrary<Component> = fc.record({
  kind: fc.constantFrom(
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
  ),
  slot: factText,
  vendor: optionalText,
  model: optionalText,
  serial: optionalText,
  firmware: optionalText,
  sizeBytes: optional(wholeNumber),
  speedBitsPerSecond: optional(wholeNumber),
  address: optionalText,
  interface: optionalText,
  rotational: optional(fc.boolean()),
  partNumber: optionalText,
  parent: optionalText,
  neighbor: optionalText,
});

export const identity: fc.Arbitrary<Identity> = fc.record({
  hostname: optionalText,
  manufacturer: optionalText,
  product: optionalText,
  serial: optionalText,
  systemUuid: optionalText,
  assetTag: optionalText,
  boardManufacturer: optionalText,
  boardProduct: optionalText,
  boardSerial: optionalText,
  firmwareVendor: optionalText,
  firmwareVersion: optionalText,
  firmwareDate: optionalText,
  virtualization: optionalText,
  kernel: optionalText,
  os: optionalText,
  architecture: optionalText,
  processor: optional(
    fc.record({ model: factText, sockets: uint32, cores: uint32, threads: uint32 }),
  ),
  memoryBytes: optional(wholeNumber),
  numaNodes: optional(uint32),
  components: fc.array(component, { maxLength: 6 }),
});

const absence: fc.Arbitrary<Absence> = fc.record({
  what: wireName,
  attributes,
  reason: fc.constantFrom(...(Object.keys(absenceReasons) as AbsenceReason[])),
  detail: factText,
});

const boot: fc.Arbitrary<BootEvidence> = fc.record({
  bootedMs: timeOfDay,
  pstore: fc.array(factText, { maxLength: 3 }),
  sel: fc.array(
    fc.record({
      id: uint32,
      atMs: optional(timeOfDay),
      sensor: factText,
      event: factText,
      asserted: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  watchdogStatus: optional(uint32),
  agentStopped: optional(fc.boolean()),
  agentLastMs: optional(timeOfDay),
  shutdown: optionalText,
});

export const hostState: fc.Arbitrary<HostState> = fc.record({
  revision: wholeNumber,
  observedMs: timeOfDay,
  identity,
  collectors: fc.array(
    fc.record({
      subject: wireName,
      outcome: fc.constantFrom("unspecified", "ok", "partial", "failed"),
      durationMicroseconds: uint32,
      series: uint32,
      detail: factText,
    }),
    { maxLength: 4 },
  ),
  absences: fc.array(absence, { maxLength: 4 }),
  powerSource: optionalText,
  boot: optional(boot),
});
