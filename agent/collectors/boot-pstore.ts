import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { absent, absentByRead } from "./absences.ts";
import { trimSysfs } from "./text.ts";

/** What dying kernels wrote where a reset does not reach, newest first: `NAME: telling line`. */
export interface PstoreFindings {
  readonly records: readonly string[];
  readonly absences: readonly Absence[];
}

/**
 * Source: /sys/fs/pstore (kernel: Documentation/admin-guide/pstore-blk.rst, ramoops.rst), and
 * /var/lib/systemd/pstore, whereto systemd-pstore.service moves it early in each boot. Records of
 * crashes long before `bootedMs` are left out where their name has a time.
 */
export function readPstore(source: HardwareSource, bootedMs: UnixMs): PstoreFindings {
  const absences: Absence[] = [];
  const found: string[] = [];
  const live = source.listDirectory(pstoreFolder);
  if (!live.ok)
    absences.push(absentByRead(what, live.problem, "mount -t pstore pstore /sys/fs/pstore"));
  else found.push(...live.value.map((name) => `${pstoreFolder}/${name}`));
  found.push(...listArchive(source));
  if (live.ok && live.value.length === 0) {
    const backend = source.readText(backendPath);
    const name = backend.ok ? trimSysfs(backend.value) : "";
    if (name === "" || name === "(null)")
      absences.push(
        absent({
          what,
          reason: "no-kernel-interface",
          detail: `${backendPath}: no store keeps a dying kernel's words; modprobe efi_pstore, erst or ramoops`,
        }),
      );
  }
  const wanted = found.filter((path) => isRecord(path) && !isOld(path, bootedMs));
  wanted.sort((one, two) => timeOfRecord(two) - timeOfRecord(one) || (one < two ? -1 : 1));
  const records: string[] = [];
  for (const path of wanted.slice(0, recordsMax)) {
    const name = nameOf(path);
    const read = source.readText(path);
    if (read.ok) {
      const line = describePstoreRecord(name, read.value);
      if (line !== null) records.push(withTime(path, line));
    } else if (read.problem.kind === "too-large") records.push(`${name}: larger than 1 MiB`);
    else absences.push(absentByRead(what, read.problem, "the store may be worn out; see dmesg"));
  }
  return { records, absences };
}

/**
 * `NAME: line` of a record, the line that tells most of why the kernel died; null for one that tells
 * nothing of that (a console that ends in an orderly restart, user space's own messages).
 */
export function describePstoreRecord(name: string, text: string): string | null {
  const lines = messagesOf(text);
  for (const form of tellingForms) {
    const line = lines.find((candidate) => form.test(candidate));
    if (line !== undefined) return `${name}: ${line.slice(0, lineLengthMax)}`;
  }
  if (!/^(?:dmesg|mce|powerpc)/.test(name)) return null;
  if (/\.enc\.z$/.test(name)) return `${name}: compressed, and this kernel cannot open it`;
  const header = lines.find((line) => /^(?:panic|oops|emergency|restart|shutdown)#\d/i.test(line));
  const first = header ?? lines.at(-1) ?? "no text";
  return `${name}: ${first.slice(0, lineLengthMax)}`;
}

/** Lines without priority, time and colours; those that hold no letters are left out. */
function messagesOf(text: string): readonly string[] {
  const clipped = text.length > textLengthMax ? text.slice(-textLengthMax) : text;
  return clipped.split("\n").flatMap((line) => {
    const message = line
      .slice(0, scannedLengthMax)
      .replace(/^(?:<\d{1,3}>)?(?:\[ {0,12}\d{1,12}\.\d{1,9}\])?/, "")
      .replace(unprintable, "")
      .trim();
    return /[a-z]{3}/i.test(message) ? [message] : [];
  });
}

/** In the order of what says most: the verdict of the kernel before what led to it. */
const tellingForms = [
  /Kernel panic - not syncing/,
  /watchdog: .*(?:hard|soft) lockup|NMI watchdog|self-detected stall|blocked for more than \d+ seconds/i,
  /\bMachine Check\b|\bmce: .*(?:uncorrected|fatal|bank)|Hardware Error\]: .*(?:fatal|uncorrect)/i,
  /critical temperature reached|thermal.*shutting down/i,
  /\bOops\b|\bBUG: |kernel BUG at|general protection fault|[Uu]nable to handle kernel/,
  /Out of memory and no killable|sysrq: Trigger a crash/i,
] as const;

function isRecord(path: string): boolean {
  return /^(?:dmesg|console|mce|powerpc)/.test(nameOf(path));
}

/** Folders of the archive are named by the record's id, and hold one more level or the files. */
function listArchive(source: HardwareSource): readonly string[] {
  const paths: string[] = [];
  const walk = (folder: string, depth: number): void => {
    const listed = source.listDirectory(folder);
    if (!listed.ok) return;
    for (const name of listed.value.slice(-archiveEntriesMax)) {
      const path = `${folder}/${name}`;
      if (/^\d{1,20}$/.test(name) && depth < 2) walk(path, depth + 1);
      else paths.push(path);
    }
  };
  walk(archiveFolder, 0);
  return paths;
}

function isOld(path: string, bootedMs: UnixMs): boolean {
  const time = timeOfRecord(path);
  return time > 0 ? time < bootedMs - recordAgeMsMax : path.startsWith(archiveFolder);
}

/** EFI's ids begin with the time of the crash in seconds; 0: the name has none. */
function timeOfRecord(path: string): number {
  const digits = /(?:efi(?:_pstore)?-|\/pstore\/)(1\d{9})\d*/.exec(path)?.[1];
  return digits === undefined ? 0 : Number(digits) * 1_000;
}

/**
 * Of the archive the folder alone tells when it was: without that in the name, whoever weighs the
 * record takes a crash of days ago for the end of the boot before.
 */
function withTime(path: string, line: string): string {
  const folder = /^\/var\/lib\/systemd\/pstore\/(1\d{9})\d{0,10}\//.exec(path)?.[1];
  return folder === undefined || timeOfRecord(line) > 0 ? line : `${folder}/${line}`;
}

function nameOf(path: string): string {
  const folder = path.startsWith(`${archiveFolder}/`) ? archiveFolder : pstoreFolder;
  const name = path.slice(folder.length + 1);
  return folder === pstoreFolder ? name : name.replace(/^((?:\d+\/)+)(.*)$/, "$2");
}

const what = "boot.pstore";
const pstoreFolder = "/sys/fs/pstore";
const archiveFolder = "/var/lib/systemd/pstore";
const backendPath = "/sys/module/pstore/parameters/backend";
/** EFI cuts one crash into some ten parts. */
const recordsMax = 32;
const archiveEntriesMax = 64;
const textLengthMax = 256 * 1024;
const scannedLengthMax = 1_000;
const lineLengthMax = 160;
/** A host may lie switched off for a week before somebody comes. */
const recordAgeMsMax = 7 * 24 * 3_600_000;
const unprintable = /[^\x20-\x7e\u00a0-\ud7ff]/g;
