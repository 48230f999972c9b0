import { expect, test } from "vitest";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { findHwmonChips } from "./hwmon.ts";
import { createThermalCollector } from "./thermal.ts";

function start(source: MemorySource) {
  const sink = createValueSink();
  const collector = createThermalCollector(source, sink, () => ({ kind: "none" }));
  const step = async (atMs: number) => {
    sink.beginStep();
    return collector.collect(monotonicMs(atMs));
  };
  return { source, sink, collector, step };
}

const chip = (
  number: number,
  name: string,
  files: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ name, ...files }).map(([file, text]) => [
      `/sys/class/hwmon/hwmon${number}/${file}`,
      `${text}\n`,
    ]),
  );

test("a chip is known by driver and device, for its number changes from boot to boot", () => {
  const source = createMemorySource({
    ...chip(3, "coretemp", { temp1_input: "41000", temp1_label: "Package id 0" }),
    ...chip(7, "jc42", { temp1_input: "30000" }),
    ...chip(8, "jc42", { temp1_input: "31000" }),
  });
  source.putLink("/sys/class/hwmon/hwmon3/device", "../../../coretemp.0");
  source.putLink("/sys/class/hwmon/hwmon7/device", "../../../0-0018");
  source.putLink("/sys/class/hwmon/hwmon8/device", "../../../0-0018");
  const chips = findHwmonChips(source);
  expect(chips.ok && chips.value.map(({ id }) => id)).toEqual([
    "coretemp.0",
    "jc42@0-0018",
    "jc42@0-0018#2",
  ]);
});

test("old drivers keep their files in the device's folder", () => {
  const source = createMemorySource({
    "/sys/class/hwmon/hwmon0/uevent": "",
    "/sys/class/hwmon/hwmon0/device/name": "power_meter\n",
    "/sys/class/hwmon/hwmon0/device/power1_average": "183000000\n",
  });
  const chips = findHwmonChips(source);
  expect(chips).toMatchObject({
    ok: true,
    value: [
      {
        driver: "power_meter",
        sensors: [{ name: "power1", path: "/sys/class/hwmon/hwmon0/device/power1_average" }],
      },
    ],
  });
});

test("temperatures, fans and voltages with their makers' labels", async () => {
  const { sink, collector, step } = start(
    createMemorySource({
      ...chip(0, "coretemp", {
        temp2_input: "41500",
        temp2_label: "Core 0",
        temp2_crit: "100000",
        temp10_input: "42000",
      }),
      ...chip(1, "nct6775", {
        fan1_input: "1206",
        in0_input: "1088",
        in1_input: "-5008",
        pwm1: "255",
      }),
    }),
  );
  expect((await collector.discover()).absences).toEqual([]);
  expect(await step(0)).toBeNull();
  expect(sink.values()).toEqual({
    "hw.temperature{coretemp:temp2,coretemp,Core 0}": 415,
    "hw.temperature{coretemp:temp10,coretemp}": 420,
    "hw.fan.speed{nct6775:fan1,nct6775}": 1206,
    "hw.voltage{nct6775:in0,nct6775}": 1088,
    "hw.voltage{nct6775:in1,nct6775}": -5008,
  });
});

test.each([
  ["-273150", "not-supported"],
  ["65261850", "not-supported"],
  ["511000", "implausible"],
  ["3892314000", "implausible"],
  ["unknown", "unreadable-text"],
])("a temperature of %s is %s, and no reading", async (text, reason) => {
  const { sink, collector, step } = start(
    createMemorySource(chip(0, "nvme", { temp1_input: text, temp2_input: "38850" })),
  );
  const { absences } = await collector.discover();
  expect(absences[0]).toMatchObject({ what: "hw.temperature", reason });
  await step(0);
  expect(sink.values()).toEqual({ "hw.temperature{nvme:temp2,nvme}": 389 });
});

test("a sensor with a fault and one that is disabled are told apart", async () => {
  const { collector } = start(
    createMemorySource(
      chip(0, "nct6775", {
        temp1_input: "30000",
        temp2_input: "0",
        temp2_fault: "1",
        fan1_input: "900",
        fan2_input: "0",
        fan2_enable: "0",
        in0_input: "1",
      }),
    ),
  );
  const { absences } = await collector.discover();
  expect(absences.map(({ what, reason }) => [what, reason])).toEqual([
    ["hw.fan.speed", "switched-off"],
    ["hw.temperature", "not-supported"],
  ]);
});

test("drives are asked every ten seconds, processors every step", async () => {
  const { sink, collector, step } = start(
    createMemorySource({
      ...chip(0, "coretemp", { temp1_input: "40000" }),
      ...chip(1, "drivetemp", { temp1_input: "30000" }),
    }),
  );
  await collector.discover();
  await step(0);
  expect(Object.keys(sink.values())).toHaveLength(2);
  await step(1000);
  expect(Object.keys(sink.values())).toEqual(["hw.temperature{coretemp:temp1,coretemp}"]);
  await step(9990);
  expect(Object.keys(sink.values())).toHaveLength(2);
  expect(sink.request("hw.temperature{drivetemp:temp1,drivetemp}").cadenceMs).toBe(10_000);
});

test("where hwmon has no temperature the firmware's zones are taken", async () => {
  const { sink, collector, step } = start(
    createMemorySource({
      "/sys/class/thermal/thermal_zone0/type": "acpitz\n",
      "/sys/class/thermal/thermal_zone0/temp": "27800\n",
      "/sys/class/thermal/thermal_zone1/type": "acpitz\n",
      "/sys/class/thermal/thermal_zone1/temp": "29800\n",
      "/sys/class/thermal/cooling_device0/type": "Processor\n",
    }),
  );
  await collector.discover();
  await step(0);
  expect(sink.values()).toEqual({
    "hw.temperature{zone:acpitz:1,thermal_zone,acpitz}": 278,
    "hw.temperature{zone:acpitz:2,thermal_zone,acpitz}": 298,
  });
});

test("a reading that fails costs itself alone", async () => {
  const { source, sink, collector, step } = start(
    createMemorySource(chip(0, "coretemp", { temp1_input: "40000", temp2_input: "41000" })),
  );
  await collector.discover();
  source.putProblem("/sys/class/hwmon/hwmon0/temp1_input", "failed", "ENODATA");
  expect(await step(0)).toMatchObject({
    absences: [
      { reason: "read-failed", attributes: [{ value: "coretemp:temp1" }, { value: "coretemp" }] },
    ],
  });
  expect(sink.values()).toEqual({ "hw.temperature{coretemp:temp2,coretemp}": 410 });
});

test("a host without sensors says what to load", async () => {
  const { collector } = start(createMemorySource());
  const { absences } = await collector.discover();
  expect(absences.map(({ what, reason }) => [what, reason])).toEqual([
    ["hw.temperature", "no-kernel-interface"],
    ["hw.fan.speed", "no-kernel-interface"],
    ["hw.voltage", "no-kernel-interface"],
  ]);
  expect(absences[0]?.detail).toContain("modprobe");
});

test("a host whose BMC reads temperatures and fans does not miss them here", async () => {
  const { collector } = start(createMemorySource({ "/sys/class/ipmi/ipmi0/dev": "238:0\n" }));
  expect((await collector.discover()).absences).toEqual([]);
});

test("a dying drive whose driver lets everything wait is read ever less often", async () => {
  const memory = createMemorySource({
    ...chip(0, "coretemp", { temp1_input: "40000" }),
    ...chip(1, "nvme", { temp1_input: "30000" }),
  });
  let nowMs = 0;
  let slowReads = 0;
  let isDying = false;
  const source: HardwareSource = {
    ...memory,
    openCounterFile(path) {
      const opened = memory.openCounterFile(path);
      if (!opened.ok || !path.includes("hwmon1")) return opened;
      const read = () => {
        if (isDying) {
          nowMs += 10_000;
          slowReads += 1;
        }
        return opened.value.read();
      };
      return { ok: true, value: { ...opened.value, path, read } };
    },
  };
  const sink = createValueSink();
  const clock = { nowMonotonicMs: () => monotonicMs(nowMs) };
  const collector = createThermalCollector(source, sink, () => ({ kind: "none" }), clock);
  await collector.discover();
  isDying = true;
  for (; nowMs < 3_600_000; nowMs += 1_000) {
    if (nowMs % 300_000 < 1_000) await collector.discover();
    const problem = await collector.collect(monotonicMs(nowMs));
    if (nowMs > 60_000 && slowReads < 6)
      expect(problem?.absences).toMatchObject([{ what: "hw.temperature", reason: "timed-out" }]);
  }
  expect(slowReads).toBeLessThan(7);
  isDying = false;
  nowMs += 3_600_000;
  expect(await collector.collect(monotonicMs(nowMs))).toBeNull();
});
