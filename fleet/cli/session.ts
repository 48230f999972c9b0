import { Option } from "commander";
import type { ApiClient } from "#fleet/api/client.ts";
import type { ExitCode } from "./exit-codes.ts";
import { type OutputForm, outputForms } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/** What every command is given. */
export interface Session {
  readonly terminal: Terminal;
  /** Throws CommandError where the connection's settings cannot be used. */
  client(): Promise<ApiClient>;
  /** For a command that did its work and still does not end with 0. */
  endWith(code: ExitCode): void;
}

export interface FormOptions {
  readonly output: OutputForm;
}

export function outputOption(forms: readonly OutputForm[] = outputForms): Option {
  return new Option("-o, --output <form>", "how to print it").choices(forms).default("table");
}
