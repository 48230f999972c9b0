/** What went wrong on the way to a manager, with a stable code. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  readonly code: LinkErrorCode;

  constructor(code: LinkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type LinkErrorCode =
  | "LINK_ADDRESS"
  | "LINK_UNREACHABLE"
  | "LINK_TLS"
  | "LINK_WRONG_AUTHORITY"
  | "LINK_TIMEOUT";
