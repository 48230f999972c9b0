/** The command line cannot be carried out as it was given; the message says what to write. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "USAGE";
}
