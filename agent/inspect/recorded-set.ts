import { smartctlArguments, smartTimeoutMs } from "#agent/collectors/smart-ask.ts";
import { findDriveWays } from "#agent/collectors/smart-ways.ts";
import type { HardwareSource, ToolRequest } from "#agent/hardware/hardware-source.ts";
import { systemInformationCalls } from "#agent/hardware/hardware-source.ts";
import type { RecordingSource } from "#agent/hardware/recording.ts";

/**
 * Asks for what no collector reads yet but later ones will: a machine is on the bench for a day, its
 * recording stays. Each answer goes into the recording that wraps the source; nothing is returned.
 */
export async function askRecordedSet(source: RecordingSource): Promise<void> {
  for (const pattern of filePatterns)
    for (const path of expand(source, pattern)) source.readText(path);
  for (const pattern of linkPatterns)
    for (const path of expand(source, pattern)) source.readLink(path);
  for (const [tool, ...args] of toolCalls) await source.runTool({ tool, args, timeoutMs: 60_000 });
  await askEveryDrive(source);
  for (const call of systemInformationCalls)
    if (!addressCalls.has(call) && !source.hasAsked(call)) await source.askSystemInformation(call);
}

/** Collectors ask each drive once in ten minutes, and a recording is shorter than that. */
async function askEveryDrive(source: HardwareSource): Promise<void> {
  const { ways } = await findDriveWays(source);
  for (const way of ways)
    await source.runTool(
      way.tool === "nvme"
        ? { tool: "nvme", args: ["smart-log", way.device, "-o", "json"], timeoutMs: smartTimeoutMs }
        : { tool: "smartctl", args: smartctlArguments(way), timeoutMs: smartTimeoutMs },
    );
}

/** Paths that fit a pattern: `*` is any part of one name, `[0-9]` a digit. Asks for each folder once. */
export function expand(source: HardwareSource, pattern: string): readonly string[] {
  const [, ...names] = pattern.split("/");
  let paths: readonly string[] = [""];
  for (const name of names) {
    if (!name.includes("*")) {
      paths = paths.map((path) => `${path}/${name}`);
      continue;
    }
    const form = new RegExp(`^${name.replace(/[.+?^${}()|\\]/g, "\\$&").replaceAll("*", ".*")}$`);
    paths = paths.flatMap((path) => {
      const listed = source.listDirectory(path);
      return listed.ok
        ? listed.value.filter((entry) => form.test(entry)).map((entry) => `${path}/${entry}`)
        : [];
    });
  }
  return paths;
}

const filePatterns: readonly string[] = [
  "/proc/uptime",
  "/proc/cpuinfo",
  "/proc/pressure/*",
  "/proc/mdstat",
  "/proc/partitions",
  "/sys/devices/system/cpu/possible",
  "/sys/devices/system/cpu/present",
  "/sys/devices/system/cpu/offline",
  "/sys/devices/system/cpu/cpu[0-9]*/topology/core_id",
  "/sys/devices/system/cpu/cpu[0-9]*/topology/die_id",
  "/sys/devices/system/cpu/cpu[0-9]*/topology/core_cpus_list",
  "/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_cur_freq",
  "/sys/devices/system/cpu/cpu[0-9]*/cpufreq/cpuinfo_max_freq",
  "/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor",
  "/sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_count",
  "/sys/devices/system/edac/mc/mc*/*_count",
  "/sys/devices/system/edac/mc/mc*/dimm*/dimm_*",
  "/sys/devices/system/edac/mc/mc*/rank*/dimm_*",
  "/sys/devices/system/edac/mc/mc*/csrow*/ch*_*",
  "/sys/bus/pci/devices/*/aer_dev_*",
  "/sys/devices/system/node/node*/cpulist",
  "/sys/devices/system/node/node*/meminfo",
  "/sys/devices/system/node/node*/distance",
  "/sys/block/*/removable",
  "/sys/block/*/ro",
  "/sys/block/*/queue/logical_block_size",
  "/sys/block/*/device/state",
  "/sys/class/nvme/nvme*/model",
  "/sys/class/nvme/nvme*/firmware_rev",
  "/sys/class/nvme/nvme*/state",
  "/sys/class/nvme/nvme*/transport",
  "/sys/class/powercap/intel-rapl*/enabled",
  "/sys/class/powercap/intel-rapl*/constraint_*",
  "/sys/class/hwmon/hwmon*/*_crit",
  "/sys/class/hwmon/hwmon*/*_max",
  "/sys/class/hwmon/hwmon*/*_min",
  "/sys/class/hwmon/hwmon*/*_alarm",
  "/sys/class/thermal/thermal_zone*/type",
  "/sys/class/thermal/thermal_zone*/temp",
  "/sys/class/net/*/operstate",
  "/sys/class/net/*/carrier",
  "/sys/class/net/*/mtu",
  "/sys/class/dmi/id/*_version",
  "/sys/class/dmi/id/*_type",
  "/sys/class/dmi/id/product_sku",
  "/sys/class/dmi/id/product_family",
  "/sys/class/ipmi/ipmi*/device/bmc/firmware_revision",
];

const linkPatterns: readonly string[] = [
  "/sys/class/hwmon/hwmon*",
  "/sys/block/*",
  "/sys/class/net/*",
];

/** Their answers are addresses and little else; identity reads the ports from /sys. */
const addressCalls: ReadonlySet<string> = new Set(["networkInterfaces"]);

type ToolCall = readonly [ToolRequest["tool"], ...(readonly string[])];

/** Mount points and labels of file systems are left out of lsblk: they name customers. */
const lsblkColumns =
  "NAME,KNAME,TYPE,SIZE,ROTA,RO,RM,HOTPLUG,MODEL,VENDOR,REV,SERIAL,WWN,TRAN,SCHED,LOG-SEC,PHY-SEC,MIN-IO,OPT-IO,STATE,MAJ:MIN";

const toolCalls: readonly ToolCall[] = [
  ["lsblk", "--version"],
  ["lsblk", "-J", "-b", "-o", lsblkColumns],
  ["lscpu", "--version"],
  ["lscpu", "-J"],
  ["dmidecode", "--version"],
  ["dmidecode"],
  ["smartctl", "--version"],
  ["smartctl", "--scan-open", "--json"],
  ["nvme", "version"],
  ["nvme", "list", "-o", "json"],
  ["ipmitool", "-V"],
  ["ipmitool", "mc", "info"],
  ["ipmitool", "sdr", "elist", "all"],
  ["ipmitool", "fru", "print"],
  ["ipmitool", "chassis", "status"],
  ["ipmitool", "sel", "info"],
];
