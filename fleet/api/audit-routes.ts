import { Type } from "typebox";
import type { Audit } from "#fleet/audit/audit.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { auditListSchema, auditVerdictSchema } from "./audit-schemas.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { orStoreFailed } from "./store-routes.ts";

const recordsUsual = 50;
const recordsMax = 500;

export function createAuditRoutes(parts: {
  readonly audit: Pick<Audit, "list" | "verify">;
  readonly inventory: Pick<Inventory, "resolve">;
}): readonly Route[] {
  const { audit, inventory } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/audit",
      access: { who: "person", may: "audit", of: "cell" },
      tag: "audit",
      summary: "Who did what",
      description: "What was done and what was denied, newest first; nothing is ever taken out.",
      query: Type.Object(
        {
          subject: Type.Optional(
            Type.String({ maxLength: 200, description: "a host's name or id, or any other id" }),
          ),
          actor: Type.Optional(Type.String({ maxLength: 200, description: "who did it" })),
          action: Type.Optional(
            Type.String({ maxLength: 80, description: "hold.add, or all of a kind: hold." }),
          ),
          outcome: Type.Optional(Type.Enum(["done", "denied", "failed"])),
          from: Type.Optional(Type.Integer({ description: "unix milliseconds, from then on" })),
          to: Type.Optional(Type.Integer({ description: "unix milliseconds, before then" })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: recordsMax })),
          cursor: Type.Optional(
            Type.String({ maxLength: 20, description: "nextCursor of a page" }),
          ),
        },
        { additionalProperties: false },
      ),
      answer: { status: 200, description: "a page", schema: auditListSchema },
      problems: ["cursor-invalid", "store-failed"],
      async handle({ query }) {
        const limit = query.limit ?? recordsUsual;
        const { subject, actor, action, outcome, from: fromMs, to: toMs } = query;
        const host = subject === undefined ? undefined : await inventory.resolve(subject);
        const subjectId = host?.id ?? subject;
        const items = await orStoreFailed(
          audit.list({
            beforeSeq: readCursor(query.cursor),
            limit,
            ...(subjectId === undefined ? {} : { subjectId }),
            ...(actor === undefined ? {} : { actor }),
            ...(action === undefined ? {} : { action }),
            ...(outcome === undefined ? {} : { outcome }),
            ...(fromMs === undefined ? {} : { fromMs }),
            ...(toMs === undefined ? {} : { toMs }),
          }),
        );
        const last = items.length < limit ? undefined : items.at(-1);
        return { items, nextCursor: last === undefined ? null : String(last.seq) };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/audit/verify",
      access: { who: "person", may: "audit", of: "cell" },
      tag: "audit",
      summary: "Is the audit whole",
      description:
        "Follows the chain of hashes from the first record and names the first one that was edited, " +
        "deleted or moved; compares it with the heads that were exported.",
      answer: { status: 200, description: "what was found", schema: auditVerdictSchema },
      problems: ["store-failed"],
      handle: () => orStoreFailed(audit.verify()),
    }),
  ];
}

function readCursor(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9][0-9]{0,15}$/.test(text)) return Number(text);
  throw new ApiError("cursor-invalid", `"${text}" is no cursor of the audit`);
}
