export interface Mount {
  readonly mountpoint: string;
  readonly type: string;
  /** What is mounted: /dev/sda1, or a name. */
  readonly device: string;
}

/**
 * The local file systems that hold data, each once: bind mounts and btrfs subvolumes of one device
 * count where its shortest mount point is. Network file systems are left out by type: asking one
 * whose server is gone would hang. Read-only images are always full and say nothing.
 * Source: /proc/self/mountinfo (proc(5)); blanks in names are written as \040.
 */
export function parseLocalMounts(text: string): readonly Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of text.split("\n")) {
    const [front, back] = line.split(" - ");
    const [, , , , mountpoint] = front?.split(" ") ?? [];
    const [type, device] = back?.split(" ") ?? [];
    if (mountpoint === undefined || type === undefined || device === undefined) continue;
    if (!localTypes.has(type)) continue;
    const mount = { mountpoint: unescapeOctal(mountpoint), type, device: unescapeOctal(device) };
    const known = byDevice.get(mount.device);
    if (known === undefined || mount.mountpoint.length < known.mountpoint.length)
      byDevice.set(mount.device, mount);
  }
  return [...byDevice.values()]
    .sort((a, b) => (a.mountpoint < b.mountpoint ? -1 : 1))
    .slice(0, mountsMax);
}

export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

const localTypes: ReadonlySet<string> = new Set([
  "ext2",
  "ext3",
  "ext4",
  "xfs",
  "btrfs",
  "vfat",
  "exfat",
  "f2fs",
  "jfs",
  "reiserfs",
  "zfs",
  "ntfs3",
  "bcachefs",
  "nilfs2",
  "hfsplus",
  "ufs",
]);

/** A host with more file systems of its own than this has them made by a program. */
const mountsMax = 64;
