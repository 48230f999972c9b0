import type { Why } from "#fleet/lifecycle/why.ts";
import type { Problem } from "./problem-schema.ts";

/**
 * Every way in which the API says no: the HTTP status, a title that never changes, and what to do
 * next unless the place that refuses knows better. RFC 9457, `code` is for programs.
 */
export const problems = {
  "invalid-request": {
    status: 400,
    title: "The request is not understood",
    hint: "compare the request with /api/v1/openapi.json",
  },
  "selector-invalid": {
    status: 400,
    title: "The selector is not understood",
    hint: "write host names or ids, or region=eu,site=fra2,rack=…,class=…,state=…",
  },
  "cursor-invalid": {
    status: 400,
    title: "The cursor is not understood",
    hint: "start again without a cursor, and keep selector and sort the same from page to page",
  },
  "time-range-invalid": {
    status: 400,
    title: "The time range is not understood",
    hint: "from and to are unix milliseconds or relative, as in -15m; from lies before to",
  },
  "report-invalid": {
    status: 400,
    title: "The report cannot be made like that",
    hint: "docs/reports.md lists what each report is grouped by, and its windows",
  },
  "past-unknown": {
    status: 404,
    title: "Nothing is known of that moment",
    hint: "leave `at` out for now",
  },
  "metric-unknown": {
    status: 400,
    title: "There is no such metric",
    hint: "GET /hosts/{id}/inventory lists the metrics that the host reports",
  },
  "split-unknown": {
    status: 400,
    title: "The metric cannot be split by that",
    hint: "GET /hosts/{id}/inventory lists by what each metric can be split",
  },
  "too-many-points": {
    status: 400,
    title: "The answer would be too large",
    hint: "ask for a shorter range or a coarser step",
  },
  "position-invalid": {
    status: 400,
    title: "That is no position",
    hint: "write region/site/row/rack/unit, as in ea/nrt1/row-b/rack-07/u12",
  },
  "body-unreadable": {
    status: 400,
    title: "The body is no JSON",
    hint: "send one JSON object, nested at most 20 deep",
  },
  "not-signed-in": {
    status: 401,
    title: "Not signed in",
    hint: "send `Authorization: Bearer TOKEN`, or open a new link from `wws-fleet signin-link`",
  },
  "link-unknown": {
    status: 401,
    title: "The sign-in link is not known, used or too old",
    hint: "make a new one with `wws-fleet signin-link`; a link works once, for 15 minutes",
  },
  "origin-refused": {
    status: 403,
    title: "The request comes from another site",
    hint: "use the console at the manager's own address; programs send no Origin header",
  },
  "address-refused": {
    status: 403,
    title: "The manager is not known by that name",
    hint: "use the address that `wws-fleet config check` shows for the console",
  },
  "token-needed": {
    status: 403,
    title: "A browser session is not enough for this",
    hint: "send `Authorization: Bearer TOKEN`; the command line does so",
  },
  "route-unknown": {
    status: 404,
    title: "There is nothing at this address",
    hint: "/api/v1/openapi.json lists every route",
  },
  "host-unknown": {
    status: 404,
    title: "There is no such host",
    hint: "`wws-fleet host list -o name` lists the names",
  },
  "rack-unknown": {
    status: 404,
    title: "There is no such rack",
    hint: "`wws-fleet rack list -o name` lists the racks; write ~ for / in addresses",
  },
  "pending-unknown": {
    status: 404,
    title: "No such machine is waiting",
    hint: "`wws-fleet enroll pending` lists the machines that wait",
  },
  "nothing-yet": {
    status: 404,
    title: "The host has not said anything of this yet",
    hint: "wait for its first state; `wws-agent status` on the host says whether it is connected",
  },
  "already-approved": {
    status: 409,
    title: "The machine was approved already",
    hint: "`wws-fleet host show NAME` shows it; its agent comes in within a minute",
  },
  "not-planned": {
    status: 409,
    title: "The machine is no planned host",
    hint: "give it a name, or import the row that plans it",
  },
  "token-unknown": {
    status: 404,
    title: "No such token leads to pending",
    hint: "`wws-fleet enroll token --uses N` makes one",
  },
  "name-taken": {
    status: 409,
    title: "Another host has that name",
    hint: "choose another name",
  },
  "position-taken": {
    status: 409,
    title: "Another host sits there",
    hint: "choose a free unit; `wws-fleet rack show RACK` draws the rack",
  },
  "site-elsewhere": {
    status: 409,
    title: "The site lies in another region",
    hint: "write the position with the site's own region; `wws-fleet site list` shows it",
  },
  "revision-moved": {
    status: 409,
    title: "The record was changed in between",
    hint: "read it again and decide anew",
  },
  "precondition-failed": {
    status: 412,
    title: "The record is not the one that was read",
    hint: "read it again; its revision is the ETag, sent back as If-Match",
  },
  "selection-empty": {
    status: 400,
    title: "The selector means no host",
    hint: "`wws-fleet host list SELECTOR` shows what a selector means",
  },
  "selection-whole": {
    status: 409,
    title: "The selector means every host of the cell",
    hint: "say how many they are (`count`, `--count`), or select fewer",
  },
  "plan-unknown": {
    status: 404,
    title: "There is no such plan",
    hint: "`wws-fleet plan list` lists the plans",
  },
  "operation-unknown": {
    status: 404,
    title: "There is no such operation",
    hint: "`wws-fleet op list` lists the operations",
  },
  "hold-unknown": {
    status: 404,
    title: "There is no such hold",
    hint: "`wws-fleet hold list` lists the holds",
  },
  "alert-unknown": {
    status: 404,
    title: "There is no such open alert",
    hint: "`wws-fleet alert list` lists the open ones",
  },
  "silence-unknown": {
    status: 404,
    title: "There is no such silence",
    hint: "`wws-fleet alert silences` lists those in force",
  },
  "silence-invalid": {
    status: 400,
    title: "A silence needs what it covers, and an end",
    hint: "`wws-fleet alert silence SELECTOR --until 2h --reason …`",
  },
  "tenant-unknown": {
    status: 404,
    title: "There is no such tenant",
    hint: "`wws-fleet tenant list` lists the tenants",
  },
  "lease-unknown": {
    status: 404,
    title: "There is no such lease",
    hint: "`wws-fleet lease list` lists the leases",
  },
  "role-missing": {
    status: 403,
    title: "Your roles do not let you do this here",
    hint: "somebody with the role security can grant what is missing: `wws-fleet user grant`",
  },
  "signin-refused": {
    status: 401,
    title: "This name and password open no session",
    hint: "somebody with the role security can make a sign-in link: `wws-fleet signin-link --name NAME`",
  },
  "user-unknown": {
    status: 404,
    title: "There is no such user",
    hint: "`wws-fleet user list` shows who there is",
  },
  "last-security": {
    status: 409,
    title: "Nobody would be left who could undo it",
    hint: "give the role security to somebody else first: `wws-fleet user grant NAME security all`",
  },
  "approval-needed": {
    status: 403,
    title: "Somebody else has to agree first",
    hint: "ask a colleague to look at the plan",
  },
  "phase-refused": {
    status: 409,
    title: "Not from the state that the host is in",
    hint: "`wws-fleet host explain HOST` shows what may be done to it now",
  },
  "operation-running": {
    status: 409,
    title: "Something is being done to the host already",
    hint: "`wws-fleet op list` shows what; wait for it, or cancel it",
  },
  held: {
    status: 409,
    title: "A hold forbids it",
    hint: "`wws-fleet host explain HOST` shows the hold and who can release it",
  },
  leased: {
    status: 409,
    title: "A lease is in the way",
    hint: "`wws-fleet lease list HOST` shows whose",
  },
  "over-budget": {
    status: 409,
    title: "Too much would be out at once",
    hint: "wait until other hosts are back; `wws-fleet plan list` shows what is under way",
  },
  "watched-only": {
    status: 409,
    title: "The host is only watched",
    hint: "`wws-fleet host manage HOST --reason …` ends that",
  },
  "not-schedulable": {
    status: 409,
    title: "The host takes no lease",
    hint: "`wws-fleet host explain HOST` says why",
  },
  "plan-changed": {
    status: 409,
    title: "The plan is not the one that was shown, or not as it was",
    hint: "`wws-fleet plan show ID` shows it; plan anew where it is too old",
  },
  "not-now": {
    status: 409,
    title: "It cannot be done now",
    hint: "the detail says what is in the way and who can end it",
  },
  "not-leading": {
    status: 503,
    title: "This manager does not lead the cell now",
    hint: "another one does, or nobody yet: try again in a few seconds",
  },
  "cells-conflict": {
    status: 409,
    title: "More than one cell has it",
    hint: "`wws-fleet cell list` shows what two cells claim; ask one of them at its own address",
  },
  "cell-silent": {
    status: 503,
    title: "The cell that knows it cannot be heard",
    hint: "`wws-fleet cell list` shows since when and why; its own console may still answer",
  },
  "federation-reads-only": {
    status: 405,
    title: "The view over all cells changes nothing",
    hint: "`wws-fleet cell list` shows the cells' addresses: ask the cell with WWS_URL",
  },
  "key-reused": {
    status: 409,
    title: "That Idempotency-Key was used for another request",
    hint: "make a fresh key for every new request; repeat one only with the same body",
  },
  "body-too-large": {
    status: 413,
    title: "The body is too large",
    hint: "send at most 1 MiB",
  },
  "content-type-unsupported": {
    status: 415,
    title: "The content type is not supported",
    hint: "send `Content-Type: application/json`",
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests without a valid sign-in",
    hint: "wait as long as Retry-After says",
  },
  internal: {
    status: 500,
    title: "The manager failed at this request",
    hint: "look for the instance in the manager's log; trying again later may help",
  },
  "store-failed": {
    status: 503,
    title: "The store cannot do this now",
    hint: "`wws-fleet store check` and the manager's log say why",
  },
  "streams-full": {
    status: 503,
    title: "Too many event streams are open",
    hint: "close some consoles, or ask for the figures without the stream",
  },
  "shutting-down": {
    status: 503,
    title: "The manager is stopping",
    hint: "try again when it is back",
  },
} as const satisfies Record<string, { status: number; title: string; hint: string }>;

export type ProblemCode = keyof typeof problems;

/** Thrown by a route to refuse; becomes problem+json. `detail` tells this case, in a sentence. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ProblemCode;
  readonly hint: string;
  readonly retryAfterSeconds: number | undefined;
  /** Every reason with its exit; empty where the detail says it all. */
  readonly why: readonly Why[];

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      readonly hint?: string;
      readonly cause?: unknown;
      readonly retryAfterSeconds?: number;
      readonly why?: readonly Why[];
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? problems[code].hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.why = options.why ?? [];
  }
}

export const problemMediaType = "application/problem+json";

/** The answer's body. `instance` names the one request, for the log. */
export function describeProblem(error: ApiError, instance?: string): Problem {
  const { status, title } = problems[error.code];
  return {
    type: `urn:wws-fleet:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    hint: error.hint,
    ...(instance === undefined ? {} : { instance }),
    ...(error.why.length === 0 ? {} : { why: error.why }),
  };
}
