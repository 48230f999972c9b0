import type { RedfishRequest } from "#fleet/bmc/redfish/redfish-transport.ts";

export type Body = Readonly<Record<string, unknown>>;

/** One request that was let in. */
export interface Asked {
  readonly request: RedfishRequest;
  /** Without query and last slash. */
  readonly path: string;
  readonly body: Body;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** undefined: none. */
  readonly body: unknown;
}

export function replied(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers, body };
}

export function empty(status: 202 | 204): Reply {
  return { status, headers: {}, body: undefined };
}

/** An error as DSP0266 has it. */
export function refuse(
  status: number,
  messageId: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const info = [{ MessageId: messageId, Message: message, Severity: "Critical" }];
  const error = { code: messageId, message, "@Message.ExtendedInfo": info };
  return { status, headers, body: { error } };
}

/** null: not JSON, or no object. No body is an empty object. */
export function bodyOf({ body }: RedfishRequest): Body | null {
  if (body === null || body === "") return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Body)
      : null;
  } catch {
    return null;
  }
}
