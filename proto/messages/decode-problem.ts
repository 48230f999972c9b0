/** Why bytes from a peer are not a message. `where` is the field's path, for the log. */
export interface DecodeProblem {
  readonly kind:
    | "too-large"
    | "too-deep"
    | "malformed"
    | "empty"
    | "unknown-message"
    | "field-missing"
    | "field-invalid"
    | "limit-exceeded"
    | "column-mismatch"
    | "checksum-wrong";
  readonly where: string;
  readonly detail: string;
}
