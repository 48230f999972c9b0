import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * /proc and /sys of a server with 64 cores, 12 NVMe disks, 6 network interfaces, 16 temperatures,
 * 2 fans, 2 power supplies and 2 RAPL packages, as regular files: what reading and parsing cost,
 * not what the kernel spends on rendering. The same for us and for what we are compared with.
 */
export function writeFakeHost(directory: string): void {
  const files = new Map(fakeHostFiles());
  // This machine's own: as long as a real one.
  files.set("proc/meminfo", readFileSync("/proc/meminfo", "utf8"));
  for (const [path, text] of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** All files but proc/meminfo. */
export function fakeHostFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ["proc/stat", statText()],
    ["proc/diskstats", count(12, diskLine)],
    ["proc/loadavg", "12.34 11.22 10.01 13/2345 987654\n"],
    ["proc/net/dev", networkText()],
    ["proc/self/mounts", "/dev/root / ext4 rw 0 0\n"],
    ["proc/1/mounts", "/dev/root / ext4 rw 0 0\n"],
    ["sys/class/hwmon/hwmon0/name", "coretemp\n"],
    ["sys/class/hwmon/hwmon1/name", "psu\n"],
  ]);
  for (let number = 1; number <= 16; number += 1) {
    files.set(`sys/class/hwmon/hwmon0/temp${number}_input`, `${41_000 + number * 500}\n`);
    files.set(`sys/class/hwmon/hwmon0/temp${number}_label`, `Core ${number}\n`);
  }
  for (const number of [1, 2]) {
    files.set(`sys/class/hwmon/hwmon1/power${number}_input`, "345000000\n");
    files.set(`sys/class/hwmon/hwmon1/fan${number}_input`, "8600\n");
    const package_ = `sys/class/powercap/intel-rapl:${number - 1}`;
    files.set(`${package_}/energy_uj`, "123456789012\n");
    files.set(`${package_}/name`, `package-${number - 1}\n`);
    files.set(`${package_}/max_energy_range_uj`, "262143328850\n");
  }
  return files;
}

function statText(): string {
  const interrupts = Array.from({ length: 1_200 }, (_, index) =>
    index % 7 === 0 ? 12_345 + index : 0,
  );
  return [
    "cpu  81234567 1234 23456789 987654321 123456 0 654321 0 0 0\n",
    count(
      64,
      (core) =>
        `cpu${core} ${1_269_290 + core} 19 ${366_512 + core} 15432098 1929 0 ${10_223 + core} 0 0 0\n`,
    ),
    `intr 9876543210 ${interrupts.join(" ")}\n`,
    "ctxt 123456789012\nbtime 1790000000\nprocesses 98765432\nprocs_running 12\nprocs_blocked 0\n",
    "softirq 987654321 1 2 3 4 5 6 7 8 9 10\n",
  ].join("");
}

function diskLine(disk: number): string {
  const reads = "123456789 1234 9876543210";
  const writes = "234567890 2345 8765432109 2345678";
  const rest = "3 3456789 4567890 12 0 123456 12 345 67";
  return ` 259 ${disk} nvme${disk}n1 ${reads} ${1_234_567 + disk} ${writes} ${rest}\n`;
}

function networkText(): string {
  const head = [
    "Inter-|   Receive                                                |  Transmit\n",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n",
  ];
  const received = "123456789012 987654321 0 12 0 0 0 3456";
  const sent = "234567890123 876543210 0 0 0 0 0 0";
  const lines = ["lo", "eno1", "eno2", "ens1f0", "ens1f1", "bond0"].map(
    (name) => `${name.padStart(6)}: ${received} ${sent}\n`,
  );
  return [...head, ...lines].join("");
}

function count(times: number, line: (number: number) => string): string {
  return Array.from({ length: times }, (_, number) => line(number)).join("");
}
