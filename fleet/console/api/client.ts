import type { Problem } from "#fleet/api/problem-schema.ts";
import type { WhyView } from "#fleet/api/why-schema.ts";
import { noteManagerDate } from "./manager-clock.ts";

type Told = Pick<Problem, "status" | "title" | "code" | "detail" | "hint" | "why">;

/** What the API said when it did not do what was asked: in words, with what to do. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 where nothing answered. */
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly hint: string;
  /** Everything that was in the way, each with its exit; empty where the hint says it all. */
  readonly why: readonly WhyView[];

  constructor(told: Told) {
    super(told.detail);
    this.status = told.status;
    this.title = told.title;
    this.code = told.code;
    this.hint = told.hint;
    this.why = told.why ?? [];
  }
}

const prefix = "/api/v1";

/** Reads a path below /api/v1. Throws ApiError, or the signal's reason when it was aborted. */
export function apiGet<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return call<Answer>("GET", path, { signal });
}

export function apiPost<Answer>(path: string, body: unknown): Promise<Answer> {
  return call<Answer>("POST", path, { body });
}

export async function apiDelete(path: string): Promise<void> {
  await call<unknown>("DELETE", path, {});
}

/** Opens a stream below /api/v1; its body is read by whoever asked. Throws ApiError. */
export async function apiStream(
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await ask(path, { headers: { ...headers }, cache: "no-store" }, signal);
  if (!response.body) throw unreachable();
  return response.body;
}

async function call<Answer>(
  method: string,
  path: string,
  { body, signal }: { readonly body?: unknown; readonly signal?: AbortSignal | undefined },
): Promise<Answer> {
  const content =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await ask(path, { method, ...content }, signal);
  // The manager checked the shape when it was compiled: its routes return these very types.
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(prefix + path, {
      ...init,
      credentials: "same-origin",
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable();
  }
  noteManagerDate(response.headers.get("date"));
  if (response.ok) return response;
  throw new ApiError(await readProblem(response));
}

function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    title: "The manager does not answer",
    code: "manager-unreachable",
    detail: "No answer came from the manager at this address.",
    hint: "This page keeps trying. If it lasts, see on the manager's machine whether it runs: `npx wws-fleet config check` names its address.",
  });
}

async function readProblem(response: Response): Promise<Told> {
  const unsaid: Told = {
    status: response.status,
    title: "The manager refused",
    code: "unknown",
    detail: `It answered ${response.status} without saying why.`,
    hint: "Look at the manager's log for this time.",
  };
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? { ...unsaid, ...body } : unsaid;
  } catch {
    return unsaid;
  }
}
