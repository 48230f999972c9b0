/**
 * What kept the controller from answering.
 * - `unreachable`: nothing came back in the time given.
 * - `unauthorised`: user or password are not the controller's, or not enough for the command.
 * - `refused`: it has no session free, or will speak no cipher suite that we would.
 * - `protocol`: what came back breaks the protocol.
 * - `closed`: we ended the session, or the caller's signal did.
 */
export type IpmiErrorCode = "unreachable" | "unauthorised" | "refused" | "protocol" | "closed";

export class IpmiError extends Error {
  override readonly name = "IpmiError";
  readonly code: IpmiErrorCode;

  constructor(code: IpmiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
