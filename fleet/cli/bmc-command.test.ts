import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BmcLies } from "#test/support/simulated-bmc/bmc-state.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { type SimulatedBmc, startSimulatedBmc } from "#test/support/simulated-bmc/simulated-bmc.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { createTestTerminal, type Transcript } from "#test/support/test-terminal.ts";
import { runCommandLine } from "./command-line.ts";
import type { Terminal } from "./terminal.ts";

const password = "Lab-pass-0123456789";
let folder = "";
let bmc: SimulatedBmc | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bmc-command-"));
});
afterEach(async () => {
  await bmc?.close();
  bmc = null;
  rmSync(folder, { recursive: true });
});

async function start(lies: BmcLies = {}): Promise<SimulatedBmc> {
  bmc = await startSimulatedBmc({
    address: "127.0.2.12",
    seed: "host-d",
    password,
    clockMs: systemClock.nowUnixMs(),
    random: createSeededRandom(5),
    lies,
  });
  return bmc;
}

async function run(argv: readonly string[], differs: Partial<Terminal> = {}): Promise<Transcript> {
  const { terminal, stdout, stderr } = createTestTerminal(systemClock, {
    env: { WWS_BMC_PASSWORD: password },
    ...differs,
  });
  const exitCode = await runCommandLine(["bmc", "probe", ...argv], terminal);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

const overIpmi = (one: SimulatedBmc, ...more: string[]): readonly string[] => [
  one.address,
  ...["--user", one.user, "--protocol", "ipmi", "--port", String(one.ipmi.port), "--pace", "0"],
  ...more,
];
const overRedfish = (one: SimulatedBmc, ...more: string[]): readonly string[] => [
  one.address,
  ...["--user", one.user, "--protocol", "redfish", "--port", String(one.redfish.port)],
  ...more,
];

describe("a controller that answers", () => {
  test("is shown in four parts: is, can, reports, gets wrong", async () => {
    const { exitCode, stdout } = await run(overIpmi(await start({ cipherZero: true })));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^maker +WWS Lab\n/);
    expect(stdout).toMatch(/CAN\n[\s\S]*cipher suites +0, 3, 17 \(used: 17\)/);
    expect(stdout).toMatch(/REPORTS\n[\s\S]*draws +248 W \(dcmi\)/);
    expect(stdout).toMatch(/GETS WRONG\ndanger +cipher suite 0/);
  });

  test("over Redfish, the certificate that nobody vouches for is told with its fingerprint", async () => {
    const { exitCode, stdout } = await run(overRedfish(await start()));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/certificate +signed by nobody known; accepted for this look only/);
    expect(stdout).toMatch(/fingerprint +SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}\n/);
  });

  test("as JSON is one object, and the password is nowhere in it", async () => {
    const { stdout, stderr } = await run(overIpmi(await start(), "-o", "json"));
    expect(JSON.parse(stdout)).toMatchObject({ reports: { isOn: true } });
    expect(stdout + stderr).not.toContain(password);
  });

  test("is recorded, and the recording reads like the controller did", async () => {
    const target = join(folder, "recording");
    const one = await start();
    const first = await run(overIpmi(one, "--record", target));
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("2 files") });
    expect(readdirSync(target).sort()).toEqual(["ipmi.json", "probe.json"]);
    const text = readFileSync(join(target, "ipmi.json"), "latin1");
    expect(text).not.toContain(Buffer.from(one.state.serial).toString("hex"));
    const again = await run(["--replay", target]);
    expect(again.exitCode).toBe(0);
    const rest = (text: string): string =>
      text.replace(/^serial .*$/m, "").replace(/^IPMI .*$/gm, "");
    expect(rest(again.stdout)).toBe(rest(first.stdout));
    const twice = await run(overIpmi(one, "--record", target));
    expect(twice).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("is not empty") });
  });
});

describe("the password", () => {
  test("comes from a file, whose first line it is", async () => {
    const file = join(folder, "password");
    writeFileSync(file, `${password}\n# the lab's\n`);
    const argv = overIpmi(await start(), "--password-file", file);
    expect((await run(argv, { env: {} })).exitCode).toBe(0);
  });

  test("is asked for without echo where somebody is there", async () => {
    const askSecret = async (): Promise<string> => password;
    expect((await run(overIpmi(await start()), { env: {}, askSecret })).exitCode).toBe(0);
  });

  test("that is nowhere, or wrong, is told with what to do", async () => {
    const one = await start();
    const none = await run(overIpmi(one), { env: {} });
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("WWS_BMC_PASSWORD"),
    });
    const wrong = await run(overIpmi(one), { env: { WWS_BMC_PASSWORD: "wrong-one" } });
    expect(wrong.exitCode).toBe(4);
    expect(wrong.stderr).toMatch(/127\.0\.2\.12 port \d+\/udp: the password is wrong/);
    expect(wrong.stderr).not.toContain("wrong-one");
  });
});

describe("what is asked wrongly", () => {
  test.each([
    [[], /which BMC/],
    [["https://192.0.2.7"], /is no address/],
    [["192.0.2.7", "--user", "a", "--port", "623"], /--port is of one protocol/],
    [["192.0.2.7", "--user", "a", "--protocol", "ipmi", "--port", "0"], /--port 0/],
    [["192.0.2.7", "--user", "a", "--timeout", "soon"], /--timeout soon/],
    [["192.0.2.7"], /as whom/],
    [["192.0.2.7", "--protocol", "snmp"], /protocol/],
    [["192.0.2.7", "--replay", "x"], /--replay reads a recording/],
  ])("%j is usage", async (argv, message) => {
    const { exitCode, stderr, stdout } = await run(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("a folder without a recording is not found; one that is broken is usage", async () => {
    expect((await run(["--replay", folder])).exitCode).toBe(3);
    writeFileSync(join(folder, "probe.json"), "[]");
    expect((await run(["--replay", folder])).exitCode).toBe(2);
  });
});

describe("how it ends", () => {
  test("8 where nothing answers, with what to check", async () => {
    const one = await start({ httpSilent: true });
    await one.redfish.close();
    const { exitCode, stderr } = await run(overRedfish(one));
    expect(exitCode).toBe(8);
    expect(stderr).toMatch(/check address, cable and firewall/);
    bmc = null;
    await one.ipmi.close();
  });

  test("8 where it takes longer than --timeout", async () => {
    const { exitCode, stderr } = await run(
      overRedfish(await start({ httpSilent: true }), "--timeout", "1"),
    );
    expect(exitCode).toBe(8);
    expect(stderr).toMatch(/took longer than 1 s/);
  });

  test("1 where all sessions are taken", async () => {
    const { exitCode, stderr } = await run(overIpmi(await start({ sessionTableFull: true })));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no resources for another session/);
  });

  test("130 at Ctrl-C, the session closed", async () => {
    const one = await start({ slowMs: 20 });
    const pressing = new AbortController();
    const running = run(overIpmi(one), { signal: pressing.signal });
    systemClock.after(200, () => pressing.abort(new Error("interrupted")));
    expect((await running).exitCode).toBe(130);
    expect(one.ipmi.openSessions()).toBe(0);
  });
});
