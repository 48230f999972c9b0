import type { DiskShape, NicShape, ServerShape } from "./server-shape.ts";

const nvme = (index: number, rates: Pick<DiskShape, "reads" | "writes">): DiskShape => ({
  name: `nvme${index}n1`,
  kind: "nvme",
  model: "Example NV3840 Datacenter",
  gigabytes: 3840.755,
  firmware: "EXN1.2.0",
  partitions: [],
  ...rates,
});

const bootNvme: DiskShape = {
  ...nvme(0, {
    reads: { perSecond: 30, kibibytes: 16 },
    writes: { perSecond: 140, kibibytes: 12 },
  }),
  model: "Example NV480 Boot",
  gigabytes: 480.103,
  partitions: [0.01, 0.99],
};

const port = (
  name: string,
  megabits: number | null,
  receives: number,
  sends: number,
): NicShape => ({
  name,
  driver: name.startsWith("eno") ? "igb" : "mlx5_core",
  ids: name.startsWith("eno") ? ["8086", "1521"] : ["15b3", "101f"],
  megabits,
  receives,
  sends,
});

/** Two sockets, twelve NVMe disks, six ports, two supplies; no driver for its BMC is loaded. */
const computeServer: ServerShape = {
  name: "example-c2-64c-12nvme",
  machineClass: "2U 2-socket Intel, 64 cores, 12 NVMe disks, 6 ports, 2 supplies",
  seed: 64,
  frames: 24,
  product: "EX-C2640",
  processor: {
    model: "Intel(R) Xeon(R) Gold 6430",
    vendor: "GenuineIntel",
    sockets: 2,
    coresPerSocket: 32,
    threadsPerCore: 2,
  },
  dimms: { count: 16, gibibytes: 32 },
  disks: [
    bootNvme,
    ...Array.from({ length: 11 }, (_, index) =>
      nvme(index + 1, {
        reads: { perSecond: 9_000 + index * 900, kibibytes: 16 },
        writes: { perSecond: 2_500 + index * 350, kibibytes: 32 },
      }),
    ),
  ],
  nics: [
    port("ens1f0np0", 25_000, 0.3, 0.22),
    port("ens1f1np1", 25_000, 0.28, 0.2),
    port("ens2f0np0", 25_000, 0.12, 0.3),
    port("ens2f1np1", 25_000, 0.1, 0.28),
    port("eno1", 1_000, 0.004, 0.002),
    port("eno2", null, 0, 0),
  ],
  load: { mean: 0.52, swing: 0.35 },
  watts: { idle: 310, full: 980 },
  sensors: {
    rapl: { packageWatts: 270, dramWatts: 48 },
    coretemp: { perSocket: 8 },
    supplies: 2,
    powerMeter: true,
    fans: { count: 6, faulty: null },
    bmc: false,
  },
  filesystems: [
    { mountpoint: "/", type: "ext4", device: "/dev/nvme0n1p2", gigabytes: 470, used: 0.31 },
    { mountpoint: "/boot/efi", type: "vfat", device: "/dev/nvme0n1p1", gigabytes: 1.1, used: 0.02 },
    { mountpoint: "/srv/data", type: "xfs", device: "/dev/nvme1n1", gigabytes: 3_836, used: 0.62 },
  ],
  lacks: "/sys/class/ipmi, for no driver of its BMC is loaded",
};

/** One socket without hyper-threads, four NVMe disks; its BMC tells power, fans and supplies. */
const webServer: ServerShape = {
  name: "example-w1-32c-4nvme",
  machineClass: "1U 1-socket AMD, 32 cores, 4 NVMe disks, 2 supplies read by the BMC",
  seed: 32,
  frames: 24,
  product: "EX-W1320",
  processor: {
    model: "AMD EPYC 9354P 32-Core Processor",
    vendor: "AuthenticAMD",
    sockets: 1,
    coresPerSocket: 32,
    threadsPerCore: 1,
  },
  dimms: { count: 12, gibibytes: 16 },
  disks: [
    bootNvme,
    ...Array.from({ length: 3 }, (_, index) =>
      nvme(index + 1, {
        reads: { perSecond: 1_800 + index * 600, kibibytes: 8 },
        writes: { perSecond: 700 + index * 150, kibibytes: 16 },
      }),
    ),
  ],
  nics: [port("ens1f0np0", 25_000, 0.08, 0.31), port("ens1f1np1", 25_000, 0.07, 0.29)],
  load: { mean: 0.38, swing: 0.3 },
  watts: { idle: 145, full: 460 },
  sensors: {
    rapl: null,
    coretemp: { perSocket: 5 },
    supplies: 2,
    powerMeter: false,
    fans: { count: 6, faulty: null },
    bmc: true,
  },
  filesystems: [
    { mountpoint: "/", type: "ext4", device: "/dev/nvme0n1p2", gigabytes: 470, used: 0.44 },
    { mountpoint: "/srv", type: "xfs", device: "/dev/nvme1n1", gigabytes: 3_836, used: 0.35 },
  ],
  lacks: "/sys/class/powercap, for the module of its energy counters is not loaded",
};

/** Many slow disks behind one processor; nothing measures its power but RAPL, and one fan is out. */
const storageServer: ServerShape = {
  name: "example-s1-2nvme-24hdd",
  machineClass: "2U 1-socket Intel, 16 cores, 2 NVMe and 24 SATA disks, no accelerator",
  seed: 26,
  frames: 24,
  product: "EX-S1260",
  processor: {
    model: "Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz",
    vendor: "GenuineIntel",
    sockets: 1,
    coresPerSocket: 16,
    threadsPerCore: 2,
  },
  dimms: { count: 8, gibibytes: 32 },
  disks: [
    bootNvme,
    nvme(1, {
      reads: { perSecond: 900, kibibytes: 4 },
      writes: { perSecond: 2_200, kibibytes: 32 },
    }),
    ...Array.from(
      { length: 24 },
      (_, index): DiskShape => ({
        name: `sd${String.fromCharCode(97 + index)}`,
        kind: "sata-hdd",
        model: "EXAMPLE HD18T",
        gigabytes: 18_000.207,
        firmware: "EX04",
        reads: { perSecond: 60 + (index % 6) * 8, kibibytes: 256 },
        writes: { perSecond: 20 + (index % 4) * 6, kibibytes: 512 },
        partitions: [],
      }),
    ),
  ],
  nics: [
    port("ens1f0np0", 25_000, 0.2, 0.26),
    port("ens1f1np1", 25_000, 0.18, 0.24),
    port("eno1", 1_000, 0.003, 0.002),
  ],
  load: { mean: 0.27, swing: 0.2 },
  watts: { idle: 290, full: 520 },
  sensors: {
    rapl: { packageWatts: 135, dramWatts: 24 },
    coretemp: { perSocket: 5 },
    supplies: 0,
    powerMeter: false,
    fans: { count: 4, faulty: 3 },
    bmc: false,
  },
  filesystems: [
    { mountpoint: "/", type: "ext4", device: "/dev/nvme0n1p2", gigabytes: 470, used: 0.22 },
    { mountpoint: "/var/cache", type: "xfs", device: "/dev/nvme1n1", gigabytes: 3_836, used: 0.81 },
    ...Array.from({ length: 24 }, (_, index) => ({
      mountpoint: `/srv/data/${index}`,
      type: "xfs",
      device: `/dev/sd${String.fromCharCode(97 + index)}`,
      gigabytes: 17_990,
      used: 0.55 + (index % 7) * 0.05,
    })),
  ],
  lacks: "meters and supplies on hwmon, and a driver of its BMC",
};

export const syntheticServers: readonly ServerShape[] = [computeServer, webServer, storageServer];
