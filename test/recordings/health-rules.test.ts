import { describe, expect, test } from "vitest";
import type { SampleSink, SeriesRequest } from "#agent/collectors/collector.ts";
import { IpmiSeries } from "#agent/collectors/ipmi-series.ts";
import { parseSensorText } from "#agent/collectors/ipmi-sensor-text.ts";
import { watchPort, collectPort } from "#agent/collectors/links.ts";
import { createErrorsCollector } from "#agent/collectors/machine-check-collector.ts";
import { setControllerSeries } from "#agent/collectors/raid-series.ts";
import { parseStorcli } from "#agent/collectors/raid-storcli.ts";
import { parseSelInfo } from "#agent/collectors/sel-info.ts";
import { parseSelList } from "#agent/collectors/sel-list.ts";
import { setDriveSeries } from "#agent/collectors/smart-series.ts";
import { parseSmartctl } from "#agent/collectors/smartctl.ts";
import { allRules } from "#fleet/health/all-rules.ts";
import { newHostMemory } from "#fleet/health/host-memory.ts";
import { judgeHost } from "#fleet/health/judge-host.ts";
import { decideRebootCause } from "#fleet/health/reboot-cause.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { evidenceFrom, type SaidReading } from "#test/support/health-evidence.ts";
import { readRecording, recordingPath } from "./recordings-folder.ts";
import { openTreeSource } from "./tree-source.ts";

/**
 * From the bytes of a real machine to the verdict, by the agent's own parsers and series. Where no
 * recording shows a fault, one word of a real one is changed: those are marked `spliced`.
 */
const minuteMs = 60_000;
const startMs = 1_800_000_000_000;

interface ReadingSink extends SampleSink {
  readings(): readonly SaidReading[];
}

function createReadingSink(): ReadingSink {
  const requests: SeriesRequest[] = [];
  const values = new Map<number, number>();
  return {
    declare(request) {
      const text = JSON.stringify([request.metric, request.attributes]);
      const known = requests.findIndex(
        ({ metric, attributes }) => JSON.stringify([metric, attributes]) === text,
      );
      return known >= 0 ? known : requests.push(request) - 1;
    },
    set: (handle, value) => void values.set(handle, value),
    readings: () =>
      [...values].flatMap(([handle, integer]) => {
        const request = requests[handle];
        if (request === undefined) return [];
        const { metric, attributes, exponent, quantum = 1 } = request;
        return [{ metric, attributes, value: integer * quantum * 10 ** exponent }];
      }),
  };
}

/** Judged for two minutes, so that what needs to hold has held; then the looks after it. */
function judge(...looks: readonly (readonly SaidReading[])[]): Readonly<Record<string, string>> {
  const memory = newHostMemory();
  let nowMs = startMs;
  let findings: ReturnType<typeof judgeHost>["view"]["findings"] = [];
  for (const readings of looks) {
    for (let minute = 0; minute < 6; minute += 1) {
      const about = { rules: allRules, components: [], isSilent: false };
      findings = judgeHost(memory, evidenceFrom(readings, { nowMs }), about).view.findings;
      nowMs += minuteMs;
    }
  }
  return Object.fromEntries(findings.map(({ rule, verdict }) => [rule, verdict]));
}

function drive(
  name: string,
  splice: (text: string) => string = (text) => text,
): readonly SaidReading[] {
  const facts = parseSmartctl(splice(readRecording(`smart/${name}.json`)));
  if (!facts.ok) throw new Error(facts.problem.detail);
  const sink = createReadingSink();
  setDriveSeries(sink, { id: "drive", name: "sda", parent: null }, facts.value, minuteMs);
  expect(sink.readings().length).toBeGreaterThan(0);
  return sink.readings();
}

describe("a drive", () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    // Old sectors are a reason to look, not to pull the drive: it says itself that it passed.
    ["sata-hdd/seagate-st3500418as_304-reallocated", { "disk-reallocated": "degraded" }],
    ["sata-hdd/seagate-st3000nm0033_1-reallocated", { "disk-reallocated": "degraded" }],
    ["sata-ssd/intel-ssdsc2kb240g7_4-reallocated", { "disk-reallocated": "degraded" }],
    ["nvme/samsung-970evo500_7-media-errors", { "disk-media": "degraded" }],
    [
      "sas/seagate-st373453lc_260-defects",
      { "disk-grown-defects": "degraded", "disk-uncorrected": "degraded" },
    ],
    // Healthy ones, old or busy as they are, give nothing.
    ["sata-hdd/hitachi-hds721010cla332_109245h", {}],
    ["sata-hdd/seagate-st10000nm0016_packed-hours", {}],
    ["sata-hdd/toshiba-mg08aca16te", {}],
    ["sata-hdd/wdc-wd140edfz", {}],
    ["sata-ssd/micron-5300-3t8", {}],
    ["nvme/intel-ssdpe2kx010t8_73pct", {}],
    ["nvme/micron-7450-3t8", {}],
    ["nvme/samsung-mzqlb1t9", {}],
  ])("%s is %j", (name, expected) => {
    expect(judge(drive(name))).toEqual(expected);
  });

  test("whose attribute is at its threshold now is failing, whatever its overall verdict", () => {
    const found = judge(drive("failing/hitachi-hds721050dle630_failing-now_usbjmicron"));
    expect(found["disk-attributes-failing"] ?? found["disk-self-verdict"]).toBe("failing");
  });

  test("of 304 old sectors is failing when it has one more (spliced)", () => {
    const before = drive("sata-hdd/seagate-st3500418as_304-reallocated");
    const after = before.map((reading) =>
      reading.value === 304 ? { ...reading, value: 305 } : reading,
    );
    expect(judge(before, after)["disk-reallocated"]).toBe("failing");
  });

  test.each([
    ["says no of itself", '"passed": true', '"passed": false', "disk-self-verdict", "failing"],
    [
      "warns that it is read-only",
      '"critical_warning": 0',
      '"critical_warning": 8',
      "nvme-critical-warning",
      "failed",
    ],
    [
      "has used up its spare",
      '"available_spare": 100',
      '"available_spare": 9',
      "disk-spare",
      "failing",
    ],
    [
      "is worn out",
      /"percentage_used": \d+/,
      '"percentage_used": 104',
      "disk-endurance",
      "degraded",
    ],
  ])("that %s (spliced)", (_, from, to, rule, verdict) => {
    const name = "nvme/micron-7450-3t8";
    expect(judge(drive(name))[rule]).toBeUndefined();
    expect(judge(drive(name, (text) => text.replace(from, to)))[rule]).toBe(verdict);
  });
});

function sensors(name: string, splice: (text: string) => string = (text) => text) {
  const { rows } = parseSensorText(splice(readRecording(`ipmi/${name}`)));
  expect(rows.length).toBeGreaterThan(0);
  const sink = createReadingSink();
  const series = new IpmiSeries(sink);
  series.learnLimits(rows);
  series.put(rows);
  series.putStates(rows);
  return sink.readings();
}

describe("a BMC's sensors", () => {
  test.each([
    "dell-1400w/ipmitool-sdr-csv-ps.txt",
    "dell-r740/ipmitool-sdr-elist.txt",
    "quanta-d51/ipmitool-sdr-csv-verbose.txt",
    "hp-gen8-power-meter/ipmitool-sdr.txt",
    "hpe-gen10/ipmimonitoring.freeipmi.txt",
  ])("%s of a machine that is well give nothing", (name) => {
    expect(judge(sensors(name))).toEqual({});
  });

  test("a supply without input is lost, and so is the redundancy (spliced)", () => {
    const found = judge(
      sensors("dell-1400w/ipmitool-sdr-csv-ps.txt", (text) =>
        text
          .replace("10.2,Presence detected", "10.2,Presence detected, Power Supply AC lost")
          .replace("Fully Redundant", "Redundancy Lost"),
      ),
    );
    expect(found).toEqual({ "supply-lost": "degraded", "supply-redundancy": "degraded" });
  });

  test("a fan that stops is degraded (spliced)", () => {
    const found = judge(
      sensors("dell-r740/ipmitool-sdr-elist.txt", (text) => text.replace(/\d+ RPM/, "0 RPM")),
    );
    expect(found["fan-stopped"]).toBe("degraded");
  });

  test("the log of a Quanta at 57 % is not full, at 95 % it is (spliced)", () => {
    const usage = (text: string): readonly SaidReading[] => {
      const value = parseSelInfo(text)?.usage ?? null;
      if (value === null) throw new Error("the log does not say how full it is");
      return [{ metric: "wws.bmc.sel.usage", value }];
    };
    const text = readRecording("ipmi/quanta-s210/ipmitool-sel-info.txt");
    expect(judge(usage(text))).toEqual({});
    const value = usage(text)[0]?.value ?? 0;
    expect(value).toBeCloseTo(0.57, 1);
    expect(judge([{ metric: "wws.bmc.sel.usage", value: value + 0.38 }])).toEqual({
      "sel-full": "degraded",
    });
  });
});

describe("an array", () => {
  const array = (splice: (text: string) => string = (text) => text): readonly SaidReading[] => {
    const parsed = parseStorcli(splice(readRecording("raid/dell-perc-h345/perccli-show-all.json")));
    if (!parsed.ok) throw new Error(String(parsed.problem));
    const sink = createReadingSink();
    for (const facts of parsed.value.controllers) {
      const told = { key: `storcli:${facts.id}`, facts } as Parameters<
        typeof setControllerSeries
      >[0];
      setControllerSeries(told, { sink, cadenceMs: minuteMs, isTold: () => false });
    }
    return sink.readings();
  };

  test("that is optimal gives nothing", () => {
    expect(judge(array())).toEqual({});
  });

  test("that has lost redundancy is degraded (spliced)", () => {
    const found = judge(array((text) => text.replaceAll('"Optl"', '"Dgrd"')));
    expect(found["raid-degraded"]).toBe("degraded");
  });
});

describe("the kernel's counters", () => {
  const tree = openTreeSource(recordingPath("proc-sys/node-exporter-composite"));

  test("uncorrected memory errors are failing, a few corrected ones of old are nothing", async () => {
    const sink = createReadingSink();
    const collector = createErrorsCollector(tree, sink);
    await collector.discover();
    for (let look = 0; look < 12; look += 1) await collector.collect(monotonicMs(look * 10_000));
    const readings = sink.readings().filter(({ metric }) => metric === "hw.errors");
    const memory = readings.filter(({ attributes }) => attributes?.["hw.type"] === "memory");
    expect(memory.length).toBeGreaterThan(0);
    const found = judge(readings);
    expect(found["memory-corrected"]).toBeUndefined();
    expect(found["memory-uncorrected"]).toBe("failing");
    const grown = readings.map((reading) =>
      reading.attributes?.["error.type"] === "corrected"
        ? { ...reading, value: reading.value + 12 }
        : reading,
    );
    expect(judge(readings, grown)["memory-corrected"]).toBe("degraded");
  });

  test("a port that changed its carrier a few times since boot is not flapping, one that goes on is", () => {
    const sink = createReadingSink();
    collectPort(tree, sink, watchPort(sink, "dmz"));
    const readings = sink.readings();
    expect(readings.map(({ metric }) => metric)).toContain("wws.network.carrier_changes");
    expect(judge(readings)).toEqual({});
    const later = readings.map((reading) =>
      reading.metric === "wws.network.carrier_changes"
        ? { ...reading, value: reading.value + 11 }
        : reading,
    );
    expect(judge(readings, later)).toEqual({ "link-flapping": "degraded" });
  });
});

describe("why did it reboot", () => {
  const facts = (sel: ReturnType<typeof parseSelList>["entries"], aliveMs: number) => ({
    previousBootId: "a",
    bootId: "b",
    boot: {
      bootedMs: unixMs(aliveMs + minuteMs),
      pstore: [],
      sel,
      watchdogStatus: null,
      agentStopped: null,
      agentLastMs: unixMs(aliveMs),
      shutdown: null,
    },
    last: null,
    link: { lastHeardMs: aliveMs, backMs: aliveMs + 2 * minuteMs },
    neighbours: { rack: null, site: null },
  });
  const { entries } = parseSelList(
    readRecording("ipmi/intel-server-board/ipmitool-sel-list-csv_psu-pulled.txt"),
  );
  const lostMs = entries.find(({ event }) => /AC lost/.test(event))?.atMs ?? 0;

  test("a supply that lost its input in the minute of the end is the cause", () => {
    expect(lostMs).toBeGreaterThan(0);
    expect(decideRebootCause(facts(entries, lostMs))).toMatchObject({
      cause: "power-lost",
      confidence: "certain",
    });
  });

  test("one that lost it hours before is not told as more than a guess", () => {
    expect(decideRebootCause(facts(entries, lostMs + 7_200_000)).confidence).toBe("possible");
  });
});
