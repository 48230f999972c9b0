import { readFileSync } from "node:fs";
import { ConfigError } from "./config-error.ts";
import { parseSettings, type SettingValue } from "./parse-settings.ts";

/** Everything that may be set for an agent, checked once and frozen. */
export interface AgentConfig {
  /** `HOST:PORT` or a wss URL; null: what enrolment left in the journal. */
  readonly manager: string | null;
  /** Folder of journal, lock and status. */
  readonly data: string;
  readonly logLevel: LogLevel;
  /** Memory for reports that wait for a manager. */
  readonly ringBytes: number;
  /** Where the machine's `/` is: another folder for benches and tests. */
  readonly root: string;
  /** The host is not a real one: marked so everywhere. */
  readonly simulated: boolean;
  /** The time of each CPU in each mode is sampled too: eight series more a CPU. */
  readonly cpuTime: boolean;
  /** Units whose work a drain moves away, by globs of systemctl; empty: none. */
  readonly drainSystemd: readonly string[];
  /** Folder of hooks; null: the usual one, else `drain.d` in the data folder. */
  readonly drainHooks: string | null;
  /** Where tenants' disks are mounted: paths with `*`. */
  readonly drainTenantMounts: readonly string[];
  /** What root's helper does for an agent without rights; empty: nothing. */
  readonly handsMay: readonly HandsMay[];
}

/** Bar, stop and start the units of `drain.systemd`; run the hooks as root; restart the system. */
export const handsMays = ["units", "hooks", "reboot"] as const;
export type HandsMay = (typeof handsMays)[number];

export const logLevels = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Values as flags or environment give them: text, or not given. */
export type GivenSettings = { readonly [Name in keyof AgentConfig]?: string | undefined };

export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: GivenSettings;
  /** `--config`; else WWS_CONFIG, else the usual place if there is a file. */
  readonly file: string | undefined;
}

export const configFileDefault = "/etc/wws-fleet/agent.toml";
const ringBytesMin = 1024 * 1024;
const ringBytesMax = 1024 * 1024 * 1024;

type Reader<Value> = (value: SettingValue) => Value | null;

interface Setting<Value> {
  readonly key: string;
  readonly variable: string;
  readonly fallback: Value;
  /** What to write, for the message. */
  readonly form: string;
  /** null: not of that form. */
  readonly read: Reader<Value>;
}

const readText: Reader<string> = (value) =>
  typeof value === "string" && value !== "" && !value.includes("\0") ? value : null;
const readPath: Reader<string> = (value) => {
  const text = readText(value);
  return text?.startsWith("/") || text?.startsWith(".") ? text : null;
};
const readBoolean: Reader<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  return value === "true" || value === "1"
    ? true
    : value === "false" || value === "0"
      ? false
      : null;
};
const readRingBytes: Reader<number> = (value) => {
  const number = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && number >= ringBytesMin && number <= ringBytesMax
    ? number
    : null;
};
const readLevel: Reader<LogLevel> = (value) => logLevels.find((level) => level === value) ?? null;

/** In the environment a list is parted by `:`, as PATH is. */
const readList =
  (isGood: (text: string) => boolean): Reader<readonly string[]> =>
  (value) => {
    const texts =
      typeof value === "string" ? value.split(":").filter((text) => text !== "") : value;
    return Array.isArray(texts) && texts.every(isGood) ? (texts as readonly string[]) : null;
  };

const settings: { readonly [Name in keyof AgentConfig]: Setting<AgentConfig[Name]> } = {
  manager: {
    key: "manager",
    variable: "WWS_MANAGER",
    fallback: null,
    form: '"HOST:PORT"',
    read: readText,
  },
  data: {
    key: "data",
    variable: "WWS_AGENT_DATA",
    fallback: "/var/lib/wws-agent",
    form: "the path of a folder",
    read: readPath,
  },
  logLevel: {
    key: "log_level",
    variable: "WWS_LOG_LEVEL",
    fallback: "info",
    form: `one of ${logLevels.join(", ")}`,
    read: readLevel,
  },
  ringBytes: {
    key: "ring_bytes",
    variable: "WWS_RING_BYTES",
    fallback: 32 * 1024 * 1024,
    form: `a whole number from ${ringBytesMin} to ${ringBytesMax}`,
    read: readRingBytes,
  },
  root: {
    key: "root",
    variable: "WWS_AGENT_ROOT",
    fallback: "/",
    form: "the path of a folder",
    read: readPath,
  },
  simulated: {
    key: "simulated",
    variable: "WWS_SIMULATED",
    fallback: false,
    form: "true or false",
    read: readBoolean,
  },
  cpuTime: {
    key: "cpu_time",
    variable: "WWS_CPU_TIME",
    fallback: false,
    form: "true or false",
    read: readBoolean,
  },
  drainSystemd: {
    key: "drain.systemd",
    variable: "WWS_DRAIN_SYSTEMD",
    fallback: [],
    form: 'a list of globs of units, ["photo-*.service"], none of which fits every unit',
    read: readList(isUnitPattern),
  },
  drainHooks: {
    key: "drain.hooks",
    variable: "WWS_DRAIN_HOOKS",
    fallback: null,
    form: "the path of a folder",
    read: (value) => (typeof value === "string" && value.startsWith("/") ? readText(value) : null),
  },
  drainTenantMounts: {
    key: "drain.tenant_mounts",
    variable: "WWS_DRAIN_TENANT_MOUNTS",
    fallback: [],
    form: 'a list of paths, ["/srv/tenants/*"]',
    read: readList(isMountPattern),
  },
  handsMay: {
    key: "hands.may",
    variable: "WWS_HANDS_MAY",
    fallback: [],
    form: `a list of ${handsMays.map((name) => `"${name}"`).join(", ")}`,
    read: (value) => {
      const given = readList((text) => handsMays.some((name) => name === text))(value);
      return given === null ? null : handsMays.filter((name) => given.includes(name));
    },
  },
};

/** A glob with a type, and letters of its own before the first star: `*.service` is every unit. */
function isUnitPattern(text: string): boolean {
  return /^[A-Za-z0-9_@][A-Za-z0-9:_.@*?[\]-]{0,200}\.(?:service|scope|slice|socket|timer|target)$/.test(
    text,
  );
}

/** A path from `/`, without `..`. */
function isMountPattern(text: string): boolean {
  return /^\/[^\0]{1,200}$/.test(text) && !text.split("/").includes("..");
}

/** Flags over environment over file over defaults. Throws ConfigError. */
export function loadAgentConfig(sources: ConfigSources): AgentConfig {
  const inFile = readConfigFile(sources);
  const pick = <Name extends keyof AgentConfig>(name: Name): AgentConfig[Name] => {
    const setting = settings[name];
    const { key, variable, fallback, form } = setting;
    const given: readonly (readonly [SettingValue | undefined, string])[] = [
      [sources.flags[name], `--${key.replaceAll("_", "-")}`],
      [sources.environment[variable], variable],
      [inFile.get(key)?.value, `${inFile.get(key)?.where}: ${key}`],
    ];
    for (const [value, where] of given) {
      if (value === undefined) continue;
      const read = setting.read(value);
      if (read === null) throw new ConfigError(`${where} must be ${form}`);
      return read;
    }
    return fallback;
  };
  return Object.freeze({
    manager: pick("manager"),
    data: pick("data"),
    logLevel: pick("logLevel"),
    ringBytes: pick("ringBytes"),
    root: pick("root"),
    simulated: pick("simulated"),
    cpuTime: pick("cpuTime"),
    drainSystemd: pick("drainSystemd"),
    drainHooks: pick("drainHooks"),
    drainTenantMounts: pick("drainTenantMounts"),
    handsMay: pick("handsMay"),
  });
}

interface FileSetting {
  readonly value: SettingValue;
  /** `FILE, line N` */
  readonly where: string;
}

function readConfigFile(sources: ConfigSources): ReadonlyMap<string, FileSetting> {
  const asked = sources.file ?? sources.environment["WWS_CONFIG"];
  const path = asked ?? configFileDefault;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (code === "ENOENT" && asked === undefined) return new Map();
    throw new ConfigError(`${path} cannot be read (${code})`, { cause });
  }
  const parsed = parseSettings(text);
  if (!parsed.ok) {
    throw new ConfigError(`${path}, line ${parsed.problem.line}: ${parsed.problem.message}`);
  }
  const known = Object.values(settings).map(({ key }) => key);
  const found = new Map<string, FileSetting>();
  for (const { key, value, line } of parsed.value) {
    const where = `${path}, line ${line}`;
    if (!known.includes(key)) {
      throw new ConfigError(`${where}: unknown key ${key}; known are ${known.join(", ")}`);
    }
    found.set(key, { value, where });
  }
  return found;
}
