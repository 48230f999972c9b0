import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createIpmiCollector } from "./ipmi.ts";
import { powerBySensors } from "./ipmi-power.ts";
import { IpmiReader } from "./ipmi-reader.ts";
import { parseSdrElist } from "./ipmi-sdr.ts";

const sensors = [
  "Inlet Temp       | 05h | ok  |  7.1 | 23 degrees C",
  "P1 Therm Margin  | 06h | ok  |  3.1 | -58 degrees C",
  "Fan1             | 38h | ok  |  7.1 | 3480 RPM",
  "Voltage 1        | 6Dh | ok  | 10.1 | 220 Volts",
  "Pwr Consumption  | 76h | ok  |  7.1 | 208 Watts",
  "PS1 Input Power  | 77h | ok  | 10.1 | 110 Watts",
  "GPU1 Temp        | 89h | ns  |  7.1 | Disabled",
  "Odd Temp         | 8Ah | ok  |  7.1 | 511 degrees C",
  "",
].join("\n");
const states =
  "Status | 85h | ok | 10.1 | Presence detected\nStatus | 86h | ok | 10.2 | Presence detected, Failure detected\n";

const activated =
  "    Instantaneous power reading:                   167 Watts\n    Power reading state is:                   activated\n";

function bmcSource(): MemorySource {
  const source = createMemorySource({ "/sys/class/ipmi/ipmi0/dev": "238:0\n" });
  source.putTool(["ipmitool", "sdr", "elist", "full"], { stdout: sensors });
  source.putTool(["ipmitool", "sdr", "elist", "compact"], { stdout: states });
  source.putTool(["ipmitool", "dcmi", "power", "reading"], {
    exitCode: 1,
    stderr: "DCMI request failed because: Invalid command (c1)\n",
  });
  return source;
}

function start(source: MemorySource) {
  const sink = createValueSink();
  const reader = new IpmiReader(source, () => ({ kind: "none" }));
  return { sink, reader, collector: createIpmiCollector(source, sink, reader) };
}

test("numbers become readings; margins, discrete rows and silent sensors do not", async () => {
  const { sink, collector } = start(bmcSource());
  const { absences } = await collector.discover();
  expect(absences.map(({ what, reason }) => [what, reason])).toEqual([
    ["hw.temperature", "implausible"],
  ]);
  await collector.collect(monotonicMs(0));
  expect(sink.values()).toEqual({
    "hw.temperature{ipmi:05h@7.1,Inlet Temp,bmc}": 230,
    "hw.fan.speed{ipmi:38h@7.1,Fan1,bmc}": 3480,
    "hw.voltage{ipmi:6Dh@10.1,Voltage 1,bmc}": 220_000,
    "hw.fan.status{ipmi:38h@7.1,Fan1,bmc}": 1,
    "hw.temperature.margin{ipmi:06h@3.1,P1 Therm Margin,bmc}": 580,
    "hw.power{ipmi:77h@10.1,PS1 Input Power,bmc,power_supply,ipmi-psu-input}": 1100,
    "hw.power_supply.status{ipmi:85h@10.1,Status,bmc}": 1,
    "hw.power_supply.status{ipmi:86h@10.2,Status,bmc}": 0,
  });
});

test("what neither the BMC nor the kernel shows is told", async () => {
  const source = createMemorySource({ "/sys/class/ipmi/ipmi0/dev": "238:0\n" });
  source.putTool(["ipmitool", "sdr", "elist", "full"], {
    stdout: "Inlet Temp | 05h | ok | 7.1 | 23 degrees C\n",
  });
  source.putTool(["ipmitool", "sdr", "elist", "compact"], { stdout: "" });
  source.put("/sys/class/hwmon/hwmon0/fan1_input", "900\n");
  const { absences } = await start(source).collector.discover();
  expect(absences.map(({ what, reason }) => [what, reason])).toEqual([
    ["hw.voltage", "not-supported"],
    ["hw.power_supply.status", "not-supported"],
  ]);
});

test("power is asked every step, and a step has one sweep beside it at most", async () => {
  const source = bmcSource();
  source.putTool(["ipmitool", "dcmi", "power", "reading"], { stdout: activated });
  const { collector } = start(source);
  await collector.discover();
  await collector.collect(monotonicMs(0));
  const before = source.calls.length;
  const perStep: number[] = [];
  for (let at = 10_000; at <= 180_000; at += 10_000) {
    const calls = source.calls.length;
    await collector.collect(monotonicMs(at));
    perStep.push(source.calls.length - calls);
  }
  const lines = source.calls.slice(before);
  expect(Math.max(...perStep)).toBe(2);
  expect(lines.filter((line) => line.endsWith("reading"))).toHaveLength(18);
  expect(lines.filter((line) => line.endsWith("full"))).toHaveLength(3);
  expect(lines.filter((line) => line.endsWith("compact"))).toHaveLength(2);
});

test("one call at a time, whoever asks", async () => {
  const source = bmcSource();
  let running = 0;
  let most = 0;
  const slow: MemorySource = {
    ...source,
    async runTool(request) {
      running += 1;
      most = Math.max(most, running);
      const answer = await source.runTool(request);
      running -= 1;
      return answer;
    },
  };
  const { collector, reader } = start(slow);
  await Promise.all([collector.discover(), reader.readPower(), reader.readSensors()]);
  expect(most).toBe(1);
});

test("a BMC without DCMI gives the host's power by its own sensor", async () => {
  const { reader } = start(bmcSource());
  expect(await reader.readPower()).toEqual({
    ok: true,
    value: { source: "ipmi-sensor", milliwatts: 208_000 },
  });
});

test("without a meter the supplies' inputs are summed", () => {
  const rows = parseSdrElist(
    "PS1 Input Power | 70h | ok | 10.1 | 90 Watts\nPS2 Input Power | 71h | ok | 10.2 | 95 Watts\n",
  ).rows;
  expect(powerBySensors(rows)).toEqual({ source: "ipmi-psu-input", milliwatts: 185_000 });
  expect(powerBySensors([])).toBeNull();
});

test.each([
  ["no device", createMemorySource(), "no-kernel-interface"],
  ["no ipmitool", createMemorySource({ "/sys/class/ipmi/ipmi0/dev": "238:0\n" }), "tool-missing"],
])("%s is an absence, and no failure", async (_, source, reason) => {
  const { collector } = start(source);
  const { absences } = await collector.discover();
  expect(absences[0]).toMatchObject({ reason });
});

test.each([
  ["Could not open device at /dev/ipmi0: Permission denied", "permission-denied"],
  ["Invalid command (c1)", "not-supported"],
  ["Unable to send command: Input/output error", "tool-failed"],
])("ipmitool that ends with %s", async (stderr, reason) => {
  const source = createMemorySource({ "/sys/class/ipmi/ipmi0/dev": "238:0\n" });
  source.putTool(["ipmitool", "sdr", "elist", "full"], { exitCode: 1, stderr: `${stderr}\n` });
  const { collector } = start(source);
  expect((await collector.discover()).absences[0]).toMatchObject({
    what: "hw.temperature",
    reason,
  });
});

test("a supply pulled out is one that does not work; redundancy says what is left", async () => {
  const source = bmcSource();
  const show = (second: string, redundancy: string): void =>
    source.putTool(["ipmitool", "sdr", "elist", "compact"], {
      stdout: `Status | 85h | ok | 10.1 | Presence detected\nStatus | 86h | ok | 10.2 | ${second}\nStatus | 87h | ok | 10.3 | \nPS Redundancy | 77h | ok | 7.1 | ${redundancy}\n`,
    });
  show("Presence detected", "Fully Redundant");
  const { sink, collector } = start(source);
  await collector.discover();
  await collector.collect(monotonicMs(0));
  expect(sink.value("hw.power_supply.redundant{ipmi:77h@7.1,PS Redundancy,bmc}")).toBe(1);
  show("", "Redundancy Lost");
  sink.beginStep();
  await collector.collect(monotonicMs(60_000));
  await collector.collect(monotonicMs(70_000));
  expect(sink.value("hw.power_supply.status{ipmi:85h@10.1,Status,bmc}")).toBe(1);
  expect(sink.value("hw.power_supply.status{ipmi:86h@10.2,Status,bmc}")).toBe(0);
  expect(sink.value("hw.power_supply.redundant{ipmi:77h@7.1,PS Redundancy,bmc}")).toBe(0);
  // The third bay was always empty.
  expect(sink.names()).not.toContain("hw.power_supply.status{ipmi:87h@10.3,Status,bmc}");
});

test("with everything read: margins by limits, parts of the host, and how full the log is", async () => {
  const source = bmcSource();
  source.putTool(["ipmitool", "-c", "-v", "sdr", "list", "full"], {
    stdout:
      "Inlet Temp,23,degrees C,ok,7.1,System Board,Temperature,,,,,47.000,43.000,,,,-128.000,127.000\nFan1,3480,RPM,ok,7.1,System Board,Fan,,,,,,,,600.000,,,\n",
  });
  source.putTool(["ipmitool", "mc", "info"], {
    stdout:
      "Firmware Revision         : 7.00\nManufacturer ID           : 674\nManufacturer Name         : Dell Inc.\nProduct ID                : 256 (0x0100)\nProduct Name              : Unknown (0x100)\nIPMI Version              : 2.0\nDevice Available          : yes\n",
  });
  source.putTool(["ipmitool", "lan", "print"], { stdout: "MAC Address : 02:00:00:00:00:01\n" });
  source.putTool(["ipmitool", "fru", "print"], {
    stdout:
      "FRU Device Description : PS1 (ID 1)\n Board Mfg             : ACME\n Board Product         : PSU 750\n Board Serial          : S1\n Board Part Number     : P1\n",
  });
  source.putTool(["ipmitool", "sel", "info"], {
    stdout: "Entries          : 3\nPercent Used     : 12%\n",
  });
  source.putTool(["ipmitool", "sel", "list", "last", "64"], { stdout: "" });
  const sink = createValueSink();
  const reader = new IpmiReader(source, () => ({ kind: "none" }));
  const collector = createIpmiCollector(source, sink, reader, { reads: "all" });
  const { identity } = await collector.discover();
  expect(
    identity?.components?.map(({ kind, serial, firmware }) => [kind, serial, firmware]),
  ).toEqual([
    ["bmc", null, "7.00"],
    ["psu", "S1", null],
  ]);
  for (let at = 0; at <= 20_000; at += 10_000) await collector.collect(monotonicMs(at));
  expect(sink.value("hw.temperature.margin{ipmi:05h@7.1,Inlet Temp,bmc}")).toBe(240);
  expect(sink.value("wws.bmc.sel.usage")).toBe(1200);
  // The driver lets go of a BMC that starts anew: its parts are where they were.
  source.remove("/sys/class/ipmi/ipmi0/dev");
  expect((await collector.discover()).absences.map(({ what }) => what)).toEqual([
    "hw.power_supply.status",
    "components.bmc",
    "components.psu",
  ]);
});
