import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { absent, absentByRead } from "./absences.ts";
import type { Collector, SampleSink, SeriesHandle } from "./collector.ts";
import { parseLocalMounts, unescapeOctal } from "./mount-table.ts";

const cadenceMs = 10_000;

/**
 * File systems that were mounted for writing and are read-only now: what ext4 and others do at an
 * error (errors=remount-ro). Source: the super block's own options in /proc/self/mountinfo, against
 * what they were when the agent first saw the mount, and against /etc/fstab for those that turned
 * before it started. One that fstab wants read-only, or that was so from the first and stands in no
 * fstab, is meant to be so.
 */
export function createReadonlyCollector(source: HardwareSource, sink: SampleSink): Collector {
  const watched = new Map<string, { handle: SeriesHandle; device: string }>();
  let wanted: ReadonlyMap<string, boolean> = new Map();
  return {
    subject: "mounts",
    cadenceMs,
    discover() {
      const fstab = source.readText("/etc/fstab");
      wanted = fstab.ok ? parseFstab(fstab.value) : new Map();
      const read = source.readText("/proc/self/mountinfo");
      if (!read.ok)
        return {
          absences: [absentByRead("system.filesystem.readonly", read.problem, "mount /proc")],
        };
      const mounts = parseMountModes(read.value);
      for (const [mountpoint, mode] of mounts) watch(mountpoint, mode);
      for (const mountpoint of watched.keys())
        if (!mounts.has(mountpoint)) watched.delete(mountpoint);
      return { absences: watched.size > 0 || mounts.size === 0 ? [] : [allReadonly()] };
    },
    collect() {
      const read = source.readText("/proc/self/mountinfo");
      if (!read.ok) {
        const absence = absentByRead("system.filesystem.readonly", read.problem, "mount /proc");
        return { detail: absence.detail, absences: [absence] };
      }
      const mounts = parseMountModes(read.value);
      for (const [mountpoint, { handle, device }] of watched) {
        const mode = mounts.get(mountpoint);
        // Another device at the same place is another file system.
        if (mode !== undefined && mode.device === device) sink.set(handle, mode.isReadonly ? 1 : 0);
      }
      return null;
    },
    close: () => {},
  };

  function watch(mountpoint: string, { device, type, isReadonly }: MountMode): void {
    const known = watched.get(mountpoint);
    if (known?.device === device) return;
    // true: fstab wants it written to. Removable media and images are read-only by themselves.
    const isMeantForWriting = !isReadonly || wanted.get(mountpoint) === true;
    if (!isMeantForWriting) {
      watched.delete(mountpoint);
      return;
    }
    const handle = sink.declare({
      metric: "system.filesystem.readonly",
      attributes: { "system.filesystem.mountpoint": mountpoint, "system.filesystem.type": type },
      exponent: 0,
      cadenceMs,
    });
    watched.set(mountpoint, { handle, device });
  }
}

export interface MountMode {
  readonly device: string;
  readonly type: string;
  /**
   * Of the super block: what an error turns. The mount's own options do not count, since a service
   * manager's sandbox shows the agent every mount read-only.
   */
  readonly isReadonly: boolean;
}

/** Local file systems that hold data, by mount point, and whether they may be written to. */
export function parseMountModes(mountinfo: string): ReadonlyMap<string, MountMode> {
  const local = new Map(parseLocalMounts(mountinfo).map((mount) => [mount.mountpoint, mount]));
  const modes = new Map<string, MountMode>();
  for (const line of mountinfo.split("\n", linesMax)) {
    const [front, back] = line.split(" - ");
    const [, , , , place] = front?.split(" ") ?? [];
    const superOptions = back?.split(" ").at(-1);
    if (place === undefined || superOptions === undefined) continue;
    const mountpoint = unescapeOctal(place);
    const mount = local.get(mountpoint);
    if (mount === undefined) continue;
    const { device, type } = mount;
    modes.set(mountpoint, { device, type, isReadonly: isTurned(superOptions) });
  }
  return modes;
}

/** By mount point: whether fstab wants it written to. Left out: noauto, and what is no path. */
export function parseFstab(text: string): ReadonlyMap<string, boolean> {
  const wanted = new Map<string, boolean>();
  for (const line of text.split("\n", linesMax)) {
    if (/^\s*#/.test(line)) continue;
    const [, place, , options = "defaults"] = line.trim().split(/\s+/, 6);
    if (place === undefined || !place.startsWith("/")) continue;
    if (options.split(",").includes("noauto")) continue;
    wanted.set(unescapeOctal(place), !hasReadonly(options));
  }
  return wanted;
}

/** Since 6.14 ext4 leaves `rw` and says emergency_ro; a shut down file system takes nothing either. */
function isTurned(superOptions: string): boolean {
  return /(?:^|,)(?:ro|emergency_ro|shutdown)(?:,|$)/.test(superOptions);
}

function hasReadonly(options: string): boolean {
  return options.split(",").includes("ro");
}

function allReadonly() {
  return absent({
    what: "system.filesystem.readonly",
    reason: "no-such-hardware",
    detail: "/proc/self/mountinfo has no file system that is meant to be written to",
  });
}

const linesMax = 10_000;
