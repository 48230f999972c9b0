import type { FastifyRequest } from "fastify";
import type { Person } from "#fleet/identity/people.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import { ApiError } from "./problems.ts";

/** Who asks, for the audit. The routes that need one are never open to anyone. */
export function askerOf(person: Person | null, reason: string): Asker {
  return { name: person?.name ?? "unknown", kind: "person", reason };
}

/**
 * `If-Match: "7"`: the change is meant for that revision of the host's record and no later one.
 * Without the header any is meant. Throws `precondition-failed`.
 */
export function requireRevision(request: FastifyRequest, host: HostRecord): void {
  const wanted = request.headers["if-match"];
  if (wanted === undefined || wanted === "*") return;
  if (wanted.split(",").some((tag) => tag.trim() === etagOf(host))) return;
  throw new ApiError(
    "precondition-failed",
    `"${host.name}" is at revision ${host.revision}, If-Match says ${wanted.slice(0, 64)}`,
  );
}

export function etagOf(host: Pick<HostRecord, "revision">): string {
  return `"${host.revision}"`;
}
