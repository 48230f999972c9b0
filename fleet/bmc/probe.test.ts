import { afterEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import type { BmcLies } from "#test/support/simulated-bmc/bmc-state.ts";
import { type SimulatedBmc, startSimulatedBmc } from "#test/support/simulated-bmc/simulated-bmc.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { type Probed, type ProbeRequest, probe, replayProbe } from "./probe.ts";

const password = "Lab-pass-0123456789";
const random = createSeededRandom(20_261_104);
const started: SimulatedBmc[] = [];

afterEach(async () => {
  for (const bmc of started.splice(0)) await bmc.close();
});

async function start(lies: BmcLies = {}): Promise<SimulatedBmc> {
  const bmc = await startSimulatedBmc({
    address: "127.0.2.11",
    seed: "host-c",
    password,
    clockMs: systemClock.nowUnixMs(),
    random,
    lies,
  });
  started.push(bmc);
  return bmc;
}

function look(
  bmc: SimulatedBmc,
  differs: Partial<ProbeRequest> = {},
  signal = new AbortController().signal,
): Promise<Probed> {
  return probe(
    {
      address: bmc.address,
      protocol: "both",
      ipmiPort: bmc.ipmi.port,
      redfishPort: bmc.redfish.port,
      user: bmc.user,
      password,
      packetTimeoutMs: 3_000,
      httpTimeoutMs: 10_000,
      paceMs: 0,
      ...differs,
    },
    { clock: systemClock, random, signal, progress: () => {} },
  );
}

const wrongs = (probed: Probed): readonly string[] =>
  probed.report.wrong.map(({ severity, what }) => `${severity}: ${what}`);

describe("the report", () => {
  test("of an honest controller says what it is, and finds nothing wrong", async () => {
    const bmc = await start();
    const probed = await look(bmc);
    const { report } = probed;
    expect(report.protocols).toEqual({
      ipmi: { outcome: "ok", detail: "cipher suite 17" },
      redfish: { outcome: "ok", detail: expect.stringMatching(/^\d+ resources$/) },
    });
    expect(report.is).toMatchObject({
      maker: "WWS Lab",
      model: "Fleet R640v",
      serial: bmc.state.serial,
      firmware: "2.61",
    });
    expect(report.is.certificate?.sha256).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(report.reports).toMatchObject({ isOn: true, watts: 248, sensors: 6 });
    expect(wrongs(probed)).toEqual([]);
  });

  test.each<[BmcLies, RegExp]>([
    [{ cipherZero: true }, /^danger: cipher suite 0 .* administrator/],
    [{ anonymousLogin: true }, /^danger: anonymous login/],
    [{ powerStatesDiffer: true }, /^wrong: IPMI says that it is off, Redfish says On/],
    [{ dcmiWatts: 600, redfishWatts: 248 }, /^wrong: DCMI says 600 W, Redfish 248 W/],
    [{ dcmiInactive: true }, /^wrong: DCMI gives 248 W although measuring is switched off/],
    [{ logFull: true }, /^wrong: the event log is full/],
    [{ clockOffMs: -7_200_000 }, /^wrong: the event log's clock is 120 min behind/],
    [{ noThresholds: true }, /^note: \d sensors have no limits: Inlet Temp/],
    [{ badFruChecksum: true }, /^note: FRU built-in: the board area's checksum is wrong/],
    [{ repositoryCircle: true }, /^wrong: sensor records: .* circle/],
    [{ errorAsResource: true }, /^note: .*Power: an error stands where a resource is meant/],
  ])("tells of %j", async (lies, wanted) => {
    expect(wrongs(await look(await start(lies)))).toContainEqual(expect.stringMatching(wanted));
  });

  test("takes DCMI's watts where Redfish has none, and says so", async () => {
    const { report } = await look(await start({ errorAsResource: true }));
    expect(report.reports).toMatchObject({ watts: 248, wattsFrom: "dcmi" });
  });
});

describe("what cannot be had", () => {
  test("one protocol that is not there is an outcome, the other is read", async () => {
    const { report } = await look(await start({ silent: true }), { packetTimeoutMs: 30 });
    expect([report.protocols.ipmi.outcome, report.protocols.redfish.outcome]).toEqual([
      "unreachable",
      "ok",
    ]);
    expect(report.ipmi).toBeNull();
  });

  test("a wrong password is unauthorised over both", async () => {
    const { report } = await look(await start(), { password: "wrong" });
    expect([report.protocols.ipmi.outcome, report.protocols.redfish.outcome]).toEqual([
      "unauthorised",
      "unauthorised",
    ]);
  });

  test("an interruption ends it, and leaves no session open", async () => {
    const bmc = await start({ slowMs: 20 });
    const ending = new AbortController();
    const looking = look(bmc, {}, ending.signal);
    systemClock.after(150, () => ending.abort(new Error("interrupted")));
    await expect(looking).rejects.toThrow("interrupted");
    expect(bmc.ipmi.openSessions()).toBe(0);
  });
});

describe("the recording", () => {
  test("read again gives the same report, with other names", async () => {
    const bmc = await start({ cipherZero: true, badFruChecksum: true });
    const probed = await look(bmc);
    const replayed = await replayProbe(probed.record());
    expect(replayed.wrong).toEqual(probed.report.wrong);
    expect(replayed.can).toEqual(probed.report.can);
    expect(replayed.reports).toEqual(probed.report.reports);
    expect(replayed.ipmi?.sensors).toEqual(probed.report.ipmi?.sensors);
    expect(replayed.is.serial).not.toBe(bmc.state.serial);
    // The same serial in a FRU and in JSON is the same other one.
    expect(replayed.ipmi?.frus[0]?.fields["product.serial"]).toBe(
      replayed.redfish?.systems[0]?.serial,
    );
    expect(replayed.ipmi?.frus.flatMap(({ troubles }) => troubles)).toEqual([
      "the board area's checksum is wrong",
    ]);
  });

  test("holds neither password, address, serial, tag, MAC nor UUID, as text or in hexadecimal", async () => {
    const bmc = await start();
    const files = (await look(bmc)).record();
    const all = [...files.values()].join("\n").toLowerCase();
    const { serial, boardSerial, uuid, guid } = bmc.state;
    const mac = `02:57:57:${guid.toString("hex", 0, 3).replace(/..(?!$)/g, "$&:")}`;
    const texts = [password, bmc.address, serial, boardSerial, `PSU${serial}`, uuid, mac];
    for (const text of [...texts, `ASSET-${bmc.state.name}`]) {
      expect(all, text).not.toContain(text.toLowerCase());
      expect(all, text).not.toContain(Buffer.from(text, "latin1").toString("hex"));
    }
    expect(all).not.toContain(mac.replaceAll(":", ""));
    const firmware = JSON.parse(files.get("redfish.json") ?? "{}") as { answers: unknown };
    expect(JSON.stringify(firmware)).toContain('"FirmwareVersion":"2.61"');
  });

  test.each<[string, ReadonlyMap<string, string>]>([
    ["no probe.json", new Map()],
    ["probe.json is not JSON", new Map([["probe.json", "{"]])],
    ["format", new Map([["probe.json", "{}"]])],
    [
      "exchange 1",
      new Map([
        ["probe.json", '{"format":"wws-bmc-probe/1","probedAtMs":0}'],
        ["ipmi.json", '{"exchanges":[{"netFn":"6"}]}'],
      ]),
    ],
  ])("that is none is refused: %s", async (what, files) => {
    await expect(replayProbe(files)).rejects.toMatchObject({
      name: "RecordingError",
      message: expect.stringContaining(what),
    });
  });
});
