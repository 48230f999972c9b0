import { fc } from "#test/support/properties.ts";
import type {
  HostOrder,
  OrderAction,
  OrderEvidence,
  OrderProgress,
  Workload,
} from "#proto/messages/orders.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import { factText, timeOfDay, uint32, wholeNumber, wireName } from "./arbitrary-facts.ts";

/** Orders, evidence and progress, arbitrary, as a well-behaved peer sends them. */
const operationId = fc.uuid().map((text) => text as OperationId);

const orderAction: fc.Arbitrary<OrderAction> = fc.oneof(
  fc.constantFrom<OrderAction>(
    { kind: "fence" },
    { kind: "halt-evacuation" },
    { kind: "prove-empty" },
    { kind: "unknown" },
  ),
  fc.record({
    kind: fc.constant("evacuate" as const),
    deadlineMs: timeOfDay,
    graceMs: uint32,
    force: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("release" as const), restart: fc.boolean() }),
  fc.record({ kind: fc.constant("reboot" as const), graceMs: uint32 }),
);

export const hostOrder: fc.Arbitrary<HostOrder> = fc.record({
  operationId,
  epoch: wholeNumber,
  generation: wholeNumber,
  serial: fc.option(factText, { nil: null }),
  action: orderAction,
});

const workloads: fc.Arbitrary<readonly Workload[]> = fc.uniqueArray(
  fc.record({
    name: wireName,
    state: fc.constantFrom<Workload["state"]>(
      "running",
      "stopping",
      "migrating",
      "stopped",
      "stuck",
    ),
    detail: factText,
  }),
  { selector: ({ name }) => name, maxLength: 8 },
);

export const orderEvidence: fc.Arbitrary<OrderEvidence> = fc.record({
  epoch: wholeNumber,
  isFenced: fc.boolean(),
  workloads,
  tenantMounts: fc.array(factText, { maxLength: 4 }),
  unasked: fc.array(factText, { maxLength: 4 }),
  observedMs: timeOfDay,
});

export const orderProgress: fc.Arbitrary<OrderProgress> = fc.record({
  operationId,
  epoch: wholeNumber,
  state: fc.constantFrom<OrderProgress["state"]>("running", "ended", "failed"),
  workloads,
  observedMs: timeOfDay,
});
