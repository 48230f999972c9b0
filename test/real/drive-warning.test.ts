import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchDebianKernel } from "./guests/debian-kernel.ts";
import { type GuestHardware, outputPort, runGuest } from "./guests/guest.ts";
import { numaStorageServer } from "./guests/guest-hardware.ts";
import { buildInitramfs } from "./guests/guest-initramfs.ts";
import { tellMachine } from "./guests/machine-protocol.ts";

/**
 * A drive that warns while the agent runs: QEMU's NVMe disk is told at run time to report a critical
 * warning, and the agent's reading of its health inside the guest must say so. The guest's SATA disks
 * are read by smartctl beside it.
 */
const guestMsMax = 400_000;
/** The device is degraded in reliability: bit 2 of the log's first byte. */
const warning = 4;

interface Witnessed {
  readonly values: Readonly<Record<string, number>>;
  readonly drives: readonly {
    readonly slot: string;
    readonly model: string | null;
    readonly serial: string | null;
  }[];
  readonly absences: readonly {
    readonly what: string;
    readonly reason: string;
    readonly detail: string;
  }[];
}

let folder = "";
let witnessed: readonly Witnessed[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wws-drive-warning-"));
  const cache = join(tmpdir(), "wws-guest-kernels");
  mkdirSync(cache, { recursive: true });
  const kernel = fetchDebianKernel(cache);
  const initramfs = join(folder, "initramfs");
  buildInitramfs(kernel, witnessInit, initramfs, {
    witness: join(import.meta.dirname, "guests/smart-witness.ts"),
  });
  const socket = join(folder, "qmp.sock");
  const consoleLog = join(folder, "console.log");
  const hardware: GuestHardware = {
    ...numaStorageServer,
    args: (path) => [
      ...numaStorageServer
        .args(path)
        .map((word) =>
          word.startsWith("nvme,") && word.includes("drive=nvme0") ? `${word},id=warns` : word,
        ),
      "-qmp",
      `unix:${socket},server=on,wait=off`,
    ],
  };
  const running = runGuest({
    hardware,
    folder,
    kernel: kernel.image,
    initramfs,
    words: [],
    timeoutMs: guestMsMax,
  });
  const injecting = warnOnceSeen(consoleLog, socket, running);
  const { console: text } = await running;
  await injecting;
  witnessed = witnessLines(text);
}, guestMsMax + 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tells QEMU as soon as the guest has shown the drive in good health. */
async function warnOnceSeen(
  consoleLog: string,
  socket: string,
  running: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  running.then(over, over);
  while (!isOver) {
    const text = existsSync(consoleLog) ? readFileSync(consoleLog, "latin1") : "";
    if (witnessLines(text).some(({ values }) => warningOf(values) === 0)) {
      await tellMachine(socket, "qom-set", {
        path: "/machine/peripheral/warns",
        property: "smart_critical_warning",
        value: warning,
      });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function witnessLines(text: string): readonly Witnessed[] {
  return [...text.matchAll(/^WITNESS (\{.*\})\r?$/gm)].map(
    ([, json]) => JSON.parse(json ?? "{}") as Witnessed,
  );
}

function warningOf(values: Witnessed["values"]): number | undefined {
  return Object.entries(values).find(
    ([name]) => name.startsWith("wws.disk.critical_warning") && name.endsWith("nvme0n1"),
  )?.[1];
}

test("the drive is in good health until QEMU is told otherwise, and then the agent's reading warns", () => {
  const warnings = witnessed
    .map(({ values }) => warningOf(values))
    .filter((value) => value !== undefined);
  expect(warnings[0]).toBe(0);
  expect(warnings.at(-1)).toBe(warning);
});

test("the other drives do not warn, and SATA disks are read by smartctl", () => {
  const last = witnessed.at(-1);
  const warningDrives = Object.entries(last?.values ?? {}).filter(
    ([name, value]) => name.startsWith("wws.disk.critical_warning") && value > 0,
  );
  expect(warningDrives).toHaveLength(1);
  expect(last?.values["wws.disk.smart.passed sda"]).toBe(1);
  expect(last?.values["wws.disk.smart.passed sdb"]).toBe(1);
  expect(last?.drives.map(({ serial }) => serial).sort()).toEqual([
    "WWSNVME0001",
    "WWSNVME0002",
    "WWSSATA0001",
    "WWSSATA0002",
  ]);
});

const witnessInit = `#!/bin/sh
export PATH=/bin:/usr/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
for module in virtio_pci virtio_console nvme ahci sd_mod sg; do modprobe $module; done
for try in $(seq 100); do [ -b /dev/nvme1n1 ] && [ -b /dev/sdb ] && break; sleep 0.1; done
node /agent-home/witness.mjs && echo seen > ${outputPort} && echo GUEST DONE
poweroff -f
`;
