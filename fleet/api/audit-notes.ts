import type { FastifyRequest } from "fastify";
import type { Audit, AuditNote } from "#fleet/audit/audit.ts";
import type { Person } from "#fleet/identity/people.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { formatPosition } from "#proto/vocabulary/position.ts";
import { ApiError } from "./problems.ts";
import type { Route } from "./route.ts";

/**
 * What a handler did, for the audit: written when it has answered. Not for changes of the lifecycle,
 * which write their entry themselves.
 */
export interface AuditWhat {
  /** `host.place`, `token.add`. */
  readonly action: string;
  readonly subject: AuditNote["subject"];
  readonly reason?: string;
  readonly facts?: AuditNote["facts"];
  /** Who did it, where the request itself does not say: signing in. */
  readonly actor?: string;
}

export function hostSubject(host: HostRecord): AuditNote["subject"] {
  const rack = host.position === null ? null : formatPosition(host.position);
  return { kind: "host", id: host.id, name: host.name, serial: host.serial, rack };
}

/** A subject that is no host: a token, a session. */
export function plainSubject(
  kind: AuditNote["subject"]["kind"],
  id: string,
  name: string = id,
): AuditNote["subject"] {
  return { kind, id, name, serial: null, rack: null };
}

export async function noteDone(
  audit: Pick<Audit, "append">,
  person: Person | null,
  what: AuditWhat,
): Promise<void> {
  await audit.append({
    actor: what.actor ?? person?.name ?? "unknown",
    actorKind: "person",
    action: what.action,
    outcome: "done",
    subject: what.subject,
    reason: what.reason ?? null,
    planHash: null,
    facts: what.facts ?? {},
  });
}

/**
 * Somebody was turned away: bad credentials, or none where something would have been changed. That a
 * browser asks who it is before it signs in is no attempt. Never throws: the refusal is what counts.
 */
export async function noteDenied(
  support: { readonly audit: Pick<Audit, "append">; readonly log: Log },
  from: {
    readonly request: FastifyRequest;
    readonly route: Route;
    readonly person: Person | null;
    readonly cause: unknown;
  },
): Promise<void> {
  const { request, route, person, cause } = from;
  if (!(cause instanceof ApiError) || !denials.has(cause.code)) return;
  const { authorization, cookie } = request.headers;
  const isAttempt =
    route.method !== "GET" || authorization !== undefined || (cookie ?? "").includes("wws_session");
  if (!isAttempt) return;
  const path = `${route.method} ${request.url.split("?", 1)[0] ?? ""}`;
  try {
    await support.audit.append({
      actor: person?.name ?? "unknown",
      actorKind: "person",
      action: signinCodes.has(cause.code) ? "session.signin" : "api.request",
      outcome: "denied",
      subject: plainSubject("session", path),
      reason: cause.message,
      planHash: null,
      facts: { code: cause.code, address: request.ip },
    });
  } catch (err) {
    support.log.error({ err, path }, "a denied attempt could not be written into the audit");
  }
}

const signinCodes: ReadonlySet<string> = new Set(["link-unknown", "signin-refused"]);

const denials: ReadonlySet<string> = new Set([
  "not-signed-in",
  "link-unknown",
  "origin-refused",
  "address-refused",
  "token-needed",
  "role-missing",
  "signin-refused",
]);
