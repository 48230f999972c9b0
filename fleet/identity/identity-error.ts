export type IdentityErrorCode = "AUTHORITY_UNREADABLE" | "AUTHORITY_OTHER_CELL";

/** What keeps a manager from knowing who is who; `message` says what to do. Never holds a secret. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
