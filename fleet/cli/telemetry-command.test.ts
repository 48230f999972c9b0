import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createTestTerminal, runCommand } from "#test/support/test-terminal.ts";
import { runCommandLine } from "./command-line.ts";
import { sparkline } from "./sparkline.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  const id = await world.addHost(1);
  const values = [0, 0.125, 0.25, 0.375, null, 0.625, 0.75, 0.875, 1, 1];
  await world.measure(id, [
    { metric: "system.cpu.utilization", values },
    {
      metric: "system.disk.io",
      attributes: { "system.device": "sda", "disk.io.direction": "read" },
      values: values.map(() => 1_048_576),
    },
    {
      metric: "system.disk.io",
      attributes: { "system.device": "sdb", "disk.io.direction": "read" },
      values: values.map((value) => (value === null ? null : 2_097_152)),
    },
  ]);
});
afterEach(() => world.close());

const telemetry = (...argv: string[]) =>
  runCommand(world, ["host", "telemetry", "host-1", ...argv]);
const isFollowing = async (): Promise<boolean> =>
  String((await world.get("/metrics")).body).includes("\nwws_event_streams 1\n");
const cpu = ["--metric", "system.cpu.utilization", "--from", "-10s", "--step", "1s"];

test("a table draws the course, with what is not seen left blank", async () => {
  const { exitCode, stdout } = await telemetry(...cpu);
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "host-1  system.cpu.utilization  2026-11-02T07:59:50Z to 2026-11-02T08:00:00Z, a point every 1 s
    SERIES                MIN    MEAN      MAX    SEEN
    host    ▁▂▃▄ ▆▇███  0.0 %  55.6 %  100.0 %  90.0 %
    "
  `);
});

test("a split has a line for each part", async () => {
  const { stdout } = await telemetry(
    "-m",
    "system.disk.io",
    "--from",
    "-10s",
    "--by",
    "system.device",
  );
  expect(stdout).toMatchInlineSnapshot(`
    "host-1  system.disk.io  2026-11-02T07:59:50Z to 2026-11-02T08:00:00Z, a point every 1 s
    SERIES                               MIN       MEAN        MAX     SEEN
    system.device=sda  ██████████  1.0 MiB/s  1.0 MiB/s  1.0 MiB/s  100.0 %
    system.device=sdb  ████ ▅████  1.0 MiB/s  1.9 MiB/s  2.0 MiB/s   90.0 %
    "
  `);
});

test("-o csv and wide have a line for each point", async () => {
  const csv = (await telemetry(...cpu, "-o", "csv")).stdout.split("\r\n");
  expect(csv).toHaveLength(12);
  expect(csv.slice(0, 2)).toEqual(["time,system.cpu.utilization (1)", "2026-11-02T07:59:50Z,0"]);
  expect(csv[5]).toBe("2026-11-02T07:59:54Z,");
  const wide = (await telemetry(...cpu, "-o", "wide")).stdout.split("\n");
  expect(wide[2]).toBe("2026-11-02T07:59:51Z                  12.5 %");
  expect(wide[5]).toBe("2026-11-02T07:59:54Z                       –");
});

test("-o json prints what the API said", async () => {
  const answer = JSON.parse((await telemetry(...cpu, "-o", "json")).stdout);
  expect(answer).toMatchObject({ metric: "system.cpu.utilization", step: 1_000, coverage: 0.9 });
  expect(answer.series[0].points).toHaveLength(10);
});

test.each([
  [["--metric", "system.cpu.utilisation"], 2, /did you mean system.cpu.utilization/],
  [["--from", "-5m"], 2, /required option '-m, --metric <name>' not specified/],
  [[...cpu, "--step", "7"], 2, /write whole seconds/],
  [[...cpu, "--by", "cpu.mode"], 2, /there is one series/],
])("%j is a usage error", async (argv, code, message) => {
  const { exitCode, stdout, stderr } = await telemetry(...argv);
  expect([exitCode, stdout]).toEqual([code, ""]);
  expect(stderr).toMatch(message);
});

test("--follow goes on with each new point, once, until Ctrl-C", async () => {
  const url = await world.api.listen();
  const interruption = new AbortController();
  const { terminal, stdout, stderr } = createTestTerminal(world.clock, {
    env: { WWS_URL: url, WWS_TOKEN: world.token },
    fetch,
    signal: interruption.signal,
  });
  const written = () => stdout().split("\r\n").length;
  const until = async (lines: number): Promise<void> => {
    while (written() < lines) await world.clock.settle();
  };
  const ended = runCommandLine(
    ["host", "telemetry", "host-1", ...cpu, "-o", "csv", "--follow"],
    terminal,
  );
  await until(12);
  while (!(await isFollowing())) await world.clock.settle();
  for (const values of [
    [0.1, 0.2],
    [0.3, 0.4],
  ]) {
    const wanted = written() + 2;
    await world.clock.advance(2_000);
    await world.measure(hostIdOf(1), [{ metric: "system.cpu.utilization", values }]);
    await world.clock.advance(500);
    await until(wanted);
  }
  interruption.abort(new Error("interrupted"));
  expect(await ended).toBe(130);
  expect(stderr()).toBe("wws-fleet: interrupted\n");
  expect(stdout().split("\r\n").slice(10)).toEqual([
    "2026-11-02T07:59:59Z,1",
    "2026-11-02T08:00:00Z,0.1",
    "2026-11-02T08:00:01Z,0.2",
    "2026-11-02T08:00:02Z,0.3",
    "2026-11-02T08:00:03Z,0.4",
    "",
  ]);
});

test("--follow ends with 8 when the manager goes away", async () => {
  const url = await world.api.listen();
  const { terminal, stdout, stderr } = createTestTerminal(world.clock, {
    env: { WWS_URL: url, WWS_TOKEN: world.token },
    fetch,
  });
  const ended = runCommandLine(["host", "telemetry", "host-1", ...cpu, "--follow"], terminal);
  while (stdout() === "") await world.clock.settle();
  while (!(await isFollowing())) await world.clock.settle();
  await world.api.close();
  expect(await ended).toBe(8);
  expect(stderr()).toContain(`wws-fleet: ${url} has ended the stream\n`);
});

test.each([
  [[0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"],
  [[null, 1, null], 8, " █ "],
  [[0, 0], 8, "▁▁"],
  [[], 8, ""],
  [[1, 1, 3, 3], 2, "▃█"],
  [[null, null, 1, 1], 2, " █"],
  [[-1, 0, 1], 8, "▁▅█"],
])("a sparkline of %j in %i is %j", (values, width, drawn) => {
  expect(sparkline(values, width)).toBe(drawn);
});
