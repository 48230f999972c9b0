import { type JoinToken, parseJoinToken } from "#agent/enrolment/join-token.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The join token: by flag (everybody on the host can read a flag while the program runs), by the
 * environment, or by standard input (`--token -`, or a pipe). The environment's copy is removed, so
 * that no child inherits it. Throws UsageError where what was given is none.
 */
export async function findJoinToken(
  flag: string | undefined,
  environment: NodeJS.ProcessEnv,
  readInput: (() => Promise<string>) | null,
): Promise<JoinToken | null> {
  const fromEnvironment = environment["WWS_JOIN_TOKEN"];
  delete environment["WWS_JOIN_TOKEN"];
  let text = flag === "-" ? undefined : (flag ?? fromEnvironment);
  if (text === undefined && readInput !== null) text = await readInput();
  if (text === undefined || text.trim() === "") return null;
  const parsed = parseJoinToken(text);
  if (!parsed.ok) throw new UsageError(parsed.problem);
  return parsed.value;
}
