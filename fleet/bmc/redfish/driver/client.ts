import type { DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { RedfishAnswer, RedfishRequest, RedfishTransport } from "../redfish-transport.ts";
import type { Json } from "../resource.ts";
import { isErrorBody } from "../tree.ts";
import { safePath } from "./links.ts";
import { isSessionFull, parseObject, problem, problemOf } from "./problems.ts";

export interface RedfishReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** null: no body, or none that is an object. */
  readonly json: Json | null;
}

export interface ChangeRequest {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One service as one user, logged in when the first question comes. */
export interface RedfishClient {
  /** A resource; never an error body. */
  get(path: string, signal: AbortSignal): Promise<Result<RedfishResource, DriverProblem>>;
  change(change: ChangeRequest, signal: AbortSignal): Promise<Result<RedfishReply, DriverProblem>>;
  /** The session is gone: the controller was restarted. */
  forgetSession(): void;
  close(): Promise<void>;
}

export interface RedfishResource extends RedfishReply {
  readonly path: string;
  readonly json: Json;
}

export interface ClientOptions {
  readonly transport: RedfishTransport;
  readonly clock: Clock;
  readonly user: string;
  readonly password: string;
}

/** Some answer 401 now and then with the right password; more in a row lock accounts. */
export const refusalsMax = 3;
const refusalPauseMs = 1_000;
const goodbyeMs = 5_000;
const sessionsPath = "/redfish/v1/SessionService/Sessions";

type Login =
  | { readonly kind: "none" }
  | { readonly kind: "basic" }
  | { readonly kind: "session"; readonly token: string; readonly path: string | null };

export function createRedfishClient(options: ClientOptions): RedfishClient {
  const { transport, clock, user, password } = options;
  const basic = `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
  let login: Login = { kind: "none" };
  /** Once it was refused beside a full table, it is not tried again: that locks accounts. */
  let isBasicRefused = false;
  let refusals = 0;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  const stopped = (): DriverProblem | null =>
    refusals < refusalsMax
      ? null
      : problem(
          "unauthorised",
          `it refused this user and password ${refusals} times in a row; it is not asked again`,
          { code: 401 },
        );

  const send = async (
    request: RedfishRequest,
    signal: AbortSignal,
  ): Promise<Result<RedfishAnswer, DriverProblem>> => {
    if (signal.aborted) return fail(problem("withdrawn", "it was not wanted any more"));
    try {
      return ok(await transport.send(request, signal));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return fail(problem("unanswered", `${request.method} ${request.path}: ${clean(words)}`));
    }
  };

  /** A problem: nobody is let in, and the question is not asked. */
  const logIn = async (signal: AbortSignal): Promise<DriverProblem | null> => {
    const request: RedfishRequest = {
      method: "POST",
      path: sessionsPath,
      headers: jsonHeaders,
      body: JSON.stringify({ UserName: user, Password: password }),
    };
    const sent = await send(request, signal);
    if (!sent.ok) return sent.problem;
    const answer = sent.value;
    if (answer.status >= 200 && answer.status <= 299) {
      const token = answer.headers["x-auth-token"] ?? "";
      const ownId = parseObject(answer.text)?.["@odata.id"];
      const path =
        safePath(answer.headers["location"]) ??
        (typeof ownId === "string" ? safePath(ownId) : null);
      // A success is the token, not the status.
      login = isToken(token) ? { kind: "session", token, path } : { kind: "basic" };
      return null;
    }
    const why = problemOf(request, answer);
    if (isSessionFull(why)) {
      if (isBasicRefused) return { ...why, kind: "session-full" };
      login = { kind: "basic" };
      return null;
    }
    if (why.kind === "unsupported") login = { kind: "basic" };
    return why.kind === "unsupported" ? null : why;
  };

  const ask = async (
    request: RedfishRequest,
    signal: AbortSignal,
  ): Promise<Result<RedfishAnswer, DriverProblem>> => {
    let lost = 0;
    for (;;) {
      const stop = stopped();
      if (stop !== null) return fail(stop);
      if (isClosed) return fail(problem("withdrawn", "its driver is closed"));
      let why: DriverProblem | null = login.kind === "none" ? await logIn(signal) : null;
      if (why === null) {
        const sent = await send(
          { ...request, headers: { ...request.headers, ...headersOf(login, basic) } },
          signal,
        );
        if (!sent.ok) return sent;
        if (sent.value.status !== 401) {
          refusals = 0;
          return sent;
        }
        why = problemOf(request, sent.value);
        if (login.kind === "session" && lost === 0) {
          // The session has ended, or was taken by others: opened anew, once.
          lost += 1;
          login = { kind: "none" };
          continue;
        }
        if (login.kind === "basic" && isSessionFull(why)) {
          isBasicRefused = true;
          login = { kind: "none" };
          return fail({ ...why, kind: "session-full" });
        }
      }
      if (why.kind !== "unauthorised" || why.code !== 401) return fail(why);
      refusals += 1;
      const end = stopped();
      if (end !== null) return fail({ ...end, messageIds: why.messageIds });
      const isAwake = await sleep(clock, refusalPauseMs, signal).then(
        () => true,
        () => false,
      );
      if (!isAwake) return fail(problem("withdrawn", "it was not wanted any more"));
    }
  };

  /** One question after the other. */
  const inTurn = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const next = last.then(run, run);
    last = next.catch(() => {});
    return next;
  };

  return {
    get: (path, signal) =>
      inTurn(async () => {
        const request = { method: "GET", path, headers: lookHeaders, body: null } as const;
        const sent = await ask(request, signal);
        return sent.ok ? asResource(request, sent.value) : sent;
      }),
    change: ({ method, path, body, headers }, signal) =>
      inTurn(async () => {
        const request: RedfishRequest = {
          method,
          path,
          headers: { ...jsonHeaders, ...headers },
          body: method === "DELETE" ? null : JSON.stringify(body),
        };
        const sent = await ask(request, signal);
        if (!sent.ok) return sent;
        const { status, headers: answered, text } = sent.value;
        if (status < 200 || status > 299) return fail(problemOf(request, sent.value));
        return ok({ status, headers: answered, json: parseObject(text) });
      }),
    forgetSession: () => {
      login = { kind: "none" };
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      const open = login;
      login = { kind: "none" };
      await last;
      if (open.kind === "session" && open.path !== null) {
        const goodbye = new AbortController();
        const cancel = clock.after(goodbyeMs, () => goodbye.abort());
        const headers = { ...lookHeaders, "x-auth-token": open.token };
        const request = { method: "DELETE", path: open.path, headers, body: null } as const;
        await send(request, goodbye.signal);
        cancel();
      }
      transport.close();
    },
  };
}

function asResource(
  request: Pick<RedfishRequest, "method" | "path">,
  answer: RedfishAnswer,
): Result<RedfishResource, DriverProblem> {
  const { status, headers, text, isCut } = answer;
  if (status < 200 || status > 299) return fail(problemOf(request, answer));
  const json = isCut ? null : parseObject(text);
  if (json === null || isErrorBody(json)) {
    const what = isCut ? "more than can be read" : "no resource";
    return fail(problem("malformed", `GET ${request.path} answers ${what}`, { code: status }));
  }
  return ok({ path: request.path, status, headers, json });
}

const lookHeaders = { accept: "application/json", "odata-version": "4.0" } as const;
const jsonHeaders = { ...lookHeaders, "content-type": "application/json" } as const;

function headersOf(login: Login, basic: string): Readonly<Record<string, string>> {
  if (login.kind === "session") return { "x-auth-token": login.token };
  return { authorization: basic };
}

function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,1024}$/.test(text);
}

function clean(words: string): string {
  return words.replace(/\p{Cc}+/gu, " ").slice(0, 256);
}
