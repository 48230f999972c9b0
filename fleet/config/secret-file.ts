import { readFileSync, statSync } from "node:fs";
import { parseSecrets } from "#fleet/alerts/sign-webhook.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { ConfigProblem, FleetConfig } from "./fleet-config.ts";

const bytesMax = 65_536;

/** The text of a file that only its owner may read. The problem says what is wrong, never what is in it. */
export function readSecretFile(path: string): Result<string, string> {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0)
      return fail(`${path} can be read by others: chmod 600 ${path}, and change what is in it`);
    return readSmallFile(path);
  } catch (error) {
    return fail(unreadable(path, error));
  }
}

export function readSmallFile(path: string): Result<string, string> {
  try {
    const { size } = statSync(path);
    if (size > bytesMax) return fail(`${path} is longer than ${bytesMax} bytes`);
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    return fail(unreadable(path, error));
  }
}

function unreadable(path: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
  const words = { ENOENT: "is not there", EACCES: "must not be read by this user" }[code];
  return `${path} ${words ?? `cannot be read (${code})`}`;
}

/** Files that the channels of alerts need, read once now, so that a slip is not found in a bad night. */
export function alertFileProblems({ alerts }: FleetConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (where: string, detail: string, hint: string): void => {
    problems.push({ kind: "file-unreadable", where, detail, hint });
  };
  for (const { name, secretFile } of alerts.webhooks) {
    const text = readSecretFile(secretFile);
    const secrets = text.ok ? parseSecrets(text.value) : null;
    const hint = "one secret a line, at most two: openssl rand -base64 32";
    if (!text.ok) add(`alerts.webhooks ${name}`, text.problem, hint);
    else if (secrets?.ok === false)
      add(`alerts.webhooks ${name}`, `${secretFile} ${secrets.problem}`, hint);
  }
  for (const { name, passwordFile, caFile } of alerts.mail) {
    const where = `alerts.mail ${name}`;
    const password = passwordFile === null ? null : readSecretFile(passwordFile);
    if (password?.ok === false) add(where, password.problem, "the password alone, in one line");
    const ca = caFile === null ? null : readSmallFile(caFile);
    if (ca?.ok === false) add(where, ca.problem, "PEM of who signed the server's certificate");
  }
  return problems;
}
