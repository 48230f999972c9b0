import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IpmiSensor } from "#fleet/bmc/ipmi/commands/read-sensors.ts";
import { type Probed, probe, replayProbe } from "#fleet/bmc/probe.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { labUser, simulatedState } from "#test/support/simulated-bmc/bmc-state.ts";
import { type SimulatedBmc, startSimulatedBmc } from "#test/support/simulated-bmc/simulated-bmc.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { type LanSimulator, startLanSimulator } from "./bmc-ipmi-sim.ts";

/**
 * Our client and two strangers: Debian's ipmi_sim answers it, Debian's ipmitool and FreeIPMI ask our
 * simulated controller. All tell the same facts of the same state.
 */
/** Not the waiting form: our controller answers from this very process. */
const run = promisify(execFile);
const password = "Lab-pass-0123456789";
const seed = "real-host";
const random: Random = { next: Math.random, bytes: (count) => randomBytes(count) };
const state = simulatedState(seed, password, systemClock.nowUnixMs());
let folder = "";
let ours: SimulatedBmc;
let theirs: LanSimulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bmc-real-"));
  const clockMs = state.clockMs;
  ours = await startSimulatedBmc({ address: "127.0.2.31", seed, password, clockMs, random });
  theirs = await startLanSimulator(folder, state, password);
});
afterAll(async () => {
  await ours?.close();
  await theirs?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Target {
  readonly address: string;
  readonly port: number;
}
const targets = {
  "our simulated controller": (): Target => ({ address: ours.address, port: ours.ipmi.port }),
  "Debian's ipmi_sim": (): Target => ({ address: theirs.address, port: theirs.port }),
} as const;
type TargetName = keyof typeof targets;
const names = Object.keys(targets) as TargetName[];

function look(target: Target): Promise<Probed> {
  return probe(
    {
      address: target.address,
      protocol: "ipmi",
      ipmiPort: target.port,
      redfishPort: 443,
      user: labUser,
      password,
      packetTimeoutMs: 1_000,
      httpTimeoutMs: 1_000,
      paceMs: 0,
    },
    { clock: systemClock, random, signal: new AbortController().signal, progress: () => {} },
  );
}

/** The password goes by the environment: other programs' arguments can be read by all. */
async function ipmitool(
  target: Target,
  suite: number,
  words: readonly string[],
  secret = password,
): Promise<string> {
  const args = ["-I", "lanplus", "-H", target.address, "-p", String(target.port)];
  const { stdout } = await run(
    "ipmitool",
    [...args, "-U", labUser, "-E", "-C", String(suite), "-L", "OPERATOR", ...words],
    { env: { ...process.env, IPMI_PASSWORD: secret, LC_ALL: "C" } },
  );
  return stdout;
}

describe.each(names)("the contract of a controller: %s", (name) => {
  test("has the sensors of the state, in units, with their limits", async () => {
    const { report } = await look(targets[name]());
    const found = new Map(report.ipmi?.sensors.map((sensor) => [sensor.number, sensor]));
    for (const { number, name: sensorName, raw, m, exponent, upper } of state.sensors) {
      const sensor = found.get(number);
      expect(sensor?.name).toBe(sensorName);
      expect(sensor?.value).toBeCloseTo(raw * m * 10 ** exponent, 6);
      if (upper !== undefined)
        expect(sensor?.limits["uc"]).toBeCloseTo(upper[1] * m * 10 ** exponent, 6);
    }
  });

  test("has the FRU of the state, and is the same controller", async () => {
    const { report } = await look(targets[name]());
    expect(report.is).toMatchObject({
      maker: "WWS Lab",
      model: "Fleet R640v",
      serial: state.serial,
      firmware: "2.61",
    });
    expect(report.ipmi?.frus[0]).toMatchObject({
      fields: { "board.serial": state.boardSerial },
      troubles: [],
    });
    expect(report.ipmi?.device).toMatchObject({
      maker: 0x2a7c,
      product: 0x0a01,
      ipmiVersion: "2.0",
    });
  });

  test("is recorded without its serials, and the recording says the same", async () => {
    const probed = await look(targets[name]());
    const files = probed.record();
    const again = await replayProbe(files);
    expect(again.ipmi?.sensors).toEqual(probed.report.ipmi?.sensors);
    expect(again.wrong).toEqual(probed.report.wrong);
    expect([...files.values()].join()).not.toContain(Buffer.from(state.serial).toString("hex"));
  });

  test("is read by ipmitool as by us", async () => {
    const { report } = await look(targets[name]());
    const rows = (await ipmitool(targets[name](), 3, ["sdr", "elist", "full"])).split("\n");
    const byTool = rows.flatMap((row) => {
      const [, number, , , value] = row.split("|").map((cell) => cell.trim());
      const figure = /^-?\d+(?:\.\d+)?/.exec(value ?? "");
      return number === undefined || figure === null
        ? []
        : [[Number.parseInt(number, 16), Number(figure[0])] as const];
    });
    const analogue = (report.ipmi?.sensors ?? []).filter(({ value }) => value !== null);
    const byUs = analogue.map(({ number, value }: IpmiSensor) => [number, value] as const);
    expect(byTool.length).toBe(state.sensors.length);
    expect(byUs).toEqual(byTool);
  });
});

describe("strangers before our simulated controller", () => {
  const target = targets["our simulated controller"];

  test.each([3, 17])("ipmitool over suite %i reads all that we tell", async (suite) => {
    const tell = (...words: readonly string[]): Promise<string> => ipmitool(target(), suite, words);
    expect(await tell("mc", "info")).toMatch(/Firmware Revision +: 2\.61/);
    expect(await tell("chassis", "status")).toMatch(/System Power +: on/);
    expect(await tell("sensor")).toMatch(/P12V +\| 12\.060 +\| Volts +\| ok/);
    expect(await tell("fru", "print", "0")).toContain(state.serial);
    expect(await tell("fru", "print", "1")).toContain("LAB POWER");
    expect(await tell("sel", "elist")).toMatch(/Power Supply AC lost/);
    expect(await tell("dcmi", "power", "reading")).toMatch(/reading: +248 Watts/);
    expect(await tell("lan", "print", "1")).toMatch(/Cipher Suites +: 3,17/);
  });

  test("ipmitool with a wrong password is turned away, and leaves no session", async () => {
    await expect(ipmitool(target(), 17, ["mc", "info"], "not-the-one")).rejects.toThrow();
    expect(ours.ipmi.openSessions()).toBe(0);
  });

  test.each([3, 17])("FreeIPMI over suite %i reads the sensors", async (suite) => {
    const { stdout } = await run("ipmi-sensors", [
      ...["-h", `${ours.address}:${ours.ipmi.port}`, "-u", labUser, "-p", password],
      ...["-D", "LAN_2_0", "-I", String(suite), "-l", "OPERATOR", "--quiet-cache"],
      ...["--comma-separated-output", "--no-header-output"],
      ...["--sdr-cache-directory", folder, "--sdr-cache-recreate"],
    ]);
    expect(stdout).toMatch(/,Inlet Temp,Temperature,24\.00,C,'OK'/);
    expect(stdout).toMatch(/,P12V,Voltage,12\.06,V,'OK'/);
  });
});

test("suite 17 is spoken to ours, suite 3 to ipmi_sim, and both are told", async () => {
  const used = await Promise.all(names.map((name) => look(targets[name]())));
  expect(used.map(({ report }) => report.can.suiteUsed)).toEqual([17, 3]);
});
