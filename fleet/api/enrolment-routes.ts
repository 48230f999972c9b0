import { Type } from "typebox";
import type { ApprovalProblem, HostIdentity, PendingView } from "#fleet/identity/host-identity.ts";
import { bmcMacOf, usableSerial } from "#fleet/inventory/serial.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type PendingId, parseUuid } from "#proto/vocabulary/ids.ts";
import { formatPosition, type Position, parsePosition } from "#proto/vocabulary/position.ts";
import { plainSubject } from "./audit-notes.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { nothingSchema } from "./route-document.ts";
import {
  approvedSchema,
  approveSchema,
  createdTokenSchema,
  createTokenSchema,
  type Pending,
  pendingListSchema,
  tokenListSchema,
} from "./enrolment-schemas.ts";

const hourMs = 3_600_000;
const pendingParams = Type.Object({ id: Type.String({ maxLength: 64 }) });

export function createEnrolmentRoutes(parts: {
  readonly identity: HostIdentity;
  readonly clock: Clock;
}): readonly Route[] {
  const { identity } = parts;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/enrolment/tokens",
      access: { who: "person", may: "secrets", of: "cell" },
      tag: "enrolment",
      summary: "Tokens that were made",
      description: "Without their secrets, which are kept hashed.",
      answer: { status: 200, description: "the tokens", schema: tokenListSchema },
      problems: [],
      async handle() {
        const tokens = await identity.listTokens();
        return {
          items: tokens.map((token) => ({
            id: token.id,
            kind: token.kind,
            hostName: token.hostName,
            position: token.position === null ? null : formatPosition(token.position),
            usesLeft: token.usesLeft,
            site: token.site,
            adopts: token.adopts,
            rule: token.rule === null ? null : [...token.rule],
            expiresMs: token.expiresMs,
            createdMs: token.createdMs,
            createdBy: token.createdBy,
          })),
          nextCursor: null,
        };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/enrolment/tokens",
      access: { who: "person", may: "secrets", of: "cell" },
      tag: "enrolment",
      summary: "Make a token",
      description:
        "`host`: one machine, enrolled at once as the named host. `pending`: machines that wait for " +
        "an operator, up to `uses`. `adopt`: one machine, taken in as it stands and only watched. " +
        "Valid one hour where not said. The token carries the hash of the manager's CA, so that the " +
        "agent knows whom it talks to.",
      body: createTokenSchema,
      answer: { status: 201, description: "the token; shown once", schema: createdTokenSchema },
      problems: ["position-invalid"],
      async handle({ body, person, note }) {
        if (body.kind === "host" && body.hostName === undefined) {
          throw new ApiError("invalid-request", 'body "hostName": a token for a host names it');
        }
        if (body.kind !== "pending" && (body.uses ?? 1) !== 1) {
          throw new ApiError(
            "invalid-request",
            `body "uses": a token of kind ${body.kind} has one`,
          );
        }
        if (body.kind === "pending" && (body.hostName ?? body.position) !== undefined) {
          throw new ApiError(
            "invalid-request",
            'body: name and position of a machine that waits are given when it is approved; leave "hostName" and "position" out',
          );
        }
        if (body.kind !== "pending" && (body.site ?? body.adopts) !== undefined) {
          throw new ApiError(
            "invalid-request",
            'body: "site" and "adopts" are for a token of kind pending',
          );
        }
        const created = await identity.createToken({
          kind: body.kind,
          hostName: body.hostName === undefined ? null : readHostName(body.hostName),
          position: readPosition(body.position),
          uses: body.uses ?? 1,
          ...(body.site === undefined ? {} : { site: body.site }),
          ...(body.adopts === undefined ? {} : { adopts: body.adopts }),
          validMs: body.validMs ?? hourMs,
          createdBy: person?.name ?? "unknown",
        });
        note({
          action: "token.add",
          subject: plainSubject("token", created.id),
          facts: {
            tokenKind: body.kind,
            hostName: body.hostName ?? null,
            position: body.position ?? null,
            uses: body.uses ?? 1,
            expiresMs: created.expiresMs,
          },
        });
        return { id: created.id, token: created.token, expiresMs: created.expiresMs };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/enrolment/pending",
      access: { who: "person", may: "read", of: "listed" },
      tag: "enrolment",
      summary: "Machines that wait",
      description:
        "Machines that called in and that nobody has approved. Compare the fingerprint with what " +
        "`wws-agent status` shows on the machine itself.",
      answer: { status: 200, description: "the machines", schema: pendingListSchema },
      problems: [],
      async handle({ sight }) {
        // They sit nowhere yet: whoever looks after single sites is not told of them.
        const waiting = sight.isAll ? await identity.listPending() : [];
        return { items: waiting.map(viewPending), nextCursor: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/enrolment/pending/:id/approve",
      access: { who: "person", may: "estate", of: "position" },
      tag: "enrolment",
      summary: "Approve a machine that waits",
      description:
        "It becomes a host under this name, at this position; its agent is let in when it asks next. The " +
        "name of a planned host makes it that one; without a name it is the one that has its serial.",
      params: pendingParams,
      body: approveSchema,
      answer: { status: 201, description: "the host's id", schema: approvedSchema },
      problems: [
        "pending-unknown",
        "already-approved",
        "not-planned",
        "name-taken",
        "position-taken",
        "site-elsewhere",
        "position-invalid",
      ],
      async handle({ params, body, person, note }) {
        const approved = await identity.approve(requirePendingId(params.id), {
          hostName: body.hostName === undefined ? null : readHostName(body.hostName),
          position: readPosition(body.position),
          adopt: body.adopt ?? false,
          approvedBy: person?.name ?? "unknown",
        });
        if (!approved.ok) throw explain(approved.problem);
        note({
          action: "host.enrol",
          subject: plainSubject("host", approved.value, body.hostName),
          facts: { pendingId: params.id, position: body.position ?? null },
        });
        return { hostId: approved.value };
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/enrolment/pending/:id",
      access: { who: "person", may: "estate", of: "cell" },
      tag: "enrolment",
      summary: "Turn a machine away",
      description: "Its agent is told so and stops asking. Nothing on the machine changes.",
      params: pendingParams,
      answer: { status: 204, description: "turned away", schema: nothingSchema },
      problems: ["pending-unknown"],
      async handle({ params, note }) {
        const wasThere = await identity.dismiss(requirePendingId(params.id));
        if (!wasThere) throw unknownPending(params.id);
        note({ action: "pending.dismiss", subject: plainSubject("token", params.id) });
        return null;
      },
    }),
  ];
}

/** Absent: no position. Throws ApiError where the text is no position. */
export function readPosition(text: string | undefined): Position | null {
  if (text === undefined) return null;
  const position = parsePosition(text);
  if (position.ok) return position.value;
  const { problem } = position;
  throw new ApiError("position-invalid", `"${problem.text}" is no position`, problem);
}

/** What may stand in a DNS name, so that names are safe wherever they are shown or typed. */
function readHostName(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i.test(text)) return text;
  throw new ApiError("invalid-request", `body "hostName": "${text}" is no host name`, {
    hint: "use letters, digits, - and ., beginning and ending with a letter or digit",
  });
}

function requirePendingId(text: string): PendingId {
  const id = parseUuid<PendingId>(text);
  if (!id.ok) throw unknownPending(text);
  return id.value;
}

function unknownPending(text: string): ApiError {
  return new ApiError("pending-unknown", `no machine waits under "${text.slice(0, 64)}"`);
}

function explain(problem: ApprovalProblem): ApiError {
  switch (problem.kind) {
    case "no-such-pending":
      return new ApiError("pending-unknown", "the machine does not wait any more");
    case "approved-before":
      return new ApiError("already-approved", `it was approved already, as ${problem.name}`);
    case "not-planned":
      return new ApiError("not-planned", problem.words);
    case "name-taken":
      return new ApiError("name-taken", `another host is called "${problem.name}"`);
    case "position-taken":
      return new ApiError("position-taken", `${problem.by} sits at ${problem.position}`);
    case "site-elsewhere":
      return new ApiError("site-elsewhere", `${problem.site} lies in ${problem.region}`);
  }
}

function viewPending(pending: PendingView): Pending {
  const { identity } = pending;
  return {
    id: pending.id,
    fingerprint: pending.fingerprint,
    address: pending.address,
    simulated: pending.simulated,
    hostname: identity.hostname,
    manufacturer: identity.manufacturer,
    product: identity.product,
    serial: usableSerial(identity),
    bmcMac: bmcMacOf(identity),
    firstSeenMs: pending.firstSeenMs,
    lastSeenMs: pending.lastSeenMs,
  };
}
