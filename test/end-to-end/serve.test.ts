import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createBench, until } from "#test/support/programs.ts";
import { environmentOf, startHere, startServe } from "#test/support/running-manager.ts";

const bench = createBench();
const limits = { timeout: 90_000 };

async function place() {
  return { data: join(bench.folder(), "data"), port: await bench.freePort() };
}

/** Starts `wws-fleet serve` where it cannot, and gives what it said. */
async function refusal(env: NodeJS.ProcessEnv, args: readonly string[] = []) {
  const { code, stderr } = await bench.run("fleet/main.ts", ["serve", ...args], env);
  return { code, stderr };
}

test(
  "serve stops cleanly within 5 s of SIGTERM, and leaves the data folder to the next",
  limits,
  async () => {
    const where = await place();
    const manager = await startServe(bench, where);
    const stopMs = performance.now();
    manager.program.kill("SIGTERM");
    const end = await manager.program.exited;
    expect(end.code).toBe(0);
    expect(performance.now() - stopMs).toBeLessThan(5_000);
    expect(end.stdout).toContain('"manager stopped"');
    const again = await startServe(bench, where);
    expect((await fetch(`${again.url}/healthz`)).status).toBe(200);
  },
);

test(
  "a second manager on the same data folder is refused and told which process has it",
  limits,
  async () => {
    const where = await place();
    const manager = await startServe(bench, where);
    const second = await refusal({
      WWS_DATA: where.data,
      WWS_PORT: String(await bench.freePort()),
    });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`is in use by process ${manager.program.pid}`);
    expect(second.stderr).toContain("WWS_DATA");
    // cli.json still leads to the first.
    expect((await manager.client.hosts({})).total).toBe(0);
  },
);

test("a kill -9 leaves no lock behind", limits, async () => {
  const where = await place();
  const manager = await startServe(bench, where);
  manager.program.kill("SIGKILL");
  await manager.program.exited;
  const again = await startServe(bench, where);
  expect((await again.client.hosts({})).total).toBe(0);
});

test(
  "a port that is taken is named, with who has it and how to choose another",
  limits,
  async () => {
    const first = await startServe(bench, await place());
    const data = join(bench.folder(), "data");
    const second = await refusal({ WWS_DATA: data, WWS_PORT: String(first.port) });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/port \d+: another process has that port/);
    expect(second.stderr).toContain(`process ${first.program.pid}: `);
    expect(second.stderr).toContain("WWS_PORT");
  },
);

test("npm start says so too, with exit code 1 and no stack trace", limits, async () => {
  const first = await startServe(bench, await place());
  const data = join(bench.folder(), "data");
  const { code, stderr } = await bench.run("fleet/cli/start.ts", [], {
    WWS_DATA: data,
    WWS_PORT: String(first.port),
  });
  expect(code).toBe(1);
  expect(stderr).toContain("the manager ended with exit code 1");
  expect(stderr).toContain("another process has that port");
  expect(stderr).not.toContain("    at ");
});

test(
  "a data folder and a store of a newer release are refused with both versions",
  limits,
  async () => {
    const where = await place();
    const manager = await startServe(bench, where);
    manager.program.kill("SIGTERM");
    await manager.program.exited;
    const format = join(where.data, "format.json");
    const former = readFileSync(format, "utf8");
    writeFileSync(format, '{"format":9,"writtenBy":"7.0.0"}');
    const folder = await refusal(environmentOf(where));
    expect(folder.code).toBe(1);
    expect(folder.stderr).toMatch(
      /format 9, written by wws-fleet 7\.0\.0; this is wws-fleet 0\.1\.0/,
    );

    writeFileSync(format, former);
    const store = new DatabaseSync(join(where.data, "control.sqlite"));
    store.exec("UPDATE meta SET value = '999' WHERE key = 'schema_version'");
    store.exec("UPDATE meta SET value = '7.0.0' WHERE key = 'written_by'");
    store.close();
    const newer = await refusal(environmentOf(where));
    expect(newer.code).toBe(1);
    expect(newer.stderr).toMatch(
      /schema version 999, written by wws-fleet 7\.0\.0; this is wws-fleet 0\.1\.0/,
    );
  },
);

test("a folder that cannot be used is told with what to do", limits, async () => {
  const file = join(bench.folder(), "file");
  writeFileSync(file, "");
  const { code, stderr } = await refusal({ WWS_DATA: join(file, "data"), WWS_PORT: "0" });
  expect(code).toBe(2);
  expect(stderr).toContain("WWS_PORT");
  const blocked = await refusal({
    WWS_DATA: join(file, "data"),
    WWS_PORT: String(await bench.freePort()),
  });
  expect(blocked.code).toBe(1);
  expect(blocked.stderr).toContain("a part of the path is a file");
  if (process.getuid?.() !== 0) {
    const closed = join(bench.folder(), "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    const denied = await refusal({ WWS_DATA: join(closed, "data") });
    expect(denied.stderr).toContain("not writable for this user");
  }
});

test(
  "a wrong configuration file ends with exit code 2 and names file and key",
  limits,
  async () => {
    const file = join(bench.folder(), "fleet.toml");
    writeFileSync(file, '[console]\naddress = "0.0.0.0"\nprot = 1\n');
    const { code, stderr } = await refusal({}, ["--config", file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}: there is no key console.prot`);
    writeFileSync(file, '[console]\naddress = "0.0.0.0"\n');
    const open = await refusal({}, ["--config", file]);
    expect(open.stderr).toContain("0.0.0.0 is not loopback, and there is no certificate");
  },
);

test("wws-fleet config check prints each value and where it came from", limits, async () => {
  const file = join(bench.folder(), "fleet.toml");
  writeFileSync(file, 'cell = "north"\n');
  const { code, stdout } = await bench.run(
    "fleet/main.ts",
    ["config", "check", "--config", file, "-o", "json"],
    { WWS_PORT: "9000" },
  );
  expect(code).toBe(0);
  expect(stdout).toContain(file);
  expect(stdout).toContain("WWS_PORT + 1");
  expect(stdout).toContain("north");
});

test(
  "the command line finds a manager that npm start runs, by its data folder",
  limits,
  async () => {
    const where = await place();
    const manager = await startHere(bench, where);
    const { name } = await manager.thisMachine();
    const list = await bench.run("fleet/main.ts", ["host", "list", "-o", "name"], {
      WWS_DATA: where.data,
    });
    expect(list).toMatchObject({ code: 0, stdout: `${name}\n` });
    const link = await bench.run("fleet/main.ts", ["signin-link"], { WWS_DATA: where.data });
    expect(link.stdout).toMatch(new RegExp(`^${manager.url}/sign-in#`));
    manager.program.kill("SIGTERM");
    await manager.program.exited;
    const gone = await until("the manager is gone", async () => {
      const end = await bench.run("fleet/main.ts", ["host", "list"], { WWS_DATA: where.data });
      return end.code === 8 ? end : undefined;
    });
    expect(gone.stderr).toContain("does not answer");
  },
);

test("the stores are checked and backed up while the manager runs", limits, async () => {
  const where = await place();
  const manager = await startHere(bench, where);
  const environment = { WWS_DATA: where.data };
  // Shares of time need two readings: the very first report has none.
  await until("this machine's processor is on disk", async () => {
    const { latest } = await manager.thisMachine();
    return latest.cpuUtilization === null ? undefined : true;
  });
  const check = await bench.run("fleet/main.ts", ["store", "check"], environment);
  expect(check).toMatchObject({ code: 0, stdout: expect.stringContaining("telemetry") });
  const backup = await bench.run("fleet/main.ts", ["store", "backup"], environment);
  expect(backup.code).toBe(0);
  const copy = backup.stdout.trim();
  expect(copy.startsWith(join(where.data, "backups"))).toBe(true);
  manager.program.kill("SIGTERM");
  await manager.program.exited;
  // A copy is a data folder: a manager starts on it and knows the host and its samples.
  const restored = await startServe(bench, { data: copy, port: await bench.freePort() });
  const host = await restored.thisMachine();
  const now = Date.now();
  const { series } = await restored.client.telemetry(host.id, {
    metric: "system.cpu.utilization",
    from: now - 600_000,
    to: now,
    step: 1_000,
  });
  expect(series[0]?.points.some(([, value]) => value !== null)).toBe(true);
});
