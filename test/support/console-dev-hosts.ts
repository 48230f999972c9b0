import type { NewHost } from "#fleet/inventory/inventory.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import type { ReportEntry } from "#fleet/telemetry/telemetry.ts";
import type { Dictionary, Series } from "#proto/messages/series.ts";
import { type HostState, unknownComponent } from "#proto/messages/state.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, hostState, positionOf } from "./inventory-builders.ts";
import { bootOf, dictionaryOf, reportOf, seriesOf, spoolOf } from "./report-builders.ts";

/** A host that does not exist, for looking at the console: what it is, and what it would report. */
export interface MadeUpHost {
  readonly record: NewHost;
  readonly state: HostState;
  readonly link: LinkState;
  /** How long its link has been so. */
  readonly sinceMs: number;
  readonly clockOffsetMs: number;
  /** Its report with this number, of `steps` seconds; null: the host says nothing. */
  report(
    seq: number,
    fromMs: number,
    steps: number,
  ): (Omit<ReportEntry, "receivedMs"> & { readonly dictionary: Dictionary }) | null;
}

const sites = ["na/iad1", "na/sjc2", "eu/fra2", "eu/ams1", "ea/nrt1", "ea/icn1"];
const racksPerSite = 4;
const hostsPerRack = 20;

/** Spread over six sites with 24 racks; some are late, lost or never came, some give no watts. */
export function makeUpHosts(count: number): readonly MadeUpHost[] {
  return Array.from({ length: count }, (_, index) => makeUpHost(index, count));
}

function makeUpHost(index: number, count: number): MadeUpHost {
  const rack = Math.floor(index / hostsPerRack) % (racksPerSite * sites.length);
  const site = sites[Math.floor(rack / racksPerSite)] ?? "na/iad1";
  const inSite = rack % racksPerSite;
  const unit = 2 + (index % hostsPerRack) * 2;
  const row = `row-${inSite < 2 ? "a" : "b"}`;
  const place = `${site}/${row}/rack-0${inSite + 1}/u${String(unit).padStart(2, "0")}`;
  const isOnly = count < 5;
  const link: LinkState = isOnly ? "connected" : linkOf(index);
  const hasPower = index % 7 !== 3;
  const name = index === 11 ? `<b onclick=alert(1)>evil</b>` : nameOf(site, inSite, unit);
  return {
    record: {
      id: hostIdOf(index + 1),
      name: name.slice(0, 63),
      phase: phaseOf(index),
      position: !isOnly && index % 113 === 40 ? null : positionOf(place),
      simulated: !isOnly,
      adopted: isOnly,
      watchedOnly: isOnly,
      serial: `SN${String(index * 7919).padStart(8, "0")}`,
    },
    state: stateOf(hasPower),
    link,
    sinceMs: link === "connected" ? 7_500_000 + index * 60_000 : 430_000,
    clockOffsetMs: index % 41 === 7 ? -93_000 : 12,
    report: (seq, fromMs, steps) =>
      link === "never" ? null : reportFrom({ index, hasPower, seq, fromMs, steps }),
  };
}

function phaseOf(index: number): NewHost["phase"] {
  if (index % 151 === plannedAt) return "planned";
  if (index % 61 === 5) return "drained";
  return index % 97 === 9 ? "quarantined" : "active";
}

const plannedAt = 68;

function linkOf(index: number): LinkState {
  if (index % 151 === plannedAt) return "never";
  if (index % 160 === 17) return "lost";
  if (index % 210 === 33) return "late";
  return index % 300 === 55 ? "never" : "connected";
}

function nameOf(site: string, rack: number, unit: number): string {
  return `${site.split("/")[1]}-${rack < 2 ? "a" : "b"}0${rack + 1}-u${String(unit).padStart(2, "0")}`;
}

interface Made {
  readonly series: Series;
  readonly at: (second: number) => number | null;
}

const made = (
  metric: MetricName,
  attributes: Readonly<Record<string, string>>,
  at: (second: number) => number | null,
): Made => ({
  series: seriesOf(metric, attributes, { exponent: metrics[metric].kind === "gauge" ? -4 : 0 }),
  at,
});

function reportFrom(of: {
  readonly index: number;
  readonly hasPower: boolean;
  readonly seq: number;
  readonly fromMs: number;
  readonly steps: number;
}) {
  const { index, hasPower, seq, fromMs, steps } = of;
  const busy = 0.08 + 0.8 * noise(index, 0);
  const cpu = (second: number) => {
    // A hole of 20 s every three minutes in one host of ten: gaps must be looked at too.
    if (index % 10 === 4 && second % 180 < 20) return null;
    const wave = 0.5 + 0.5 * Math.sin(second / 40 + index);
    return Math.min(0.99, busy * (0.6 + 0.4 * wave) + 0.06 * noise(index, second));
  };
  const partOf =
    (part: number, add = 0) =>
    (second: number) => {
      const value = cpu(second);
      return value === null ? null : value * part + add;
    };
  const all: Made[] = [
    made("system.cpu.utilization", {}, cpu),
    made("system.cpu.utilization", { "cpu.mode": "user" }, partOf(0.7)),
    made("system.cpu.utilization", { "cpu.mode": "system" }, partOf(0.25)),
    made(
      "system.cpu.utilization",
      { "cpu.mode": "iowait" },
      (second) => 0.04 * noise(index, second),
    ),
    made("system.cpu.utilization", { "cpu.mode": "idle" }, partOf(-1, 1)),
    made(
      "system.memory.utilization",
      {},
      (second) => 0.3 + 0.4 * noise(index, 1) + 0.01 * noise(index, second),
    ),
    made("system.disk.io", disk("nvme0n1", "read"), (second) => 4e7 * noise(index, second) ** 4),
    made("system.disk.io", disk("nvme0n1", "write"), (second) => 9e6 * noise(index, second + 7)),
    made("system.network.io", nic("receive"), (second) => 3e7 * (0.5 + noise(index, second + 3))),
    made("system.network.io", nic("transmit"), (second) => 2e7 * (0.5 + noise(index, second + 5))),
    made("hw.temperature", { "hw.id": "cpu0" }, partOf(38, 34)),
    made("system.filesystem.utilization", mount("/"), () => 0.31 + 0.3 * noise(index, 2)),
    made(
      "system.filesystem.utilization",
      mount("/var/lib/data"),
      () => 0.2 + 0.6 * noise(index, 4),
    ),
    ...(hasPower ? [made("hw.host.power", {}, partOf(310, 140))] : []),
    ...ailments(index),
  ];
  const dictionary = dictionaryOf(...all.map(({ series }) => series));
  const first = fromMs / 1_000;
  const points = all.map(({ series, at }) =>
    Array.from({ length: steps }, (_, step) => {
      const value = at(first + step);
      if (value === null) return null;
      return Math.round(metrics[series.metric].kind === "gauge" ? value * 10_000 : value);
    }),
  );
  return {
    hostId: hostIdOf(index + 1),
    spoolId: spoolOf(index + 1),
    bootId: bootOf(index + 1),
    report: reportOf({ seq, dictionary, points, startMs: fromMs }),
    dictionary,
  };
}

/** What is wrong with some of them: old sectors, a drive that grows new ones, a lost supply, a stopped fan. */
function ailments(index: number): readonly Made[] {
  const drive = { "hw.id": "SN-SSD-1", "hw.name": "nvme0n1", "hw.type": "physical_disk" };
  const reallocated = { ...drive, "wws.sector.state": "reallocated" };
  if (index % 37 === 12) return [made("wws.disk.sectors", reallocated, () => 304)];
  if (index % 83 === 30) {
    return [
      made("wws.disk.sectors", reallocated, (second) => 10 + Math.floor((second % 86_400) / 20)),
      made("wws.disk.critical_warning", drive, () => 4),
    ];
  }
  if (index % 59 === 21) {
    const supply = { "hw.id": "ipmi:c8@10.2", "hw.name": "PSU2", "hw.parent": "bmc" };
    return [
      made("hw.power_supply.status", supply, () => 0),
      made("hw.fan.status", { "hw.id": "ipmi:41@29.1", "hw.name": "FAN3" }, () => 0),
    ];
  }
  return [];
}

const disk = (device: string, direction: string) => ({
  "system.device": device,
  "disk.io.direction": direction,
});
const nic = (direction: string) => ({
  "network.interface.name": "eth0",
  "network.io.direction": direction,
});
const mount = (mountpoint: string) => ({ "system.filesystem.mountpoint": mountpoint });

/** Looks random, and is the same each time: 0 to 1. */
function noise(index: number, second: number): number {
  const value = Math.sin(index * 127.1 + second * 311.7) * 43_758.5453;
  return value - Math.floor(value);
}

function stateOf(hasPower: boolean): HostState {
  const absences: HostState["absences"] = [
    { what: "hw.fan.speed", attributes: [], reason: "no-such-hardware", detail: "" },
    {
      what: "hw.voltage",
      attributes: [{ key: "hw.id", value: "vcore" }],
      reason: "permission-denied",
      detail: "/dev/ipmi0",
    },
  ];
  const power = {
    what: "hw.host.power",
    attributes: [],
    reason: "no-kernel-interface",
    detail: "no hwmon",
  } as const;
  const part = {
    vendor: null,
    firmware: null,
    speedBitsPerSecond: null,
    address: null,
    interface: null,
    rotational: null,
  };
  return hostState(
    {
      observedMs: unixMs(Date.now() - 40_000),
      powerSource: hasPower ? "rapl" : null,
      boot: null,
      absences: hasPower ? absences : [power, ...absences],
      collectors: ["cpu", "memory", "disks", "network", "power", "thermal", "identity"].map(
        (subject) => ({
          subject,
          outcome: subject === "power" && !hasPower ? "partial" : "ok",
          durationMicroseconds: 120 + subject.length * 37,
          series: subject.length,
          detail: "",
        }),
      ),
    },
    {
      hostname: "made-up",
      manufacturer: "Example Systems",
      product: "R-2",
      firmwareVendor: "Example",
      firmwareVersion: "2.1",
      firmwareDate: "2026-02-03",
      kernel: "6.12.0",
      os: "Debian GNU/Linux 13",
      architecture: "x86_64",
      processor: { model: "Example 9000 64-Core", sockets: 2, cores: 64, threads: 128 },
      memoryBytes: 256 * 1024 ** 3,
      numaNodes: 2,
      components: [
        {
          ...unknownComponent,
          kind: "disk",
          slot: "nvme0n1",
          model: "EX-3840",
          serial: "D1",
          sizeBytes: 3.84e12,
          ...part,
          rotational: false,
        },
        {
          ...unknownComponent,
          kind: "disk",
          slot: "sda",
          model: "EX-480",
          serial: "D2",
          sizeBytes: 4.8e11,
          ...part,
          interface: "sata",
          rotational: false,
        },
        {
          ...unknownComponent,
          kind: "dimm",
          slot: "P1-A1",
          model: "M3",
          serial: "M1",
          sizeBytes: 32 * 1024 ** 3,
          ...part,
        },
        {
          ...unknownComponent,
          kind: "nic",
          slot: "eth0",
          model: "ConnectX",
          serial: null,
          sizeBytes: null,
          ...part,
          speedBitsPerSecond: 2.5e10,
          address: "02:00:00:00:00:01",
        },
      ],
    },
  );
}
