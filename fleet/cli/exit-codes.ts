import type { ClientError } from "#fleet/api/client.ts";

/** How the program ends; scripts rely on these. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAuthorised: 4,
  conflict: 5,
  stillRunning: 6,
  partFailed: 7,
  unreachable: 8,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message for people: what is wrong, and what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** What a refusal of the API means for a script. */
export function exitCodeOf(error: ClientError): ExitCode {
  if (error.kind === "unreachable") return exitCodes.unreachable;
  const { problem } = error;
  if (problem === null || problem.code === "route-unknown") return exitCodes.failed;
  // Refused as things are: the same command at the cell itself does it.
  if (problem.code === "federation-reads-only") return exitCodes.conflict;
  switch (problem.status) {
    case 400:
      return exitCodes.usage;
    case 401:
    case 403:
      return exitCodes.notAuthorised;
    case 404:
      return exitCodes.notFound;
    case 409:
    case 412:
      return exitCodes.conflict;
    default:
      return exitCodes.failed;
  }
}
