import { STATUS_CODES } from "node:http";
import { type RefusalCode, refusals } from "#proto/vocabulary/refusal.ts";

/** A whole answer to somebody on 7601 who speaks HTTP and not our protocol; the connection closes. */
export function plainAnswer(
  status: number,
  problem: { readonly code: string; readonly detail: string; readonly hint: string },
): string {
  const body = JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    ...problem,
  });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}

export function refusalAnswer(status: number, code: RefusalCode, detail: string): string {
  return plainAnswer(status, { code, detail, hint: refusals[code] });
}

const hintPaths =
  "agents connect a WebSocket to /agent/v1, machines that enrol to /agent/v1/enrol; people use the console's port";

export const wrongPath = plainAnswer(404, {
  code: "not-found",
  detail: "there is nothing at this address",
  hint: hintPaths,
});

export const upgradeRequired = plainAnswer(426, {
  code: "upgrade-required",
  detail: "this port speaks WebSocket",
  hint: hintPaths,
}).replace("Connection: close", "Connection: close, Upgrade\r\nUpgrade: websocket");

export const badRequest = plainAnswer(400, {
  code: "malformed-request",
  detail: "this is not a request that can be understood",
  hint: hintPaths,
});

export const certificateMissing = refusalAnswer(
  401,
  "certificate-missing",
  "this port wants a client certificate",
);
