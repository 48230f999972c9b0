import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import { absent, absentByTool } from "./absences.ts";
import { type LvmVolume, lvsArguments, parseLvs } from "./lvm.ts";
import { SpinningDisks } from "./spinning-disks.ts";

/** What is known of mirrored logical volumes after a look. */
export interface MirrorLook {
  /** null: nobody could say, and `absences` says why. */
  readonly volumes: readonly LvmVolume[] | null;
  readonly absences: readonly Absence[];
  /** Whether there is anything new in it; if not, the answer before holds. */
  readonly isNew: boolean;
}

/** lvs, where its volumes are in use. */
export const mirrorsMs = 300_000;
/** lvs, where it would keep a disk from falling asleep: longer than disks are set to wait. */
export const mirrorsIdleMs = 3_600_000;

/**
 * When lvs may be asked. It reads the labels of all disks, members or not: while one of them sleeps
 * it is not asked, and where one has nothing to do it is asked seldom. While no mirror has read or
 * written since its last answer that answer is told again, for only what is used is found broken.
 */
export class MirrorWatch {
  readonly #source: HardwareSource;
  readonly #what: string;
  readonly #disks: SpinningDisks;
  #dueMs = Number.NEGATIVE_INFINITY;
  #known: { readonly volumes: readonly LvmVolume[]; readonly traffic: string } | null = null;
  /** A disk that reading kept awake, and until when it is left alone. */
  #spared: { readonly disk: string; readonly untilMs: number } | null = null;

  /** `what` names the metric that is missing where lvs is not asked. */
  constructor(source: HardwareSource, what: string) {
    this.#source = source;
    this.#what = what;
    this.#disks = new SpinningDisks(source);
  }

  /** `legs`: the dm devices that mirrors are made of; `lookMs`: when the next look will be. null: not due. */
  async look(atMs: number, lookMs: number, legs: readonly string[]): Promise<MirrorLook | null> {
    if (atMs < this.#dueMs) {
      if (atMs + lookMs >= this.#dueMs) this.#disks.note();
      return null;
    }
    this.#dueMs = atMs + mirrorsMs;
    const traffic = this.#trafficOf(legs);
    if (this.#known !== null && this.#known.traffic === traffic)
      return { volumes: this.#known.volumes, absences: [], isNew: false };
    this.#known = null;
    const spared = this.#spared;
    if (spared !== null && atMs < spared.untilMs)
      return this.#untold("not-yet-collected", `${spared.disk} is idle, and may fall asleep`);
    this.#spared = null;
    const rest = await this.#disks.ask();
    if (rest.kind === "asleep")
      return this.#untold("switched-off", `${rest.disk} is in standby, and is not woken`);
    if (rest.kind === "untold") return told(absentByTool(this.#what, rest.problem, smartPackage));
    if (rest.idle !== null) this.#spared = { disk: rest.idle, untilMs: atMs + mirrorsIdleMs };
    return this.#ask(traffic);
  }

  #untold(reason: AbsenceReason, why: string): MirrorLook {
    const detail = `lvs reads all disks, and was not asked: ${why}`;
    return told(absent({ what: this.#what, reason, detail }));
  }

  async #ask(traffic: string | null): Promise<MirrorLook> {
    const request = { tool: "lvs", args: lvsArguments, timeoutMs } as const;
    const answer = await this.#source.runTool(request);
    if (!answer.ok) return told(absentByTool(this.#what, answer.problem, "lvm2"));
    const read = parseLvs(answer.value.stdout);
    if (!read.ok) {
      const detail = `lvs: ${read.problem}`;
      return told(absent({ what: this.#what, reason: "unreadable-text", detail }));
    }
    if (traffic !== null) this.#known = { volumes: read.value, traffic };
    return { volumes: read.value, absences: [], isNew: true };
  }

  /**
   * What the legs have read and written, and which disks there are. lvs reads beside the legs, so it
   * does not count itself. null: the kernel does not say.
   */
  #trafficOf(legs: readonly string[]): string | null {
    const listed = this.#source.listDirectory("/sys/block");
    if (!listed.ok) return null;
    const parts = [...listed.value];
    for (const leg of legs) {
      const read = this.#source.readText(`/sys/block/${leg}/stat`);
      if (!read.ok) return null;
      parts.push(read.value.trim());
    }
    return parts.join("\n");
  }
}

const told = (absence: Absence): MirrorLook => ({
  volumes: null,
  absences: [absence],
  isNew: true,
});
const timeoutMs = 20_000;
const smartPackage = "smartmontools";
