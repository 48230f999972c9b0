export type TelemetryErrorCode =
  /** The disk has no room (or less than the reserve); nothing of the report was kept. */
  | "STORE_FULL"
  /** The disk answered with an error, or the store is closed; nothing of the report is promised. */
  | "STORE_FAILED"
  /**
   * More reports wait for the disk, or the report would leave more holes in its numbering, than the
   * store will hold in memory; nothing of it was kept.
   */
  | "STORE_BUSY"
  /** The report names a dictionary that was never added: ask the agent for it first. */
  | "DICTIONARY_UNKNOWN"
  /** A column stands for a series that its dictionary does not have. */
  | "REPORT_INVALID"
  /** The files were written by a newer release. */
  | "FORMAT_NEWER";

/** What the world broke. `code` is stable; the cause is the folder's own error where there is one. */
export class TelemetryError extends Error {
  override readonly name = "TelemetryError";
  readonly code: TelemetryErrorCode;

  constructor(code: TelemetryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
