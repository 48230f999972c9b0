import type { HardwareSource, ToolProblem } from "#agent/hardware/hardware-source.ts";
import { linksTo } from "./device-link.ts";
import { saysStandby } from "./smart-facts.ts";
import { trimSysfs } from "./text.ts";

/**
 * What a tool that reads every disk would do to those that spin: `asleep` – it would wake this one;
 * `untold` – nobody can say whether it would; `awake` – it would wake none. `idle`: one of them that had
 * nothing to do, so that reading it keeps it from falling asleep.
 */
export type DisksRest =
  | { readonly kind: "awake"; readonly idle: string | null }
  | { readonly kind: "asleep"; readonly disk: string }
  | { readonly kind: "untold"; readonly problem: ToolProblem };

/** The disks of /sys/block with platters, and whether they turn. */
export class SpinningDisks {
  readonly #source: HardwareSource;
  readonly #noted = new Map<string, string>();

  constructor(source: HardwareSource) {
    this.#source = source;
  }

  /** Notes how much each disk has read and written: one that goes on until asked is awake. */
  note(): void {
    this.#noted.clear();
    for (const disk of this.#list()) {
      const done = this.#done(disk);
      if (done !== null) this.#noted.set(disk, done);
    }
  }

  /**
   * Asks of each disk whether it sleeps, until one does. What has worked since `note` is not asked;
   * of what was idle the kernel is asked first, then smartctl with `-n standby`, which wakes none.
   */
  async ask(): Promise<DisksRest> {
    let idle: string | null = null;
    for (const disk of this.#list()) {
      const before = this.#noted.get(disk);
      if (before !== undefined && this.#done(disk) !== before) continue;
      idle = disk;
      if (this.#isSuspended(disk)) return { kind: "asleep", disk };
      const args = ["-i", "-n", "standby", `/dev/${disk}`];
      const answer = await this.#source.runTool({ tool: "smartctl", args, timeoutMs });
      if (!answer.ok) {
        const { kind } = answer.problem;
        if (kind === "missing" || kind === "denied")
          return { kind: "untold", problem: answer.problem };
        // A drive that sleeps says so at once: one that hangs is dying, and its mirror is to be told of.
        continue;
      }
      // Volumes of RAID controllers have no such mode: smartctl fails, and its words say nothing of sleep.
      if (answer.value.stdout.split("\n", linesMax).some(isAsleepLine))
        return { kind: "asleep", disk };
    }
    this.#noted.clear();
    return { kind: "awake", idle };
  }

  #list(): readonly string[] {
    const listed = this.#source.listDirectory("/sys/block");
    const names = listed.ok ? listed.value : [];
    return names.slice(0, disksMax).filter((name) => canSleep.test(name) && this.#spins(name));
  }

  #spins(name: string): boolean {
    const read = this.#source.readText(`/sys/block/${name}/queue/rotational`);
    return read.ok && trimSysfs(read.value) === "1" && linksTo(this.#source, deviceOf(name));
  }

  /** null: the kernel does not count, so nothing can be said of it. */
  #done(name: string): string | null {
    const read = this.#source.readText(`/sys/block/${name}/stat`);
    if (!read.ok) return null;
    // Operations and sectors of reads and of writes; times move by themselves while one hangs.
    const [reads, , readSectors, , writes, , writtenSectors] = read.value.trim().split(/\s+/, 8);
    return [reads, readSectors, writes, writtenSectors].join(" ");
  }

  #isSuspended(name: string): boolean {
    const read = this.#source.readText(`${deviceOf(name)}/power/runtime_status`);
    return read.ok && trimSysfs(read.value) === "suspended";
  }
}

/** `Device is in STANDBY mode, exit(2)`, and by some versions with the mode's name behind it. */
function isAsleepLine(line: string): boolean {
  return /^Device is in /.test(line) && saysStandby(line.slice(0, 200));
}

/** Virtual disks call themselves rotating, too, where nobody told them otherwise. */
const canSleep = /^(?:sd|hd)[a-z]+$/;
const deviceOf = (name: string): string => `/sys/block/${name}/device`;
const timeoutMs = 20_000;
const disksMax = 4_096;
const linesMax = 64;
