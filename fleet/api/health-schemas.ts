import { type Static, Type } from "typebox";
import { lifeExplanationSchema } from "./life-schemas.ts";
import { nullable, unixMs } from "./schema-parts.ts";

// What health says, as the API shows it.

export const verdictSchema = Type.Union([
  Type.Literal("ok"),
  Type.Literal("degraded"),
  Type.Literal("failing"),
  Type.Literal("failed"),
  Type.Literal("unknown"),
]);

const partSchema = Type.Object({
  kind: Type.String({ description: "disk, dimm, psu, fan, filesystem …" }),
  id: Type.String({ description: "the `hw.id` of its series" }),
  name: Type.String(),
  slot: nullable(Type.String()),
  serial: nullable(Type.String()),
});

const findingVerdictSchema = Type.Union([
  Type.Literal("degraded"),
  Type.Literal("failing"),
  Type.Literal("failed"),
]);

export const findingSchema = Type.Object({
  rule: Type.String({ description: "docs/health.md says what each looks at" }),
  verdict: findingVerdictSchema,
  component: partSchema,
  detail: Type.String({ description: "what was seen, with numbers and units" }),
  sinceMs: unixMs,
  seenMs: unixMs,
  isStale: Type.Boolean({ description: "its part no longer shows what it showed" }),
  clearsWhen: Type.String(),
});

export const rebootSchema = Type.Object({
  bootedMs: nullable(Type.Number({ description: "when the new boot began, by the host's clock" })),
  noticedMs: Type.Number({ description: "when the manager heard of it" }),
  bootId: Type.String(),
  previousBootId: Type.String(),
  cause: Type.String({
    description:
      "clean-reboot, kernel-panic, watchdog, power-lost, thermal-trip, operator-power-cycle, hardware-error, firmware-reset, unknown",
  }),
  confidence: Type.Union([
    Type.Literal("certain"),
    Type.Literal("likely"),
    Type.Literal("possible"),
  ]),
  because: Type.Array(Type.String()),
});

export const explanationSchema = Type.Object({
  hostId: Type.String(),
  health: Type.Object({
    verdict: verdictSchema,
    reasons: Type.Array(Type.String()),
    /** When evidence was last judged. */
    judgedMs: nullable(unixMs),
    findings: Type.Array(findingSchema),
    /** What shows, but not for as long yet as its rule wants. */
    pending: Type.Array(
      Type.Object({
        rule: Type.String(),
        verdict: findingVerdictSchema,
        component: partSchema,
        detail: Type.String(),
        shownMs: Type.Number(),
        holdMs: Type.Number(),
      }),
    ),
    /** Every rule, and how many parts it could judge; 0: it saw no evidence and says nothing. */
    rules: Type.Array(
      Type.Object({
        rule: Type.String(),
        looksAt: Type.String(),
        parts: Type.Integer(),
        findings: Type.Integer(),
      }),
    ),
  }),
  reboot: nullable(rebootSchema),
  life: lifeExplanationSchema,
});

export const hostEventsSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      atMs: unixMs,
      kind: Type.String({
        description: "raised, worse, better, cleared, gone, aged (of a finding), reboot",
      }),
      words: Type.String(),
      finding: nullable(findingSchema),
      reboot: nullable(rebootSchema),
    }),
  ),
  nextCursor: nullable(Type.String()),
});

export type HostExplanation = Static<typeof explanationSchema>;
export type HostEvents = Static<typeof hostEventsSchema>;
