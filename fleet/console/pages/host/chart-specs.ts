import type { SeriesName } from "../../chart/chart-data.ts";

/** One chart of a host's page: what is asked, and how its series are named. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly metric: string;
  /** Attribute to split by; null: one host-wide series. */
  readonly by: string | null;
  readonly nameOf: SeriesName;
  /** Of what is read rarely and moves slowly a second by second picture would be mostly empty. */
  readonly stepMsMin?: number;
}

/** All charts, in reading order. */
export const chartSpecs: readonly ChartSpec[] = [
  {
    id: "cpu",
    title: "CPU",
    metric: "system.cpu.utilization",
    by: null,
    nameOf: () => "CPU",
  },
  {
    id: "cpu-mode",
    title: "CPU by mode",
    metric: "system.cpu.utilization",
    by: "cpu.mode",
    // Time that nobody used would cover everything else.
    nameOf: ({ "cpu.mode": mode }) => (mode === "idle" ? undefined : mode),
  },
  {
    id: "memory",
    title: "Memory",
    metric: "system.memory.utilization",
    by: null,
    nameOf: () => "memory",
  },
  {
    id: "disk",
    title: "Disks",
    metric: "system.disk.io",
    by: "disk.io.direction",
    nameOf: ({ "disk.io.direction": direction }) => direction,
  },
  {
    id: "network",
    title: "Network",
    metric: "system.network.io",
    by: "network.io.direction",
    nameOf: ({ "network.io.direction": direction }) => direction,
  },
  {
    id: "power",
    title: "Power",
    metric: "hw.host.power",
    by: null,
    nameOf: () => "power",
  },
  {
    id: "temperature",
    title: "Temperature, hottest part",
    metric: "hw.temperature",
    by: null,
    nameOf: () => "hottest",
  },
  {
    id: "filesystem",
    title: "Filesystems",
    metric: "system.filesystem.utilization",
    by: "system.filesystem.mountpoint",
    nameOf: ({ "system.filesystem.mountpoint": mountpoint }) => mountpoint,
    stepMsMin: 30_000,
  },
];
