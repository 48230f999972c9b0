import { parseArgs } from "node:util";
import type { GivenSettings } from "#agent/config/agent-config.ts";
import { UsageError } from "./usage-error.ts";

/** What `wws-agent …` was asked to do, checked. */
export type Invocation =
  | { readonly verb: "help" | "version" }
  | {
      readonly verb: "run" | "status";
      readonly common: CommonFlags;
      readonly token: string | undefined;
      readonly json: boolean;
    }
  | {
      readonly verb: "enroll";
      readonly common: CommonFlags;
      readonly token: string | undefined;
      readonly asNew: boolean;
    }
  | { readonly verb: "inspect"; readonly common: CommonFlags; readonly json: boolean }
  | {
      readonly verb: "record";
      readonly common: CommonFlags;
      readonly folder: string;
      readonly frames: number;
      readonly intervalMs: number;
    }
  | { readonly verb: "first-boot"; readonly common: CommonFlags; readonly folder: string }
  | {
      readonly verb: "replay";
      readonly common: CommonFlags;
      readonly folder: string;
      readonly json: boolean;
    };

export interface CommonFlags {
  readonly config: string | undefined;
  readonly settings: GivenSettings;
}

export const usage = `wws-agent: reports a server's CPU, disks and power to a fleet manager

  wws-agent run                       report until stopped; enrols first where a token is given
  wws-agent enroll --manager HOST:PORT [--token TOKEN] [--new]
                                      take this host into a fleet; the token may come by
                                      WWS_JOIN_TOKEN or standard input, where ps does not show it
  wws-agent status [--json]           what the running agent does
  wws-agent inspect [--json]          what this server is, as the agent sees it
  wws-agent record DIR [--frames N] [--interval SECONDS]
                                      record this server as a fixture
  wws-agent replay DIR [--json]       run the collectors over a fixture
  wws-agent first-boot DIR            make a new system what the seed in DIR says: name, network,
                                      keys, and how its agent enrols; needs root

  --data DIR        journal, lock and status (default /var/lib/wws-agent)
  --config FILE     settings (default /etc/wws-fleet/agent.toml)
  --log-level L     fatal, error, warn, info, debug or silent
  --root DIR        where the machine's / is
  --help, --version

Exit codes: 0 ok · 1 failed · 2 usage · 3 not found · 8 manager unreachable · 130 interrupted`;

const options = {
  manager: { type: "string" },
  token: { type: "string" },
  new: { type: "boolean" },
  data: { type: "string" },
  config: { type: "string" },
  root: { type: "string" },
  "log-level": { type: "string" },
  "ring-bytes": { type: "string" },
  simulated: { type: "boolean" },
  json: { type: "boolean" },
  frames: { type: "string" },
  interval: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

const everywhere = ["data", "config", "root", "log-level", "help", "version"];
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  run: ["manager", "token", "ring-bytes", "simulated"],
  enroll: ["manager", "token", "new", "simulated"],
  status: ["json"],
  inspect: ["json"],
  record: ["frames", "interval"],
  replay: ["json"],
  "first-boot": [],
};

/** Arguments after the program's name. Throws UsageError. */
export function parseCommandLine(args: readonly string[]): Invocation {
  const { values, positionals } = parse(args);
  const [verb, ...operands] = positionals;
  if (values.version === true) return { verb: "version" };
  if (values.help === true || verb === "help") return { verb: "help" };
  if (verb === undefined) throw new UsageError("no command given; see `wws-agent --help`");
  const allowed = flagsOf[verb];
  if (allowed === undefined) {
    throw new UsageError(`there is no command ${verb}; see \`wws-agent --help\``);
  }
  for (const flag of Object.keys(values)) {
    if (!allowed.includes(flag) && !everywhere.includes(flag)) {
      throw new UsageError(`wws-agent ${verb} takes no --${flag}`);
    }
  }
  const common = {
    config: values.config,
    settings: {
      manager: values.manager,
      data: values.data,
      logLevel: values["log-level"],
      ringBytes: values["ring-bytes"],
      root: values.root,
      simulated: values.simulated === undefined ? undefined : String(values.simulated),
    },
  };
  const json = values.json ?? false;
  if (verb === "record" || verb === "replay" || verb === "first-boot") {
    const [folder, ...more] = operands;
    if (folder === undefined || more.length > 0) {
      throw new UsageError(`write wws-agent ${verb} DIR`);
    }
    if (verb === "first-boot") return { verb, common, folder };
    if (verb === "replay") return { verb, common, folder, json };
    const frames = wholeNumber(values.frames ?? "1", "--frames", 1, 10_000);
    const seconds = wholeNumber(values.interval ?? "1", "--interval", 1, 3_600);
    return { verb, common, folder, frames, intervalMs: seconds * 1_000 };
  }
  if (operands.length > 0) throw new UsageError(`wws-agent ${verb} takes no ${operands[0]}`);
  if (verb === "enroll") {
    return { verb, common, token: values.token, asNew: values.new ?? false };
  }
  if (verb === "inspect") return { verb, common, json };
  return { verb: verb === "run" ? "run" : "status", common, token: values.token, json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(message, { cause });
  }
}

function wholeNumber(text: string, flag: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || number < min || number > max) {
    throw new UsageError(`${flag} is a whole number from ${min} to ${max}`);
  }
  return number;
}
