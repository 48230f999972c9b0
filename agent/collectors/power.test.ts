import { expect, test } from "vitest";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { IpmiReader } from "./ipmi-reader.ts";
import { createPowerCollector } from "./power.ts";
import type { Virtualization } from "./virtualization.ts";

function start(source: MemorySource, kind: Virtualization["kind"] = "none") {
  const virtualization = (): Virtualization =>
    kind === "virtual" ? { kind, name: "kvm" } : { kind };
  const sink = createValueSink();
  const clock = createVirtualClock();
  const ipmi = new IpmiReader(source, virtualization);
  const collector = createPowerCollector({ source, sink, clock, ipmi, virtualization });
  const step = async () => {
    sink.beginStep();
    await clock.advance(1000);
    return collector.collect(clock.nowMonotonicMs());
  };
  return { sink, ipmi, collector, step };
}

const rapl = {
  "/sys/class/powercap/intel-rapl:0/name": "package-0\n",
  "/sys/class/powercap/intel-rapl:0/energy_uj": "1000\n",
  "/sys/class/powercap/intel-rapl:0/max_energy_range_uj": "262143328850\n",
};
const meter = {
  "/sys/class/hwmon/hwmon0/name": "power_meter\n",
  "/sys/class/hwmon/hwmon0/power1_average": "183000000\n",
};
const supplies = {
  "/sys/class/hwmon/hwmon1/name": "pmbus\n",
  "/sys/class/hwmon/hwmon1/power1_input": "90000000\n",
  "/sys/class/hwmon/hwmon1/power1_label": "pin\n",
  "/sys/class/hwmon/hwmon1/power2_input": "81000000\n",
  "/sys/class/hwmon/hwmon1/power2_label": "pout1\n",
  "/sys/class/hwmon/hwmon2/name": "pmbus\n",
  "/sys/class/hwmon/hwmon2/power1_input": "95000000\n",
  "/sys/class/hwmon/hwmon2/power1_label": "pin\n",
};
const bmc = { "/sys/class/ipmi/ipmi0/dev": "1\n" };
const dcmi = (watts: number, state = "activated"): string =>
  `\n    Instantaneous power reading:                   ${watts} Watts\n    Minimum during sampling period:                124 Watts\n    Power reading state is:                   ${state}\n\n`;

test("DCMI comes first", async () => {
  const source = createMemorySource({ ...bmc, ...rapl, ...meter, ...supplies });
  source.putTool(["ipmitool", "dcmi", "power", "reading"], { stdout: dcmi(167) });
  const { sink, collector, step } = start(source);
  expect((await collector.discover()).powerSource).toBe("dcmi");
  await step();
  expect(sink.value("hw.host.power{dcmi}")).toBe(1670);
  await step();
  // The same reading of the BMC is not shown as a second one.
  expect(sink.value("hw.host.power{dcmi}")).toBeUndefined();
});

test("without a BMC the inputs of all supplies are summed, not their outputs", async () => {
  const { sink, collector, step } = start(createMemorySource({ ...rapl, ...meter, ...supplies }));
  expect((await collector.discover()).powerSource).toBe("psu-input");
  await step();
  expect(sink.value("hw.host.power{psu-input}")).toBe(1850);
});

test("a supply that gives no reading would make the sum too small: the meter is taken", async () => {
  const source = createMemorySource({ ...meter, ...supplies });
  source.putProblem("/sys/class/hwmon/hwmon2/power1_input", "failed", "EIO");
  const { sink, collector, step } = start(source);
  const { powerSource, absences } = await collector.discover();
  expect(powerSource).toBe("hwmon-power-meter");
  expect(absences).toContainEqual(
    expect.objectContaining({ what: "hw.power", reason: "read-failed" }),
  );
  await step();
  expect(sink.value("hw.host.power{hwmon-power-meter}")).toBe(1830);
});

test("RAPL comes last, and its word says what it covers", async () => {
  const source = createMemorySource(rapl);
  const { sink, collector, step } = start(source);
  expect((await collector.discover()).powerSource).toBe("rapl-package");
  await step();
  source.put("/sys/class/powercap/intel-rapl:0/energy_uj", "50001000\n");
  await step();
  expect(sink.value("hw.host.power{rapl-package}")).toBe(500);
});

test("a host without any way says why; a virtual one, that its hypervisor hides it", async () => {
  const real = start(createMemorySource());
  expect(await real.collector.discover()).toMatchObject({
    powerSource: null,
    absences: [
      { what: "hw.energy", reason: "no-kernel-interface" },
      { what: "hw.host.power", reason: "no-kernel-interface" },
    ],
  });
  const virtual = start(createMemorySource(), "virtual");
  expect(await virtual.collector.discover()).toMatchObject({
    powerSource: null,
    absences: [
      { what: "hw.energy", reason: "hidden-by-hypervisor" },
      { what: "hw.host.power", reason: "hidden-by-hypervisor" },
    ],
  });
});

test("a deactivated DCMI prints a number that is not taken", async () => {
  const source = createMemorySource({ ...bmc, ...meter });
  source.putTool(["ipmitool", "dcmi", "power", "reading"], { stdout: dcmi(60, "deactivated") });
  source.putTool(["ipmitool", "sdr", "elist", "full"], {
    stdout: "Inlet Temp | 05h | ok | 7.1 | 23 degrees C\n",
  });
  const { collector } = start(source);
  expect((await collector.discover()).powerSource).toBe("hwmon-power-meter");
});

test("an implausible figure is left out and told", async () => {
  const source = createMemorySource({ ...meter });
  const { sink, collector, step } = start(source);
  await collector.discover();
  source.put("/sys/class/hwmon/hwmon0/power1_average", "65535000000000\n");
  expect(await step()).toMatchObject({ absences: [{ what: "hw.power", reason: "implausible" }] });
  expect(sink.value("hw.host.power{hwmon-power-meter}")).toBeUndefined();
});

test("supplies that the kernel knows say whether they are online; batteries are none", async () => {
  const source = createMemorySource({
    "/sys/class/power_supply/AC/type": "Mains\n",
    "/sys/class/power_supply/AC/online": "1\n",
    "/sys/class/power_supply/BAT0/type": "Battery\n",
    "/sys/class/power_supply/BAT0/online": "1\n",
  });
  const { sink, collector, step } = start(source);
  await collector.discover();
  await step();
  expect(sink.values()).toEqual({ "hw.power_supply.status{power_supply:AC,kernel}": 1 });
});

test("where the supplies show only what they give, that is the host's figure", async () => {
  const source = createMemorySource({
    ...rapl,
    "/sys/class/hwmon/hwmon1/name": "pmbus\n",
    "/sys/class/hwmon/hwmon1/power1_input": "81000000\n",
    "/sys/class/hwmon/hwmon1/power1_label": "pout1\n",
  });
  const { sink, collector, step } = start(source);
  expect((await collector.discover()).powerSource).toBe("psu-output");
  await step();
  expect(sink.value("hw.host.power{psu-output}")).toBe(810);
});

test("a source that falls silent is left after a minute; each has its own series", async () => {
  const source = createMemorySource({ ...rapl, ...meter });
  const { sink, collector, step } = start(source);
  await collector.discover();
  await step();
  source.putProblem("/sys/class/hwmon/hwmon0/power1_average", "failed", "EIO");
  let energy = 1000;
  const stepOn = async () => {
    energy += 50_000_000;
    source.put("/sys/class/powercap/intel-rapl:0/energy_uj", `${energy}\n`);
    return step();
  };
  for (let second = 0; second < 58; second += 1) {
    await stepOn();
    expect(sink.names()).not.toContain("hw.host.power{rapl-package}");
  }
  await stepOn();
  const problem = await stepOn();
  expect(sink.value("hw.host.power{rapl-package}")).toBe(500);
  expect(sink.value("hw.host.power{hwmon-power-meter}")).toBeUndefined();
  expect(problem?.absences).toContainEqual(
    expect.objectContaining({ what: "hw.host.power", reason: "read-failed" }),
  );
});

test("looking around at a bad moment does not change the source; a better one takes over at once", async () => {
  const source = createMemorySource({ ...bmc, ...rapl });
  source.putTool(["ipmitool", "dcmi", "power", "reading"], { stdout: dcmi(167) });
  const { collector, step } = start(source);
  expect((await collector.discover()).powerSource).toBe("dcmi");
  await step();
  source.putTool(["ipmitool", "dcmi", "power", "reading"], {
    kind: "timed-out",
    tool: "ipmitool",
    detail: "ipmitool took longer than 10000 ms",
  });
  expect((await collector.discover()).powerSource).toBe("dcmi");
  for (let second = 0; second < 62; second += 1) await step();
  expect((await collector.discover()).powerSource).toBe("rapl-package");
  source.putTool(["ipmitool", "dcmi", "power", "reading"], { stdout: dcmi(170) });
  expect((await collector.discover()).powerSource).toBe("dcmi");
});
