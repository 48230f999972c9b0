import type { DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Json } from "../resource.ts";
import type { RedfishClient, RedfishReply, RedfishResource } from "./client.ts";
import { problem } from "./problems.ts";

/** In which form a service wants its ETag back; each is held against 412 and 428. */
export const guardForms = ["as-given", "strong", "unquoted", "any", "none"] as const;
export type GuardForm = (typeof guardForms)[number];

/** What is learnt of a service while it is spoken to; may be kept for its class and firmware. */
export interface RedfishMemory {
  guard: GuardForm | null;
}

export interface GuardedPatch {
  readonly path: string;
  readonly body: Json;
  /** Whether a fresh reading says what was sent: asked where the guard was dropped. */
  readonly isDone: (json: Json) => boolean;
}

/**
 * Reads the resource, writes with its ETag, and tries other forms of the tag where the service says
 * that this one does not fit. A write that lost its guard is read back.
 */
export async function guardedPatch(
  client: RedfishClient,
  memory: RedfishMemory,
  { path, body, isDone }: GuardedPatch,
  signal: AbortSignal,
): Promise<Result<RedfishReply, DriverProblem>> {
  const before = await client.get(path, signal);
  if (!before.ok) return before;
  const tag = etagOf(before.value);
  const forms = tag === null ? (["none", "any"] as const) : guardForms;
  const first = forms.find((form) => form === memory.guard);
  const order = first === undefined ? forms : [first, ...forms.filter((form) => form !== first)];
  const tried = new Set<string | null>();
  let last: DriverProblem | null = null;
  for (const form of order) {
    const value = tagIn(form, tag);
    if (tried.has(value)) continue;
    tried.add(value);
    const headers: Readonly<Record<string, string>> = value === null ? {} : { "if-match": value };
    const sent = await client.change({ method: "PATCH", path, body, headers }, signal);
    if (!sent.ok) {
      last = sent.problem;
      if (sent.problem.code === 412 || sent.problem.code === 428) continue;
      return sent;
    }
    memory.guard = form;
    const isDropped = tag !== null && (form === "any" || form === "none");
    return isDropped ? readBack(client, { path, body, isDone }, sent.value, signal) : sent;
  }
  return fail(last ?? problem("refused", `PATCH ${path}: no form of its ETag fits`));
}

async function readBack(
  client: RedfishClient,
  { path, isDone }: GuardedPatch,
  reply: RedfishReply,
  signal: AbortSignal,
): Promise<Result<RedfishReply, DriverProblem>> {
  const after = await client.get(path, signal);
  // What was answered stands; whoever asked reads again before he decides.
  if (!after.ok || isDone(after.value.json) || reply.status === 202) return ok(reply);
  return fail(
    problem("refused", `PATCH ${path} without a guard was answered well, and is not to be read`, {
      code: reply.status,
    }),
  );
}

export function etagOf({ headers, json }: RedfishResource): string | null {
  const inBody = json["@odata.etag"];
  const tag = headers["etag"] ?? (typeof inBody === "string" ? inBody : "");
  return /^[\x20-\x7e]{1,256}$/.test(tag) && tag.trim() !== "" && tag !== '""' ? tag : null;
}

function tagIn(form: GuardForm, tag: string | null): string | null {
  if (form === "any") return "*";
  if (form === "none" || tag === null) return null;
  if (form === "as-given") return tag;
  const strong = tag.replace(/^W\//, "");
  const bare = strong.replace(/^"(.*)"$/, "$1");
  return form === "strong" ? `"${bare}"` : bare;
}
