/** The journal cannot be used as it is. The message says what to do. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type JournalErrorCode =
  | "JOURNAL_UNREADABLE"
  | "JOURNAL_MALFORMED"
  | "JOURNAL_NEWER"
  | "JOURNAL_NOT_WRITTEN"
  | "JOURNAL_NOT_ENROLLED";
