import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isEnergyCounter, mayList, mayRead } from "./path-grammar.ts";
import { openRootFiles } from "./root-files.ts";

function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "wws-looker-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
  }
  return root;
}

const serial = "/sys/class/dmi/id/product_serial";
const denied = (path: string) => ({ ok: false, problem: { kind: "denied", path, errno: null } });

test("a file on the list is read, through the kernel's own links", () => {
  const root = machine({ "/sys/devices/virtual/dmi/id/product_serial": "S1\n" });
  mkdirSync(`${root}/sys/class/dmi`, { recursive: true });
  symlinkSync("../../devices/virtual/dmi/id", `${root}/sys/class/dmi/id`);
  expect(openRootFiles(root, null).read(serial)).toEqual({ ok: true, value: "S1\n" });
});

test("a link that leads out of the list gives nothing, absolute or not, file or folder", () => {
  const root = machine({ "/etc/shadow": "root:x", "/sys/class/dmi/id/other": "" });
  symlinkSync("../../../../etc/shadow", root + serial);
  symlinkSync("/etc/hostname", `${root}/sys/class/dmi/id/board_serial`);
  mkdirSync(`${root}/sys/fs`, { recursive: true });
  symlinkSync("../../etc", `${root}/sys/fs/pstore`);
  const files = openRootFiles(root, null);
  expect(files.read(serial)).toEqual(denied(serial));
  expect(files.read("/sys/class/dmi/id/board_serial")).toEqual(
    denied("/sys/class/dmi/id/board_serial"),
  );
  expect(files.read("/sys/fs/pstore/shadow")).toEqual(denied("/sys/fs/pstore/shadow"));
  expect(files.list("/sys/fs/pstore")).toEqual(denied("/sys/fs/pstore"));
});

test("what is no plain file is not waited for", () => {
  const root = machine({ "/sys/class/dmi/id/other": "" });
  execFileSync("mkfifo", [root + serial]);
  mkdirSync(`${root}/sys/class/dmi/id/board_serial`);
  const files = openRootFiles(root, null);
  expect(files.read(serial)).toEqual(denied(serial));
  expect(files.read("/sys/class/dmi/id/board_serial")).toMatchObject({ ok: false });
});

test("what is missing is missing, and too large is too large", () => {
  const record = "/sys/fs/pstore/dmesg-efi-1";
  const root = machine({ [record]: "x".repeat(1024 * 1024 + 1) });
  const files = openRootFiles(root, null);
  expect(files.read(serial)).toMatchObject({ ok: false, problem: { kind: "missing" } });
  expect(files.read(record)).toMatchObject({ ok: false, problem: { kind: "too-large" } });
  expect(files.list("/sys/fs/pstore")).toEqual({ ok: true, value: ["dmesg-efi-1"] });
});

test("an energy counter becomes readable for one group, and for nobody where there is none", () => {
  const path = "/sys/devices/virtual/powercap/intel-rapl/intel-rapl:0/energy_uj";
  const root = machine({ [path]: "1\n" });
  const group = process.getgid?.() ?? 0;
  expect(openRootFiles(root, null).openEnergy(path)).toEqual(denied(path));
  expect(openRootFiles(root, group).openEnergy(path)).toEqual({ ok: true, value: null });
  const { mode, gid } = statSync(root + path);
  expect([mode & 0o777, gid]).toEqual([0o440, group]);
});

test.each([
  "/sys/class/dmi/id/product_uuid",
  "/sys/fs/pstore/dmesg-ramoops-0",
  "/var/lib/systemd/pstore/1795433028/dmesg.txt",
  "/var/lib/systemd/pstore/1795433028/001/dmesg-efi-179543302800001",
  "/sys/devices/system/cpu/cpu3/cpufreq/cpuinfo_cur_freq",
  "/sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count",
])("%s may be read", (path) => {
  expect(mayRead(path)).toBe(true);
});

test.each([
  "/etc/shadow",
  "/var/lib/systemd/random-seed",
  "/var/lib/systemd/pstore/../random-seed",
  "/proc/1/environ",
  "/proc/self/environ",
  "/proc/kcore",
  "/dev/mem",
  "/sys/class/iscsi_session/session1/password",
  "/sys/class/nvme/nvme0/dhchap_secret",
  "/sys/bus/pci/devices/0000:00:1f.0/resource0",
  "/sys/kernel/debug/x",
  "/sys/class/dmi/id/../../../etc/shadow",
  "/sys/fs/pstore/../../../etc/shadow",
  "/sys/class/dmi/id/product_serial\n",
  "/sys/devices/system/machinecheck/machinecheck0/../../../../../etc/shadow",
])("%s may not", (path) => {
  expect([mayRead(path), mayList(path), isEnergyCounter(path)]).toEqual([false, false, false]);
});

test("only energy counters of RAPL are opened to the group", () => {
  expect(isEnergyCounter("/sys/class/powercap/intel-rapl:0:1/energy_uj")).toBe(true);
  expect(isEnergyCounter("/sys/class/powercap/intel-rapl/intel-rapl:0/energy_uj")).toBe(true);
  expect(isEnergyCounter("/sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw")).toBe(
    false,
  );
  expect(isEnergyCounter("/sys/class/powercap/dtpm/energy_uj")).toBe(false);
});
