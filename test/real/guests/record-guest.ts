import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchDebianKernel } from "./debian-kernel.ts";
import { type GuestHardware, runGuest } from "./guest.ts";
import { numaStorageServer, powerServer, powerServerSensors } from "./guest-hardware.ts";
import { buildInitramfs } from "./guest-initramfs.ts";
import { type IpmiSimulator, startIpmiSimulator } from "./ipmi-simulator.ts";
import { recordingInit } from "./recording-init.ts";
import { startRisingLoad } from "./rising-load.ts";

export type GuestName = "numa-storage" | "power";

/** A minute on an idle machine of two cores; several where others work beside it. */
const guestMsMax = 400_000;

/** What boots, the same for every guest. */
export interface GuestSystem {
  readonly kernel: string;
  readonly initramfs: string;
}

/** Debian's kernel, kept between runs, and an initramfs with the agent of this checkout. */
export function buildGuestSystem(folder: string): GuestSystem {
  const cache = join(tmpdir(), "wws-guest-kernels");
  mkdirSync(cache, { recursive: true });
  const kernel = fetchDebianKernel(cache);
  const initramfs = join(folder, "initramfs");
  buildInitramfs(kernel, recordingInit, initramfs);
  return { kernel: kernel.image, initramfs };
}

/** The BMC's sensors are swept once a minute: so many frames hold three of them. */
const framesDefault: Readonly<Record<GuestName, number>> = { "numa-storage": 8, power: 130 };

/**
 * Boots the guest, lets it record `frames` seconds of itself, and unpacks the fixture into `into`.
 * Answers the fixture's folder. The guest with a BMC draws more and more while it runs.
 */
export async function recordGuest(
  guest: GuestName,
  into: string,
  system: GuestSystem,
  frames: number = framesDefault[guest],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `wws-guest-${guest}-`));
  const bmc = guest === "power" ? await startBmc(folder) : null;
  try {
    const hardware: GuestHardware =
      bmc === null ? numaStorageServer : powerServer(bmc.simulator.guestArgs);
    const output = await runGuest({
      hardware,
      folder,
      ...system,
      words: [`wws.fixture=${hardware.name}`, `wws.frames=${frames}`],
      timeoutMs: guestMsMax,
    });
    mkdirSync(into, { recursive: true });
    execFileSync("tar", ["xf", output.archive, "--no-same-owner", "-C", into]);
    const fixture = join(into, hardware.name);
    noteWhatIsKnown(join(fixture, "fixture.json"), guest);
    return fixture;
  } finally {
    bmc?.stopLoad();
    await bmc?.simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startBmc(
  folder: string,
): Promise<{ readonly simulator: IpmiSimulator; readonly stopLoad: () => void }> {
  const simulator = await startIpmiSimulator(folder, "lab1", powerServerSensors);
  return { simulator, stopLoad: startRisingLoad(simulator) };
}

/** What the guest cannot know of itself. The frames stay as they were recorded. */
function noteWhatIsKnown(file: string, guest: GuestName): void {
  const facts = JSON.parse(readFileSync(file, "utf8")) as {
    machine: { class: string | null; bmc: { kind: string; version: string } | null };
    state: { load: string | null };
    unknown: Record<string, string>;
  };
  facts.machine.class = notes[guest].machineClass;
  facts.machine.bmc = notes[guest].bmc;
  facts.state.load = notes[guest].load;
  for (const name of ["machine.class", "machine.bmc", "state.load"]) delete facts.unknown[name];
  if (facts.machine.bmc === null) facts.unknown["machine.bmc"] = "the guest was given none";
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
}

const notes = {
  "numa-storage": {
    machineClass: "QEMU guest: 2 sockets, 2 NUMA nodes, 2 NVMe and 2 SATA disks",
    bmc: null,
    load: "2 MiB/s written to nvme0n1, 0.5 MiB/s read from sda, one ping a second",
  },
  power: {
    machineClass: "QEMU guest: 1 socket, 1 NVMe disk, a BMC in-band",
    bmc: { kind: "ipmi_sim (OpenIPMI)", version: "2.3d" },
    load: "2 MiB/s written to nvme0n1, one ping a second; the BMC's power rises by 4 W every 2 s",
  },
} as const;

// By hand: node test/real/guests/record-guest.ts power hardware-fixtures/hosts
if (import.meta.main) {
  const [guest, into, frames] = process.argv.slice(2);
  if ((guest !== "power" && guest !== "numa-storage") || into === undefined) {
    process.stderr.write(
      "usage: node test/real/guests/record-guest.ts power|numa-storage DIR [FRAMES]\n",
    );
    process.exit(2);
  }
  const folder = mkdtempSync(join(tmpdir(), "wws-guest-system-"));
  try {
    const asked = frames === undefined ? undefined : Number(frames);
    const fixture = await recordGuest(guest, into, buildGuestSystem(folder), asked);
    process.stdout.write(`${fixture}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
