import { afterEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import type { BmcLies } from "#test/support/simulated-bmc/bmc-state.ts";
import { type SimulatedBmc, startSimulatedBmc } from "#test/support/simulated-bmc/simulated-bmc.ts";
import { systemClock } from "#test/support/system-clock.ts";
import type { CallLimits } from "./call.ts";
import { openUdpChannel } from "./datagram-channel.ts";
import { type IpmiSession, openIpmiSession } from "./ipmi-session.ts";
import { type IpmiFacts, readController } from "./read-controller.ts";

/** Our client against our own simulated controller, over real sockets on loopback. */
const password = "Lab-pass-0123456789";
const clockMs = Date.UTC(2026, 10, 2, 8, 0, 0);
const random = createSeededRandom(20_261_102);
const started: SimulatedBmc[] = [];

afterEach(async () => {
  for (const bmc of started.splice(0)) await bmc.close();
});

async function start(lies: BmcLies = {}): Promise<SimulatedBmc> {
  const options = { address: "127.0.2.9", seed: "host-a", password, clockMs, random, lies };
  const bmc = await startSimulatedBmc(options);
  started.push(bmc);
  return bmc;
}

interface Differs {
  readonly user?: string;
  readonly password?: string;
  readonly signal?: AbortSignal;
  readonly limits?: CallLimits;
}

/** For those that answer: a busy machine is no silent controller. */
const patient: CallLimits = { timeoutMs: 3_000, tries: 2 };
/** For those that do not. */
const brief: CallLimits = { timeoutMs: 30, tries: 3 };

async function open(bmc: SimulatedBmc, differs: Differs = {}): Promise<IpmiSession> {
  const channel = await openUdpChannel(bmc.address, bmc.ipmi.port);
  try {
    return await openIpmiSession(
      { channel, clock: systemClock, random },
      {
        user: differs.user ?? bmc.user,
        password: differs.password ?? password,
        limits: differs.limits ?? patient,
        paceMs: 0,
        signal: differs.signal ?? new AbortController().signal,
      },
    );
  } catch (error) {
    channel.close();
    throw error;
  }
}

async function readAll(lies: BmcLies = {}, limits = patient): Promise<IpmiFacts> {
  const bmc = await start(lies);
  const session = await open(bmc, { limits });
  try {
    return await readController(session, () => {});
  } finally {
    await session.close();
  }
}

describe("an honest controller", () => {
  test("is spoken to by suite 17, with operator's rights, and the session is closed after it", async () => {
    const bmc = await start();
    const session = await open(bmc);
    expect([session.suite, session.privilege]).toEqual([17, 3]);
    expect(session.guid).toBe(bmc.state.guid.toString("hex"));
    expect(bmc.ipmi.openSessions()).toBe(1);
    await session.close();
    await session.close();
    expect(bmc.ipmi.openSessions()).toBe(0);
    await expect(session.ask({ netFn: 6, command: 1 })).rejects.toMatchObject({ code: "closed" });
  });

  test("gives its sensors in units, with the limits that can be read", async () => {
    const { sensors, records } = await readAll();
    expect(records).toEqual({ controller: 1, fru: 1, full: 5, compact: 1, "event-only": 1 });
    const shown = sensors.map(({ name, value, unit }) => [name, value, unit]);
    expect(shown).toEqual([
      ["Inlet Temp", 24, "celsius"],
      ["CPU1 Temp", 51, "celsius"],
      ["Fan 1", 7_200, "rpm"],
      ["Pwr Consumption", 248, "watts"],
      ["P12V", 12.06, "volts"],
      ["PSU1 Status", null, null],
    ]);
    expect(sensors[0]?.limits).toEqual({ unc: 38, uc: 42, unr: 47 });
    expect(sensors[4]?.limits).toMatchObject({ lc: 11.16, unr: 13.2 });
    expect(sensors[5]?.states).toBe(1);
  });

  test("gives its stores, six-bit text among them, its log and its watts", async () => {
    const { frus, log, dcmi, chassis, lan } = await readAll();
    expect(frus.map(({ name, troubles }) => [name, troubles])).toEqual([
      ["built-in", []],
      ["PSU1 FRU", []],
    ]);
    expect(frus[1]?.fields["product.manufacturer"]).toBe("LAB POWER");
    expect(log?.entries).toBe(3);
    expect(log?.last.map(({ id, sensorType, isAsserted }) => [id, sensorType, isAsserted])).toEqual(
      [
        [3, "power-supply", false],
        [2, "power-supply", true],
        [1, "system-event", true],
      ],
    );
    expect(log?.clockMs).toBe(clockMs);
    expect(dcmi).toMatchObject({ power: { currentWatts: 248, isActive: true } });
    expect(chassis).toMatchObject({ isOn: true, restorePolicy: "as-before" });
    expect(lan).toMatchObject({ suites: [3, 17], anonymousLogin: "off", addressSource: "static" });
  });

  test("is asked nothing that changes anything", async () => {
    const bmc = await start();
    const session = await open(bmc);
    await readController(session, () => {});
    await session.close();
    const looking = new Set([
      ...["6/1", "6/38", "6/3b", "6/3c", "6/42", "6/54", "0/1", "0/7", "c/2", "2c/2"],
      ...["a/10", "a/11", "a/22", "a/23", "a/40", "a/43", "a/48", "4/2d", "4/27", "4/23"],
    ]);
    expect([...new Set(bmc.ipmi.asked())].filter((one) => !looking.has(one))).toEqual([]);
  });

  test("that takes suite 3 alone is spoken to by suite 3", async () => {
    const session = await open(await start({ suites: [3] }));
    expect(session.suite).toBe(3);
    expect((await session.ask({ netFn: 6, command: 1 })).code).toBe(0);
    await session.close();
  });

  test("that drops an opening with suite 17 is spoken to by suite 3", async () => {
    const bmc = await start({ suites: [3], dropsUnknownSuites: true });
    const session = await open(bmc, { limits: { timeoutMs: 100, tries: 4 } });
    expect(session.suite).toBe(3);
    await session.close();
  });

  test("that answers later than it is asked again is no wrong password", async () => {
    const bmc = await start({ slowMs: 50 });
    const session = await open(bmc, { limits: { timeoutMs: 40, tries: 8 } });
    expect(session.suite).toBe(17);
    await session.close();
  });

  test("answers in the order of the questions, though they were asked at once", async () => {
    const session = await open(await start());
    const answers = await Promise.all(
      [1, 2, 4].map((sensor) => session.ask({ netFn: 4, command: 0x2d, data: [sensor] })),
    );
    expect(answers.map(({ data }) => data[0])).toEqual([24, 51, 72]);
    await session.close();
  });
});

describe("a controller that refuses", () => {
  test.each([
    [{ password: "wrong" }, "unauthorised", /password is wrong/],
    [{ user: "nobody" }, "unauthorised", /no such user/],
    [{ password: "123456789012345678901" }, "unauthorised", /at most 20 bytes/],
    [{ user: "12345678901234567" }, "unauthorised", /at most 16 bytes/],
  ])("%j is %s", async (differs, code, message) => {
    const bmc = await start();
    await expect(open(bmc, differs)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(bmc.ipmi.openSessions()).toBe(0);
  });

  test.each<[BmcLies, string]>([
    [{ suites: [] }, "refused"],
    [{ sessionTableFull: true }, "refused"],
    [{ silent: true }, "unreachable"],
    [{ badSignature: true }, "unreachable"],
    [{ badChecksum: true }, "unreachable"],
    [{ wrongSequence: true }, "unreachable"],
  ])("%j ends as %s", async (lies, code) => {
    const limits = code === "unreachable" ? brief : patient;
    await expect(open(await start(lies), { limits })).rejects.toMatchObject({ code });
  });

  test("nothing that listens is told at once", async () => {
    const bmc = await start();
    const gone = { ...bmc, ipmi: { ...bmc.ipmi, port: bmc.ipmi.port } };
    await bmc.ipmi.close();
    started.splice(0);
    await bmc.redfish.close();
    await expect(open(gone)).rejects.toMatchObject({ code: "unreachable" });
  });
});

describe("a controller that answers badly", () => {
  test("slow and losing packets is read to its end all the same", async () => {
    const { sensors } = await readAll({ slowMs: 2, dropPercent: 10 }, { timeoutMs: 100, tries: 8 });
    expect(sensors).toHaveLength(6);
  });

  test("repeating a session number is not believed twice", async () => {
    const bmc = await start({ frozenSequence: true });
    // The first answer of the session is taken, none after it.
    const session = await open(bmc, { limits: { timeoutMs: 150, tries: 2 } });
    await expect(session.ask({ netFn: 6, command: 1 })).rejects.toMatchObject({
      code: "unreachable",
    });
    await session.close();
  });

  test("cutting every answer short gives troubles, not wrong values", async () => {
    const facts = await readAll({ truncated: true });
    expect(facts.device).toBeNull();
    expect(facts.sensors.filter(({ value }) => value !== null)).toEqual([]);
    expect(facts.troubles.length).toBeGreaterThan(0);
  });

  test("running in a circle is left after one round", async () => {
    const { troubles, sensors } = await readAll({ repositoryCircle: true });
    expect(troubles.join()).toMatch(/circle/);
    expect(sensors.length).toBeLessThanOrEqual(12);
  });

  test("losing its reservation, or giving few bytes at once, is read in full", async () => {
    expect((await readAll({ lostReservations: 2 })).sensors).toHaveLength(6);
    expect((await readAll({ recordBytesMax: 8 })).sensors).toHaveLength(6);
  });

  test("without a reading at the first question is asked a second time", async () => {
    const { sensors } = await readAll({ lateReadings: true });
    expect(sensors.filter(({ absence }) => absence !== null)).toEqual([]);
  });

  test("losing its reservation for ever ends", async () => {
    const { troubles } = await readAll({ lostReservations: 1_000 });
    expect(troubles.join()).toMatch(/changes all the time/);
  });

  test("a wrong checksum of a FRU area is told, its fields are read", async () => {
    const { frus } = await readAll({ badFruChecksum: true });
    expect(frus[0]?.troubles).toEqual(["the board area's checksum is wrong"]);
    expect(frus[0]?.fields["product.product"]).toBe("Fleet R640v");
  });
});

test("an aborted signal ends the question in hand, and the session is closed", async () => {
  const bmc = await start({ slowMs: 20 });
  const ending = new AbortController();
  const session = await open(bmc, { signal: ending.signal });
  const asking = session.ask({ netFn: 6, command: 1 });
  ending.abort(new Error("interrupted"));
  await expect(asking).rejects.toMatchObject({ code: "closed" });
  await session.close();
  expect(bmc.ipmi.openSessions()).toBe(0);
});
