import { type Static, Type } from "typebox";
import { estateFormats } from "#fleet/inventory/estate/estate-document.ts";
import { estateProblemCodes } from "#fleet/inventory/estate/estate-problem.ts";
import { matchFacts } from "#fleet/identity/host-identity.ts";
import { unmatchedCodes } from "#fleet/identity/match-planned.ts";
import { nullable } from "./schema-parts.ts";

export const importQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Boolean({ description: "false: write it; anything is only shown where not said" }),
    ),
    expect: Type.Optional(
      Type.String({ pattern: "^[0-9a-f]{64}$", description: "digest of the changes agreed to" }),
    ),
    format: Type.Optional(Type.Enum([...estateFormats])),
    file: Type.Optional(
      Type.String({ maxLength: 120, description: "its name, for what is wrong with it" }),
    ),
    roles: Type.Optional(
      Type.String({
        maxLength: 1_024,
        description: "NetBox: which roles are hosts, commas between",
      }),
    ),
    siteCodes: Type.Optional(
      Type.String({ maxLength: 4_096, description: "NetBox: Frankfurt DC 2=fra2, commas between" }),
    ),
    row: Type.Optional(
      Type.String({ maxLength: 40, description: "NetBox: row of racks without a location" }),
    ),
  },
  { additionalProperties: false },
);

const fieldSchema = Type.Object({
  field: Type.String(),
  from: nullable(Type.String()),
  to: nullable(Type.String()),
});

export const estateOutcomeSchema = Type.Object({
  isApplied: Type.Boolean(),
  digest: Type.String({ description: "of the changes; send it as `expect`" }),
  changes: Type.Array(
    Type.Object({
      kind: Type.Enum(["add", "change"]),
      what: Type.Enum(["site", "rack", "host"]),
      name: Type.String(),
      at: Type.String({ description: "where in the file" }),
      fields: Type.Array(fieldSchema),
    }),
  ),
  unchanged: Type.Integer(),
  problems: Type.Array(
    Type.Object({
      code: Type.Enum([...estateProblemCodes]),
      file: Type.String(),
      at: nullable(Type.String()),
      column: nullable(Type.String()),
      words: Type.String(),
      todo: Type.String(),
    }),
  ),
  problemsLeftOut: Type.Integer(),
  notes: Type.Array(Type.Object({ at: nullable(Type.String()), words: Type.String() })),
});

export type EstateAnswer = Static<typeof estateOutcomeSchema>;

export const exportQuery = Type.Object(
  {
    format: Type.Optional(Type.Enum([...estateFormats])),
    what: Type.Optional(Type.Enum(["hosts", "racks", "sites"])),
  },
  { additionalProperties: false },
);

export const approveRuleSchema = Type.Object(
  {
    rule: Type.Array(Type.Enum([...matchFacts]), { minItems: 1, maxItems: 2 }),
    dryRun: Type.Optional(Type.Boolean()),
    adopt: Type.Optional(Type.Boolean({ description: "as the tokens say, where not said" })),
    tokenId: Type.Optional(
      Type.String({ maxLength: 64, description: "also as they come with this token" }),
    ),
  },
  { additionalProperties: false },
);

export type ApproveRule = Static<typeof approveRuleSchema>;

export const ruleOutcomeSchema = Type.Object({
  approved: Type.Array(
    Type.Object({
      pendingId: Type.String(),
      hostId: Type.String(),
      hostName: Type.String(),
      adopted: Type.Boolean(),
    }),
  ),
  left: Type.Array(
    Type.Object({
      pendingId: Type.String(),
      code: Type.Enum([...unmatchedCodes]),
      words: Type.String(),
    }),
  ),
});

export type RuleAnswer = Static<typeof ruleOutcomeSchema>;
