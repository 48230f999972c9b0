import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A virtual server, described by the hardware it has. */
export interface GuestHardware {
  readonly name: string;
  /** QEMU arguments for processors, memory, disks, network and firmware tables. */
  readonly args: (folder: string) => readonly string[];
  readonly memoryMiB: number;
}

export interface GuestRun {
  readonly hardware: GuestHardware;
  /** Where disks, the console's log and the output lie. */
  readonly folder: string;
  readonly kernel: string;
  readonly initramfs: string;
  /** Words for the kernel's command line, where its init finds them. */
  readonly words: readonly string[];
  readonly timeoutMs: number;
}

/** What the guest wrote to its output port, as a tar archive; it powers itself off when done. */
export interface GuestOutput {
  readonly archive: string;
  readonly console: string;
}

/** Where the guest writes its archive: a virtio port, which no collector takes for hardware. */
export const outputPort = "/dev/vport0p1";

/**
 * Boots the guest by software emulation (KVM opens and then hangs on such machines, so its presence
 * is never asked) and waits until it has powered itself off. Fails with the end of its console.
 */
export async function runGuest(run: GuestRun): Promise<GuestOutput> {
  const archive = join(run.folder, "output.tar");
  const consoleLog = join(run.folder, "console.log");
  writeFileSync(consoleLog, "");
  const args = [
    "-name",
    run.hardware.name,
    "-accel",
    "tcg,thread=multi",
    "-M",
    "q35",
    "-nodefaults",
    "-vga",
    "none",
    "-display",
    "none",
    "-no-reboot",
    "-m",
    `${run.hardware.memoryMiB}`,
    "-serial",
    `file:${consoleLog}`,
    "-kernel",
    run.kernel,
    "-initrd",
    run.initramfs,
    "-append",
    ["console=ttyS0 quiet panic=-1", ...run.words].join(" "),
    "-chardev",
    `file,id=output,path=${archive}`,
    "-device",
    "virtio-serial-pci",
    "-device",
    "virtserialport,chardev=output,name=output",
    ...run.hardware.args(run.folder),
  ];
  const guest = spawn("qemu-system-x86_64", args, {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = (): void => void guest.kill("SIGKILL");
  process.once("exit", kill);
  let complaint = "";
  guest.stderr.on("data", (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const code = await new Promise<number | string>((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      resolve("took too long");
    }, run.timeoutMs);
    guest.on("error", reject);
    guest.on("exit", (exit) => {
      clearTimeout(timer);
      resolve(exit ?? "killed");
    });
  });
  process.off("exit", kill);
  const text = readFileSync(consoleLog, "latin1");
  if (code !== 0 || !text.includes("GUEST DONE"))
    throw new Error(`guest ${run.hardware.name}: ${code}. ${complaint}\n${text.slice(-2000)}`);
  return { archive, console: text };
}
