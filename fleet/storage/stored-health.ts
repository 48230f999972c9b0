import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Finding } from "#fleet/health/finding.ts";
import type { HostEventFacts } from "#fleet/health/host-event.ts";
import type { StoredMemory } from "#fleet/health/host-memory.ts";
import type { PartKind } from "#fleet/health/part.ts";
import type { RebootCause } from "#fleet/health/reboot-facts.ts";
import { parseJson } from "./stored-json.ts";

// JSON in the tables of health, checked when it is read. A rule, a kind of part or a cause of another
// release is kept as the word that it is.

const text = Type.Union([Type.String(), Type.Null()]);
const number = Type.Union([Type.Number(), Type.Null()]);

const partSchema = Type.Object({
  kind: Type.Unsafe<PartKind>(Type.String()),
  id: Type.String(),
  name: Type.String(),
  slot: text,
  serial: text,
});

const levelSchema = Type.Object({ isRaised: Type.Boolean(), towardMs: Type.Number() });
const verdictSchema = Type.Enum(["degraded", "failing", "failed"]);

const linkSchema = Type.Object({ lastHeardMs: number, backMs: Type.Number() });
const nearSchema = Type.Union([
  Type.Object({ celsius: Type.Number(), part: Type.String() }),
  Type.Null(),
]);
const lastSchema = Type.Union([
  Type.Object({
    observedMs: number,
    thermalMargin: nearSchema,
    hottest: nearSchema,
    suppliesDown: Type.Array(Type.String()),
    watts: number,
    memoryUtilization: number,
    memoryPressure: number,
    uncorrectedErrors: Type.Number(),
  }),
  Type.Null(),
]);

const answerSchema = Type.Object({
  bootedMs: number,
  noticedMs: Type.Number(),
  bootId: Type.String(),
  previousBootId: Type.String(),
  cause: Type.Unsafe<RebootCause>(Type.String()),
  confidence: Type.Enum(["certain", "likely", "possible"]),
  because: Type.Array(Type.String()),
});

const memorySchema = Type.Object({
  judgedMs: Type.Number(),
  growth: Type.Record(
    Type.String(),
    Type.Object({
      last: Type.Number(),
      firstMs: Type.Number(),
      hours: Type.Array(Type.Tuple([Type.Number(), Type.Number()])),
    }),
  ),
  findings: Type.Record(
    Type.String(),
    Type.Object({
      rule: Type.String(),
      part: partSchema,
      detail: Type.String(),
      seenMs: Type.Number(),
      sinceMs: Type.Number(),
      levels: Type.Object({
        degraded: Type.Optional(levelSchema),
        failing: Type.Optional(levelSchema),
        failed: Type.Optional(levelSchema),
      }),
    }),
  ),
  reboot: Type.Union([
    Type.Object({
      previousBootId: Type.String(),
      bootId: Type.String(),
      link: linkSchema,
      last: lastSchema,
    }),
    Type.Null(),
  ]),
  lastReboot: Type.Union([answerSchema, Type.Null()]),
});

const findingSchema = Type.Object({
  rule: Type.String(),
  verdict: verdictSchema,
  component: partSchema,
  detail: Type.String(),
  sinceMs: Type.Number(),
  seenMs: Type.Number(),
  isStale: Type.Boolean(),
  clearsWhen: Type.String(),
});

const eventSchema = Type.Union([
  Type.Object({
    kind: Type.Literal("finding"),
    change: Type.Object({
      kind: Type.Enum(["raised", "worse", "better", "cleared", "gone", "aged"]),
      finding: Type.Unsafe<Finding>(findingSchema),
    }),
  }),
  Type.Object({ kind: Type.Literal("reboot"), reboot: answerSchema }),
]);

/** undefined: not JSON, or not of this release. */
export function parseStoredMemory(json: string): StoredMemory | undefined {
  const value = parseJson(json);
  return Value.Check(memorySchema, value) ? (value as StoredMemory) : undefined;
}

/** undefined: not JSON, or not of this release. */
export function parseStoredEvent(json: string): HostEventFacts | undefined {
  const value = parseJson(json);
  return Value.Check(eventSchema, value) ? (value as HostEventFacts) : undefined;
}
