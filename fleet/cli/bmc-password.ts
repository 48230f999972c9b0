import { readFileSync, statSync } from "node:fs";
import { CommandError, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

const fileBytesMax = 4_096;

/**
 * From a file, from WWS_BMC_PASSWORD, or asked without echo; never an argument, which every user of
 * the machine can read. Throws CommandError.
 */
export async function findPassword(
  terminal: Terminal,
  file: string | undefined,
  from: { readonly variable: string; readonly question: string } = {
    variable: "WWS_BMC_PASSWORD",
    question: "BMC password: ",
  },
): Promise<string> {
  if (file !== undefined) return fromFile(file);
  const password = terminal.env[from.variable];
  if (password !== undefined && password !== "") return password;
  const asked = await terminal.askSecret?.(from.question);
  if (asked !== undefined && asked !== "") return asked;
  throw new CommandError(
    exitCodes.usage,
    "there is no password",
    `set ${from.variable}, or give --password-file FILE`,
  );
}

function fromFile(file: string): string {
  let text: string;
  try {
    if (statSync(file).size > fileBytesMax)
      throw new CommandError(exitCodes.usage, `${file} is too large for a password`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(exitCodes.usage, `the password file cannot be read: ${why}`);
  }
  const password = text.split(/\r?\n/, 1)[0] ?? "";
  if (password === "") throw new CommandError(exitCodes.usage, `${file}: its first line is empty`);
  return password;
}
