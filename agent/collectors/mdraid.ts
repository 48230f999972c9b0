import { trimSysfs } from "./text.ts";

/** One array of the kernel's own RAID. */
export interface MdArray {
  /** md0, md127, md_d0. */
  readonly name: string;
  readonly isActive: boolean;
  /**
   * Only holds the members of others (IMSM, DDF: `super external:imsm`): inactive by nature, and its
   * members look like spares.
   */
  readonly isContainer: boolean;
  /** raid1, raid6 …; null: it is not running, and the file does not say. */
  readonly level: string | null;
  /** Slots it has, and how many work; null: a level without redundancy. */
  readonly slots: number | null;
  readonly working: number | null;
  readonly members: readonly MdMember[];
  /** null: nothing runs. `done` null: it waits (DELAYED, PENDING). */
  readonly sync: { readonly kind: string; readonly done: number | null } | null;
}

export interface MdMember {
  readonly device: string;
  readonly state: "active" | "failed" | "spare" | "journal";
}

/**
 * Reads /proc/mdstat (Documentation/admin-guide/md.rst). Members carry flags behind their number:
 * (F) failed, (S) spare, (J) journal, (W) and (R) still count as members.
 */
export function parseMdstat(text: string): readonly MdArray[] {
  const arrays: Mutable[] = [];
  for (const line of text.split("\n", linesMax)) {
    const short = line.slice(0, lineCharactersMax);
    const head = /^(md\w{1,40}) : (\S+)(.*)$/.exec(short);
    if (head !== null) {
      if (arrays.length < arraysMax)
        arrays.push(readHead(head[1] ?? "", head[2] ?? "", head[3] ?? ""));
      continue;
    }
    const array = arrays.at(-1);
    if (array === undefined || !/^\s/.test(short)) continue;
    if (/\bsuper external:[a-z]/.test(short)) array.isContainer = true;
    const counts = /\[(\d{1,4})\/(\d{1,4})\]/.exec(short);
    if (counts !== null && array.slots === null) {
      array.slots = Number(counts[1]);
      array.working = Number(counts[2]);
    }
    const running =
      /\b(recovery|resync|reshape|check|repair)\s*=\s*(?:(\d{1,3}(?:\.\d{1,3})?)%|(\w+))/.exec(
        short,
      );
    if (running?.[1] !== undefined) {
      const percent = running[2] === undefined ? null : Number(running[2]);
      const done = percent === null || percent > 100 ? null : percent / 100;
      array.sync = { kind: running[1], done };
    }
  }
  return arrays;
}

export interface MdHealth {
  /** null: the level has no redundancy that could be lost. */
  readonly isDegraded: boolean | null;
  readonly active: number;
  readonly rebuilding: number;
  readonly failed: number;
  readonly spare: number;
  readonly missing: number;
}

/** A member that is being rebuilt is listed like one that works; only the counts tell. */
export function judgeMdArray(array: MdArray): MdHealth {
  const { isActive, isContainer, slots, working, members } = array;
  const count = (state: MdMember["state"]): number =>
    members.filter((member) => member.state === state).length;
  const [listed, failed, spare] = [count("active"), count("failed"), count("spare")];
  if (slots === null || working === null || working > slots)
    return {
      isDegraded: isActive || isContainer ? null : true,
      active: isActive ? listed : 0,
      rebuilding: 0,
      failed,
      spare,
      missing: 0,
    };
  const rebuilding = Math.max(0, Math.min(listed, slots) - working);
  const missing = Math.max(0, slots - working - rebuilding - failed);
  const isDegraded = !isActive || working < slots;
  return { isDegraded, active: working, rebuilding, failed, spare, missing };
}

type Mutable = { -readonly [Field in keyof MdArray]: MdArray[Field] };

function readHead(name: string, state: string, rest: string): Mutable {
  const words = trimSysfs(rest).split(/\s+/, membersMax);
  const level = words.find((word) =>
    /^(?:raid\d{1,2}|linear|multipath|faulty|container)$/.test(word),
  );
  return {
    name,
    isActive: state === "active",
    isContainer: false,
    level: level ?? null,
    slots: null,
    working: null,
    members: words.flatMap((word): MdMember[] => {
      const parts = /^([\w!/-]{1,64})\[\d{1,5}\]((?:\([A-Z]\)){0,4})$/.exec(word);
      if (parts?.[1] === undefined) return [];
      const flags = parts[2] ?? "";
      const memberState = flags.includes("(F)")
        ? "failed"
        : flags.includes("(S)")
          ? "spare"
          : flags.includes("(J)")
            ? "journal"
            : "active";
      return [{ device: parts[1], state: memberState }];
    }),
    sync: null,
  };
}

const linesMax = 10_000;
const lineCharactersMax = 16_384;
const arraysMax = 256;
const membersMax = 1_024;
