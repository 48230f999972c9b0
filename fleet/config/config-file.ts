import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { type ConfigKeyName, isKeyName, keyNames } from "./config-keys.ts";
import type { ConfigProblem } from "./fleet-config.ts";

export const systemConfigFile = "/etc/wws-fleet/fleet.toml";

export interface ConfigFile {
  /** null: no file was read. */
  readonly path: string | null;
  /** As TOML gave them: not yet checked. */
  readonly values: ReadonlyMap<ConfigKeyName, unknown>;
  readonly problems: readonly ConfigProblem[];
}

/** The one file: `--config`, else WWS_CONFIG, else the system's where it is there. */
export function readConfigFile(sources: {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readText?: (path: string) => string | null;
  readonly workingFolder: string;
}): ConfigFile {
  const named = sources.flags["--config"] ?? sources.environment["WWS_CONFIG"];
  const path = resolve(sources.workingFolder, named ?? systemConfigFile);
  const values = new Map<ConfigKeyName, unknown>();
  const wrong = (kind: ConfigProblem["kind"], detail: string, hint: string): ConfigFile => ({
    path,
    values,
    problems: [{ kind, where: path, detail, hint }],
  });
  let content: string | null;
  try {
    content = (sources.readText ?? readTextFile)(path);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return wrong("file-unreadable", detail, "make it readable for the user that runs the manager");
  }
  if (content === null) {
    if (named === undefined) return { path: null, values, problems: [] };
    return wrong("file-missing", "there is no such file", "name another one, or leave it out");
  }
  try {
    const problems: ConfigProblem[] = [];
    for (const [name, value] of flatten(parseToml(content))) {
      if (isKeyName(name)) values.set(name, value);
      else
        problems.push({
          kind: "unknown-key",
          where: path,
          detail: `there is no key ${name}`,
          hint: nearestHint(name),
        });
    }
    return { path, values, problems };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const where = `line ${error.line}, column ${error.column}`;
    return wrong("file-malformed", `${where}: ${error.message.split("\n")[0]}`, "it must be TOML");
  }
}

function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Tables become dotted names; one level is all there is. */
function* flatten(table: Readonly<Record<string, unknown>>): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(table)) {
    // smol-toml gives dates as objects of their own.
    const isTable =
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      !("toISOString" in value);
    if (!isTable) yield [name, value];
    else
      for (const [inner, innerValue] of Object.entries(value))
        yield [`${name}.${inner}`, innerValue];
  }
}

function nearestHint(name: string): string {
  const last = name.split(".").at(-1) ?? name;
  const near = keyNames().filter((key) => key.split(".").at(-1) === last || key.startsWith(name));
  return near.length > 0
    ? `did you mean ${near.join(" or ")}?`
    : `the keys are ${keyNames().join(", ")}`;
}
