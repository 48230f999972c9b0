import { resolve } from "node:path";
import { parseCellId } from "#proto/vocabulary/ids.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { readConfigFile } from "./config-file.ts";
import {
  type ConfigKey,
  type ConfigKeyName,
  configKeys,
  keyNames,
  type KeyValue,
} from "./config-keys.ts";
import { alertContradictions } from "./alert-settings.ts";
import { federationContradictions } from "./federated-cells.ts";
import type { ConfigProblem, ConfigSetting, FleetConfig, LoadedConfig } from "./fleet-config.ts";
import { alertFileProblems } from "./secret-file.ts";

export interface ConfigSources {
  /** By flag name: `--port`. `--config` names the file. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a file as text; null where it is not there. For tests. */
  readonly readText?: (path: string) => string | null;
  /** Folder that relative paths are resolved against. */
  readonly workingFolder: string;
}

interface Found {
  readonly value: KeyValue;
  readonly origin: string;
}

/**
 * Defaults, then one TOML file (`--config`, else WWS_CONFIG, else /etc/wws-fleet/fleet.toml where it
 * is), then the environment, then flags. Everything is checked here, once, and all that is wrong is
 * told at once.
 */
export function loadFleetConfig(
  sources: ConfigSources,
): Result<LoadedConfig, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const found = new Map<ConfigKeyName, Found>();
  for (const name of keyNames())
    found.set(name, { value: configKeys[name].default, origin: "default" });

  const file = readConfigFile(sources);
  problems.push(...file.problems);
  for (const [name, value] of file.values) take(name, value, file.path ?? "");
  for (const name of keyNames()) {
    const definition: ConfigKey = configKeys[name];
    const { environment, flag } = definition;
    const fromEnvironment =
      environment === undefined ? undefined : sources.environment[environment];
    if (environment !== undefined && fromEnvironment !== undefined && fromEnvironment !== "")
      take(name, fromEnvironment, environment);
    const fromFlag = flag === undefined ? undefined : sources.flags[flag];
    if (flag !== undefined && fromFlag !== undefined) take(name, fromFlag, flag);
  }
  followPort(found);

  function take(name: ConfigKeyName, value: unknown, origin: string): void {
    const parsed: Result<KeyValue, string> = configKeys[name].parse(value);
    if (parsed.ok) found.set(name, { value: parsed.value, origin });
    else
      problems.push({
        kind: "bad-value",
        where: origin,
        detail: toldOf(name, value),
        hint: `it must be ${parsed.problem}`,
      });
  }

  if (problems.length > 0) return fail(problems);
  const config = configOf(found, sources.workingFolder);
  problems.push(...contradictionsOf(config));
  if (problems.length > 0) return fail(problems);
  return ok({ config, settings: settingsOf(found), file: file.path });
}

/** WWS_PORT moves the first port, the others follow, unless the file says where they are. */
function followPort(found: Map<ConfigKeyName, Found>): void {
  const first = found.get("console.port");
  const agents = found.get("agents.port");
  if (first === undefined || first.origin === "default" || agents?.origin !== "default") return;
  invariant(typeof first.value === "number", "a port is a number");
  found.set("agents.port", { value: first.value + 1, origin: `${first.origin} + 1` });
}

function configOf(found: ReadonlyMap<ConfigKeyName, Found>, workingFolder: string): FleetConfig {
  const get = <Name extends ConfigKeyName>(name: Name): (typeof configKeys)[Name]["default"] => {
    const entry = found.get(name);
    invariant(entry !== undefined, `${name} has a value`);
    return entry.value as (typeof configKeys)[Name]["default"];
  };
  const path = (value: string | null): string | null =>
    value === null ? null : resolve(workingFolder, value);
  const cell = parseCellId(get("cell"));
  invariant(cell.ok, "the cell's name was checked");
  return Object.freeze({
    profile: get("profile"),
    cell: cell.value,
    region: get("region"),
    dataFolder: resolve(workingFolder, get("data")),
    databaseUrl: get("database_url"),
    console: Object.freeze({
      address: get("console.address"),
      port: get("console.port"),
      certificate: path(get("console.certificate")),
      privateKey: path(get("console.private_key")),
      names: get("console.names"),
    }),
    agents: Object.freeze({
      address: get("agents.address"),
      port: get("agents.port"),
      names: get("agents.names"),
      reportIntervalMs: get("agents.report_interval_ms"),
      simulatedReportIntervalMs: get("agents.simulated_report_interval_ms"),
      heartbeatMs: get("agents.heartbeat_ms"),
    }),
    telemetry: Object.freeze({
      retentionMs: get("telemetry.retention_days") * 86_400_000,
      retentionBytes: get("telemetry.retention_mebibytes") * 1024 * 1024,
    }),
    budgets: Object.freeze({
      rack: get("budgets.rack_hosts"),
      feed: get("budgets.feed_hosts"),
      siteHosts: get("budgets.site_hosts"),
      siteShare: get("budgets.site_share"),
      cell: get("budgets.cell_hosts"),
      startsPerMinute: get("budgets.starts_per_minute"),
      servingFloorShare: get("budgets.serving_floor_share"),
    }),
    onFault: get("health.on_fault"),
    federation:
      get("federation.cells").length === 0
        ? null
        : Object.freeze({
            cells: get("federation.cells").map((cell) => ({
              ...cell,
              tokenFile: path(cell.tokenFile),
              caFile: path(cell.caFile),
            })),
            tokensFile: path(get("federation.tokens_file")),
            caFile: path(get("federation.ca_file")),
          }),
    alerts: Object.freeze({
      consoleUrl: get("alerts.console_url"),
      webhooks: get("alerts.webhooks").map((one) => ({
        ...one,
        secretFile: resolve(workingFolder, one.secretFile),
      })),
      mail: get("alerts.mail").map((one) => ({
        ...one,
        passwordFile: path(one.passwordFile),
        caFile: path(one.caFile),
      })),
    }),
    reportSchedules: get("reports.schedules").map((schedule) => ({
      ...schedule,
      folder: path(schedule.folder),
    })),
    logLevel: get("log_level"),
    withThisMachine: get("with_this_machine"),
  });
}

function contradictionsOf(config: FleetConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (where: string, detail: string, hint: string): void => {
    problems.push({ kind: "contradiction", where, detail, hint });
  };
  const { certificate, privateKey, address } = config.console;
  if ((certificate === null) !== (privateKey === null))
    add(
      "console.certificate",
      "certificate and private_key belong together and one of them is missing",
      "give both, or neither for plain HTTP on loopback",
    );
  if (certificate === null && !isLoopback(address))
    add(
      "console.address",
      `${address} is not loopback, and there is no certificate`,
      'set console.certificate and console.private_key, or console.address = "127.0.0.1"',
    );
  if (config.federation !== null) problems.push(...federationContradictions(config));
  problems.push(...alertContradictions(config), ...alertFileProblems(config));
  if (config.console.port === config.agents.port)
    add("agents.port", `both listeners want port ${config.agents.port}`, "give them two ports");
  return problems;
}

export function isLoopback(address: string): boolean {
  return address === "::1" || /^127\./.test(address) || /^::ffff:127\./i.test(address);
}

function settingsOf(found: ReadonlyMap<ConfigKeyName, Found>): readonly ConfigSetting[] {
  return keyNames().map((name) => {
    const definition: ConfigKey = configKeys[name];
    const entry = found.get(name);
    invariant(entry !== undefined, `${name} has a value`);
    const isMasked = definition.isSecret === true && entry.value !== null;
    return {
      key: name,
      value: isMasked
        ? maskUrl(String(entry.value))
        : (definition.show?.(entry.value) ?? entry.value),
      origin: entry.origin,
      description: definition.description,
    };
  });
}

/** A value of which a part is secret is not told again. */
function toldOf(name: ConfigKeyName, value: unknown): string {
  const definition: ConfigKey = configKeys[name];
  if (definition.show !== undefined) return `${name} cannot be used`;
  return withoutSecrets(`${name} is ${JSON.stringify(value)}`).slice(0, 200);
}

/** A refused address may hold a token, which must not be told again. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^@/"\s]*@/g, "//***@").replace(/([?#])[^",\s]+/g, "$1***");
}

/** The password of an address goes, and all that could hold one. */
function maskUrl(url: string): string {
  return url.replace(
    /^([a-z]+:\/\/)([^@/]*@)?([^/?#]*)(\/[^?#]*)?.*$/i,
    (_all, scheme, who, host, path) =>
      `${scheme}${who === undefined ? "" : "***@"}${host}${path ?? ""}`,
  );
}
