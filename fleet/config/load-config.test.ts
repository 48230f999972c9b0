import { expect, test } from "vitest";
import { type ConfigSources, loadFleetConfig } from "./load-config.ts";

function sources(parts: {
  readonly file?: string;
  readonly environment?: ConfigSources["environment"];
  readonly flags?: ConfigSources["flags"];
}): ConfigSources {
  return {
    flags: parts.flags ?? {},
    environment: parts.environment ?? {},
    workingFolder: "/srv",
    readText: () => parts.file ?? null,
  };
}

function load(parts: Parameters<typeof sources>[0]) {
  const loaded = loadFleetConfig(sources(parts));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  return loaded.value;
}

function problemsOf(parts: Parameters<typeof sources>[0]) {
  const loaded = loadFleetConfig(sources(parts));
  if (loaded.ok) throw new Error("it was accepted");
  return loaded.problem;
}

function originOf(loaded: ReturnType<typeof load>, key: string): string | undefined {
  return loaded.settings.find((setting) => setting.key === key)?.origin;
}

test("without anything the defaults hold: loopback, 7600 and 7601, SQLite, profile team", () => {
  const { config, settings, file } = load({});
  expect(file).toBeNull();
  expect(config).toMatchObject({
    profile: "team",
    cell: "main",
    databaseUrl: null,
    console: { address: "127.0.0.1", port: 7600 },
    agents: { address: "127.0.0.1", port: 7601 },
    withThisMachine: false,
  });
  expect(settings.every((setting) => setting.origin === "default")).toBe(true);
  expect(Object.isFrozen(config)).toBe(true);
});

test("the environment goes over the file, a flag over the environment, and each value says whence", () => {
  const loaded = load({
    file: 'cell = "north"\ndata = "from-file"\nlog_level = "warn"\n[telemetry]\nretention_days = 3',
    environment: { WWS_DATA: "from-environment", WWS_LOG_LEVEL: "debug", WWS_CONFIG: "f.toml" },
    flags: { "--data": "from-flag" },
  });
  expect(loaded.config.dataFolder).toBe("/srv/from-flag");
  expect(loaded.config.logLevel).toBe("debug");
  expect(loaded.config.telemetry.retentionMs).toBe(3 * 86_400_000);
  expect(loaded.file).toBe("/srv/f.toml");
  expect(originOf(loaded, "data")).toBe("--data");
  expect(originOf(loaded, "log_level")).toBe("WWS_LOG_LEVEL");
  expect(originOf(loaded, "cell")).toBe("/srv/f.toml");
  expect(originOf(loaded, "region")).toBe("default");
});

test("WWS_PORT moves the agents' port along, unless the file says where that is", () => {
  const moved = load({ environment: { WWS_PORT: "9100" } });
  expect(moved.config.console.port).toBe(9100);
  expect(moved.config.agents.port).toBe(9101);
  expect(originOf(moved, "agents.port")).toBe("WWS_PORT + 1");
  const fixed = load({
    environment: { WWS_PORT: "9100", WWS_CONFIG: "f" },
    file: "[agents]\nport = 8001",
  });
  expect(fixed.config.agents.port).toBe(8001);
});

test("an unknown key names the file, the key and the one that was meant", () => {
  expect(
    problemsOf({ environment: { WWS_CONFIG: "f.toml" }, file: "[agent]\nport = 1\n" }),
  ).toEqual([
    {
      kind: "unknown-key",
      where: "/srv/f.toml",
      detail: "there is no key agent.port",
      hint: "did you mean console.port or agents.port?",
    },
  ]);
});

test("all that is wrong is told at once", () => {
  const problems = problemsOf({
    environment: { WWS_CONFIG: "f.toml", WWS_PORT: "70000", WWS_DATABASE_URL: "mysql://x" },
    file: 'region = "mars"\nprofile = 3',
  });
  expect(problems.map((problem) => problem.where).sort()).toEqual([
    "/srv/f.toml",
    "/srv/f.toml",
    "WWS_DATABASE_URL",
    "WWS_PORT",
  ]);
  expect(problems.every((problem) => problem.hint.startsWith("it must be "))).toBe(true);
});

test("TOML that is none gives line and column", () => {
  const [problem] = problemsOf({ environment: { WWS_CONFIG: "f" }, file: "cell = \n" });
  expect(problem).toMatchObject({ kind: "file-malformed", where: "/srv/f" });
  expect(problem?.detail).toMatch(/^line 1, column \d+: /);
});

test("a file that is named must be there, the system's need not", () => {
  expect(problemsOf({ flags: { "--config": "/etc/nothing.toml" } })[0]).toMatchObject({
    kind: "file-missing",
    where: "/etc/nothing.toml",
  });
});

test("an address that is not loopback needs a certificate", () => {
  const open = '[console]\naddress = "0.0.0.0"\n';
  expect(problemsOf({ flags: { "--config": "f" }, file: open })[0]).toMatchObject({
    kind: "contradiction",
    where: "console.address",
  });
  const { config } = load({
    flags: { "--config": "f" },
    file: `${open}certificate = "c.pem"\nprivate_key = "k.pem"`,
  });
  expect(config.console.certificate).toBe("/srv/c.pem");
});

test.each(["300.1.1.1", "1.2.3", "fleet.example.net", "::g", ""])("%j is no address", (address) => {
  const file = `[agents]\naddress = ${JSON.stringify(address)}`;
  expect(problemsOf({ flags: { "--config": "f" }, file })[0]?.kind).toBe("bad-value");
});

test("a database password is not shown", () => {
  const { settings, config } = load({
    environment: {
      WWS_DATABASE_URL: "postgres://fleet:s3cret@db.example:5432/fleet?password=s3cret",
    },
  });
  expect(config.databaseUrl).toContain("s3cret");
  expect(settings.find((setting) => setting.key === "database_url")?.value).toBe(
    "postgres://***@db.example:5432/fleet",
  );
});
