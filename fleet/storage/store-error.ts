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

/** A row that this release would never write; `what` says which. */
export function damagedRow(what: string): StoreError {
  return new StoreError(
    "STORE_DAMAGED",
    `the control store holds what this release never writes: ${what}; run \`wws-fleet store check\`, then restore a backup: docs/operating/store.md`,
  );
}
