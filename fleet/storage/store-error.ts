export type StoreErrorCode =
  /** The engine did not take the work within the time allowed; nothing was written. */
  | "STORE_UNREACHABLE"
  | "STORE_FULL"
  | "STORE_DAMAGED"
  | "STORE_NEWER"
  | "STORE_OTHER_CELL"
  | "STORE_IN_USE"
  | "STORE_NOT_EMPTY"
  | "STORE_FAILED";

/** The control store or the data folder could not do what was asked; `message` says what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
