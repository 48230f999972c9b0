import { expect, test } from "vitest";
import { type Inspection, inspectHost } from "#agent/inspect/inspect-host.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { listFolders, recordingPath } from "./recordings-folder.ts";
import { openTreeSource } from "./tree-source.ts";

/** What README.md of the recordings says of each machine, as our collectors must see it. */
interface TreeFacts {
  /** null: the tree has neither topology nor core ids. */
  readonly processor: readonly [sockets: number, cores: number, threads: number] | null;
  readonly model?: string;
  readonly numaNodes: number | null;
  readonly product?: string;
  readonly memoryBytes?: number;
  readonly disks?: readonly string[];
  readonly switchedOffCpus?: readonly number[];
}

const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

const trees: Readonly<Record<string, TreeFacts>> = {
  "oracle-x6-2_2x-xeon-e5-2630v4": {
    processor: [2, 20, 40],
    model: "Intel(R) Xeon(R) CPU E5-2630 v4 @ 2.20GHz",
    numaNodes: 2,
    product: "ORACLE SERVER X6-2",
    disks: ["sda", "sdb", "sdc"],
  },
  // 240 cores with two threads each in 16 sockets; no /sys, so /proc/cpuinfo counts.
  "hp-bl920-gen8_16x-xeon-e7-2890v2": { processor: [16, 240, 480], numaNodes: null },
  "huawei-xa320v2_2x-kunpeng920": {
    processor: [2, 128, 128],
    model: "HiSilicon Kunpeng-920 (TaiShan v110)",
    numaNodes: 4,
    product: "XA320 V2",
  },
  // Modules: the kernel's 32 cores of 2 threads are what the box calls 64 cores.
  "dell-c6145_4x-opteron-6276": {
    processor: [4, 32, 64],
    numaNodes: 8,
    product: "PowerEdge C6145",
  },
  "dell-dcs8000z_2x-xeon-e5-2680_nvme-pmem": {
    processor: [2, 16, 16],
    numaNodes: 2,
    product: "DCS8000Z",
  },
  "supermicro-4029gp_2x-xeon-silver-4108": { processor: [2, 16, 32], numaNodes: 2 },
  "hp-elitebook-840g10_i7-1370p-hybrid": { processor: [1, 14, 20], numaNodes: 1 },
  "ibm-z_s390x_20cpu": { processor: [8, 20, 20], model: "IBM/S390 2817", numaNodes: null },
  // The recording calls all but 32 of 176 CPUs offline; six nodes are memory of accelerators.
  "ibm-ac922_power9_v100-numa": {
    processor: [2, 8, 32],
    model: "POWER9, altivec supported",
    numaNodes: 2,
    switchedOffCpus: [...numbers(16, 87), ...numbers(104, 175)],
  },
  "tyan-s4881_8x-opteron-865_cpu4-offline": {
    processor: [8, 15, 15],
    numaNodes: 8,
    switchedOffCpus: [4],
  },
  "milkv-pioneer_sg2042-riscv64": { processor: [1, 64, 64], model: "rv64imafdcv", numaNodes: 4 },
  "node-exporter-composite": { processor: [1, 4, 8], numaNodes: 2, switchedOffCpus: [4, 5, 6, 7] },
};

async function inspect(name: string): Promise<Inspection> {
  const clock = createVirtualClock();
  const inspecting = inspectHost(openTreeSource(recordingPath(`proc-sys/${name}`)), clock);
  await clock.runUntilIdle();
  return inspecting;
}

test("every tree of proc-sys is in the table, or is the pair of /proc/stat texts", () => {
  expect(listFolders("proc-sys")).toEqual([...Object.keys(trees), "stat-pair_16cpu"].sort());
});

test.each(Object.entries(trees))("%s", async (name, facts) => {
  const inspection = await inspect(name);
  const { identity, absences, failures } = inspection;
  expect(failures).toEqual([]);
  const { processor } = identity;
  expect(
    processor === null ? null : [processor.sockets, processor.cores, processor.threads],
  ).toEqual(facts.processor);
  if (facts.model !== undefined) expect(processor?.model).toBe(facts.model);
  expect(identity.numaNodes).toBe(facts.numaNodes);
  if (facts.product !== undefined) expect(identity.product).toBe(facts.product);
  if (facts.disks !== undefined)
    expect(
      inspection.series
        .flatMap(({ metric, attributes }) =>
          metric === "system.disk.io_time" ? [attributes["system.device"] ?? ""] : [],
        )
        .sort(),
    ).toEqual(facts.disks);
  const off = absences.flatMap(({ reason, attributes }) =>
    reason === "switched-off"
      ? attributes.flatMap(({ key, value }) =>
          key === "cpu.logical_number" ? [Number(value)] : [],
        )
      : [],
  );
  expect(off).toEqual(facts.switchedOffCpus ?? []);
  // Whatever is not known says why.
  const told = new Set(absences.map(({ what }) => what));
  expect(
    Object.entries(identity).flatMap(([field, value]) =>
      value === null && !told.has(field) ? [field] : [],
    ),
  ).toEqual([]);
  for (const { what, reason, detail } of absences) {
    expect(detail, what).not.toBe("");
    expect(reason, what).not.toBe("unreadable-text");
  }
});

test("the large server has a table of 480 CPUs and only its whole disks", async () => {
  const { series } = await inspect("hp-bl920-gen8_16x-xeon-e7-2890v2");
  const cpus = series.filter(({ attributes }) => "cpu.logical_number" in attributes);
  expect(cpus).toHaveLength(480);
  const disks = series.flatMap(({ metric, attributes }) =>
    metric === "system.disk.io_time" ? [attributes["system.device"] ?? ""] : [],
  );
  expect(disks).toHaveLength(70);
  expect(disks.every((name) => /^sd[a-z]+$/.test(name))).toBe(true);
});

test("the Oracle server's meter, packages and cores are read where a kernel would link them", async () => {
  const { series, powerSource } = await inspect("oracle-x6-2_2x-xeon-e5-2630v4");
  expect(powerSource).toBe("hwmon-power-meter");
  expect(series.find(({ metric }) => metric === "hw.host.power")?.value).toBe(183);
  const packages = series
    .filter(({ metric }) => metric === "hw.energy")
    .map(({ attributes }) => attributes["hw.id"]);
  expect(packages).toEqual(["package-0", "package-1"]);
  const temperatures = series.filter(({ metric }) => metric === "hw.temperature");
  expect(temperatures).toHaveLength(22);
  expect(
    temperatures.find(({ attributes }) => attributes["hw.id"] === "coretemp.1:temp1"),
  ).toMatchObject({
    attributes: { "hw.name": "Package id 1", "hw.parent": "coretemp" },
    value: 48,
  });
});

test("the composite's sensors are read by driver and label, its limits are no readings", async () => {
  const { series } = await inspect("node-exporter-composite");
  const values = Object.fromEntries(
    series.flatMap(({ attributes, value }) =>
      attributes["hw.id"] === undefined ? [] : [[attributes["hw.id"], value]],
    ),
  );
  expect(values).toMatchObject({
    "coretemp.0:temp1": 55,
    "coretemp.1:temp1": 55,
    "applesmc.768:fan2": 1998,
    "nct6779:in0": 0.792,
    "nct6779:fan2": 1098,
    "power_supply:AC": 0,
  });
});
