import { parseHttpDate } from "../http-date.ts";
import type { DriverProblem, DriverProblemKind } from "#fleet/boot-loop/bmc-driver.ts";
import type { RedfishAnswer, RedfishRequest } from "../redfish-transport.ts";
import { cleanText, isObject, type Json } from "../resource.ts";

const messagesMax = 8;
const retryAfterMsMax = 3_600_000;

export function problem(
  kind: DriverProblemKind,
  detail: string,
  more: Partial<DriverProblem> = {},
): DriverProblem {
  return { code: null, messageIds: [], retryAfterMs: null, ...more, kind, detail };
}

/** What an answer that is no success means. */
export function problemOf(
  request: Pick<RedfishRequest, "method" | "path">,
  answer: RedfishAnswer,
): DriverProblem {
  const { status } = answer;
  const { messageIds, words } = messagesOf(parseObject(answer.text));
  const isRead = request.method === "GET" || request.method === "HEAD";
  const kind = kindOf(status, messageIds, words, isRead);
  const said = words === null ? "" : `: ${words}`;
  return problem(kind, `${request.method} ${request.path} answers HTTP ${status}${said}`, {
    code: status,
    messageIds,
    retryAfterMs: retryAfterOf(answer),
  });
}

/** Ids and the first words of `@Message.ExtendedInfo`, of an error or beside a success. */
export function messagesOf(json: Json | null): {
  readonly messageIds: readonly string[];
  readonly words: string | null;
} {
  const error = json !== null && isObject(json["error"]) ? json["error"] : (json ?? {});
  const info: unknown = error["@Message.ExtendedInfo"];
  const list: readonly unknown[] = Array.isArray(info) ? info : isObject(info) ? [info] : [];
  const entries = list.slice(0, messagesMax).filter(isObject);
  const ids = entries.flatMap(({ MessageId: id }) => textOf(id) ?? []);
  const code = textOf(error["code"]);
  const words = textOf(entries[0]?.["Message"]) ?? textOf(error["message"]);
  return { messageIds: ids.length > 0 || code === null ? ids : [code], words };
}

export function parseObject(text: string): Json | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** No session is left, in the words of several makers. */
export function isSessionFull({ code, messageIds, detail }: DriverProblem): boolean {
  if (code === null || code < 400) return false;
  return (
    messageIds.some((id) => /SessionLimitExceeded|RAC0218|SYS415/.test(id)) ||
    /maximum number of (?:user )?sessions|session limit|no session/i.test(detail)
  );
}

function kindOf(
  status: number,
  ids: readonly string[],
  words: string | null,
  isRead: boolean,
): DriverProblemKind {
  const has = (form: RegExp): boolean => ids.some((id) => form.test(id));
  if (has(/PasswordChangeRequired/)) return "unauthorised";
  if (has(/RAC0508|SYS518|LC06[0-7]$/)) return "not-ready";
  // A job of its own waits for the next start: LC068 and RAC0679 of Dell.
  if (has(/LC068|RAC0679|InvalidOperationForSystemState|ActionParameterValueConflict/))
    return "busy";
  if (status === 401) return "unauthorised";
  if (status === 429 || status === 503) return "busy";
  if (status >= 500 && status !== 501) return isRead ? "not-ready" : "unanswered";
  if (status === 404 || status === 405 || status === 501 || (status >= 300 && status < 400))
    return "unsupported";
  if (has(unknownThing)) return "unsupported";
  if (status === 400 && /not supported|unknown property/i.test(words ?? "")) return "unsupported";
  return "refused";
}

const unknownThing =
  /PropertyUnknown|PropertyNotWritable|ActionNotSupported|ActionParameter(?:NotSupported|Unknown|ValueNotInList|Missing)|PropertyValueNotInList|OperationSupportedInFutureStateURI|UnsupportedOperation/;

/** Seconds, or a day and time that is taken against the answer's own date. */
function retryAfterOf({ headers }: RedfishAnswer): number | null {
  const text = headers["retry-after"];
  if (text === undefined) return null;
  if (/^\d{1,6}$/.test(text)) return Math.min(Number(text) * 1_000, retryAfterMsMax);
  const then = parseHttpDate(text);
  const now = parseHttpDate(headers["date"] ?? "");
  if (then === null || now === null || then <= now) return null;
  return Math.min(then - now, retryAfterMsMax);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? cleanText(value) : null;
}
