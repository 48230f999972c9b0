import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createGpuCollector } from "./gpu.ts";
import { parseNvidiaSmi } from "./gpu-nvidia.ts";
import { parseXml } from "./gpu-xml.ts";

const pci = (vendor: string, code = "0x030200") => ({
  "/sys/bus/pci/devices/0000:3b:00.0/class": `${code}\n`,
  "/sys/bus/pci/devices/0000:3b:00.0/vendor": `${vendor}\n`,
});

const smi = (gpu: string, attached = 1): string =>
  `<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "x.dtd">\n<nvidia_smi_log><driver_version>550</driver_version><attached_gpus>${attached}</attached_gpus><gpu id="00000000:3B:00.0">${gpu}</gpu></nvidia_smi_log>`;

const healthy =
  "<product_name>ACME 40</product_name><persistence_mode>Enabled</persistence_mode><uuid>GPU-1</uuid><serial>S1</serial><vbios_version>92</vbios_version><fan_speed>30 %</fan_speed><clocks_event_reasons><clocks_event_reason_hw_thermal_slowdown>Active</clocks_event_reason_hw_thermal_slowdown></clocks_event_reasons><fb_memory_usage><total>100 MiB</total><used>10 MiB</used></fb_memory_usage><utilization><gpu_util>97 %</gpu_util></utilization><ecc_errors><aggregate><dram_correctable>4</dram_correctable><dram_uncorrectable>1</dram_uncorrectable></aggregate></ecc_errors><temperature><gpu_temp>83 C</gpu_temp><gpu_temp_slow_threshold>90 C</gpu_temp_slow_threshold></temperature><gpu_power_readings><power_draw>301.2 W</power_draw></gpu_power_readings>";

function start(source: MemorySource) {
  const sink = createValueSink();
  return { sink, collector: createGpuCollector(source, sink) };
}

test("draw, heat, load, memory and errors of a GPU, by its UUID", async () => {
  const source = createMemorySource(pci("0x10de"));
  source.putTool(["nvidia-smi", "-q", "-x"], { stdout: smi(healthy) });
  const { sink, collector } = start(source);
  const { absences, identity } = await collector.discover();
  expect(absences).toEqual([]);
  expect(identity?.components).toMatchObject([
    { kind: "gpu", slot: "0000:3b:00.0", model: "ACME 40", serial: "S1", firmware: "92" },
  ]);
  await collector.collect(monotonicMs(0));
  const of = "GPU-1,gpu,0000:3b:00.0,ACME 40";
  expect(sink.values()).toEqual({
    [`hw.power{gpu,${of}}`]: 3012,
    [`hw.temperature{${of}}`]: 830,
    [`hw.temperature.margin{${of}}`]: 70,
    [`hw.gpu.utilization{${of}}`]: 9700,
    [`hw.gpu.memory.usage{${of}}`]: 10_485_760,
    [`hw.gpu.memory.limit{${of}}`]: 104_857_600,
    [`hw.fan.speed_ratio{${of}}`]: 3000,
    [`wws.gpu.throttled{${of}}`]: 1,
    [`hw.errors{corrected,${of}}`]: 4,
    [`hw.errors{uncorrected,${of}}`]: 1,
  });
});

test.each([
  ["persistence", "Enabled", 7],
  ["no persistence, so that each call starts it anew", "Disabled", 2],
])("a GPU with %s", async (_, mode, calls) => {
  const source = createMemorySource(pci("0x10de"));
  source.putTool(["nvidia-smi", "-q", "-x"], {
    stdout: smi(healthy.replace("Enabled", mode)),
  });
  const { collector } = start(source);
  await collector.discover();
  const before = source.calls.length;
  for (let at = 0; at <= 60_000; at += 10_000) await collector.collect(monotonicMs(at));
  expect(source.calls.length - before).toBe(calls);
});

test("without a GPU no tool is started; the picture of a BMC is none", async () => {
  const source = createMemorySource(pci("0x1a03", "0x030000"));
  const { collector } = start(source);
  expect((await collector.discover()).absences).toMatchObject([{ reason: "no-such-hardware" }]);
  await collector.collect(monotonicMs(0));
  expect(source.calls).toEqual([]);
});

test("a GPU without its tool says which package brings it", async () => {
  const { collector } = start(createMemorySource(pci("0x10de")));
  expect((await collector.discover()).absences[0]).toMatchObject({
    reason: "tool-missing",
    detail: expect.stringContaining("apt install nvidia-smi"),
  });
});

test("what is not told is an absence: no power sensor, MIG, a GPU fewer than the driver counts", async () => {
  const source = createMemorySource(pci("0x10de"));
  source.putTool(["nvidia-smi", "-q", "-x"], {
    stdout: smi(
      "<product_name>ACME</product_name><uuid>GPU-1</uuid><power_readings><power_draw>[N/A]</power_draw></power_readings><utilization><gpu_util>N/A</gpu_util></utilization>",
      2,
    ),
  });
  const { collector } = start(source);
  const { absences } = await collector.discover();
  expect(absences.map(({ what }) => what)).toEqual([
    "hw.power",
    "hw.gpu.utilization",
    "hw.errors",
    "components.gpu",
  ]);
});

test("an AMD GPU by amd-smi, whose facts and figures are two calls", async () => {
  const source = createMemorySource(pci("0x1002", "0x120000"));
  source.putTool(["amd-smi", "static", "--json"], {
    stdout: JSON.stringify([
      {
        gpu: 0,
        asic: { market_name: "MI300X", asic_serial: "0xABC" },
        bus: { bdf: "0000:3b:00.0" },
        limit: { slowdown_hotspot_temperature: { value: 100, unit: "C" } },
      },
    ]),
  });
  source.putTool(["amd-smi", "metric", "--json"], {
    stdout: `WARNING: [card0] is asleep\n${JSON.stringify({
      gpu_data: [
        {
          gpu: 0,
          power: { socket_power: "210 W", throttle_status: "UNTHROTTLED" },
          temperature: { hotspot: { value: 61, unit: "C" }, mem: "N/A" },
        },
      ],
    })}`,
  });
  const { sink, collector } = start(source);
  expect((await collector.discover()).identity?.components).toMatchObject([{ model: "MI300X" }]);
  await collector.collect(monotonicMs(0));
  const of = "0xABC,gpu,0000:3b:00.0,MI300X";
  expect(sink.values()).toEqual({
    [`hw.power{gpu,${of}}`]: 2100,
    [`hw.temperature{${of}}`]: 610,
    [`hw.temperature.margin{${of}}`]: 390,
    [`wws.gpu.throttled{${of}}`]: 0,
  });
});

test("an XML that is cut short gives what there is of it; one too deep is cut", () => {
  expect(parseNvidiaSmi(smi(healthy).slice(0, 260))?.gpus).toMatchObject([{ model: "ACME 40" }]);
  expect(parseXml("<a>".repeat(100))).toMatchObject({ name: "a" });
  expect(parseXml("no element at all")).toBeNull();
  expect(parseXml('<a b="&lt;1">x &amp; y<!-- <c> --></a>')).toEqual({
    name: "a",
    attributes: { b: "<1" },
    text: "x & y",
    children: [],
  });
});

test("a tool that hangs is left alone for longer each time, and asked again", async () => {
  const source = createMemorySource(pci("0x10de"));
  source.putTool(["nvidia-smi", "-q", "-x"], { stdout: smi(healthy) });
  const { sink, collector } = start(source);
  await collector.discover();
  source.putTool(["nvidia-smi", "-q", "-x"], {
    kind: "timed-out",
    tool: "nvidia-smi",
    detail: "nvidia-smi gave no answer within 15000 ms",
  });
  const askedAt: number[] = [];
  let at = 0;
  const stepOn = async (): Promise<void> => {
    const before = source.calls.length;
    await collector.collect(monotonicMs(at));
    if (source.calls.length > before) askedAt.push(at);
    at += 10_000;
  };
  while (at < 3 * 3_600_000) await stepOn();
  const pauses = askedAt.slice(1).map((one, index) => one - (askedAt[index] ?? 0));
  expect(pauses.slice(0, 3)).toEqual([40_000, 70_000, 130_000]);
  expect(pauses.at(-1)).toBe(910_000);
  source.putTool(["nvidia-smi", "-q", "-x"], { stdout: smi(healthy) });
  const until = at + 920_000;
  while (at < until) await stepOn();
  expect(sink.value("hw.gpu.utilization{GPU-1,gpu,0000:3b:00.0,ACME 40}")).toBe(9700);
});

test("a GPU whose tool hangs is not said to be gone", async () => {
  const source = createMemorySource(pci("0x10de"));
  source.putTool(["nvidia-smi", "-q", "-x"], {
    kind: "timed-out",
    tool: "nvidia-smi",
    detail: "no answer",
  });
  const { collector } = start(source);
  expect((await collector.discover()).absences).toMatchObject([
    { what: "hw.gpu.utilization", reason: "timed-out" },
    { what: "components.gpu", reason: "timed-out" },
  ]);
});
