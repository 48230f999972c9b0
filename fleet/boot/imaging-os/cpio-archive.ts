/** What an initramfs holds; paths without a leading slash. */
export type ArchiveEntry =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly mode: number;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "folder"; readonly path: string };

const pathBytesMax = 1_024;

/**
 * A cpio archive in the form newc, which is what the kernel unpacks (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst). All of root, all of the year 1970,
 * numbered in order of their paths: the same entries give the same bytes. Folders that entries lie in
 * are added. Throws a path that occurs twice.
 */
export function writeCpio(entries: readonly ArchiveEntry[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let inode = 1;
  for (const entry of withFolders(entries)) {
    pieces.push(...member(entry.path, inode, modeOf(entry), bodyOf(entry)));
    inode += 1;
  }
  pieces.push(...member("TRAILER!!!", 0, 0, new Uint8Array()));
  const length = pieces.reduce((total, piece) => total + piece.length, 0);
  // The kernel looks for further archives behind one at any multiple of four; cpio pads to 512.
  pieces.push(new Uint8Array((512 - (length % 512)) % 512));
  return Buffer.concat(pieces);
}

/** Sorted, and with every folder that an entry lies in; throws what is no path. */
export function withFolders(entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
  const byPath = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const { path } = entry;
    const parts = path.split("/");
    const isPlain = parts.every((part) => part !== "" && part !== "." && part !== "..");
    if (!isPlain || /\0/.test(path) || Buffer.byteLength(path) > pathBytesMax)
      throw new Error(`${path} is no path for an archive`);
    const known = byPath.get(path);
    if (known !== undefined && !(known.kind === "folder" && entry.kind === "folder"))
      throw new Error(`${path} occurs twice`);
    byPath.set(path, entry);
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join("/");
      const above = byPath.get(folder);
      if (above === undefined) byPath.set(folder, { kind: "folder", path: folder });
      else if (above.kind !== "folder") throw new Error(`${path} lies in ${folder}, no folder`);
    }
  }
  // By code units, as no locale changes it; a folder comes before what is in it.
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function modeOf(entry: ArchiveEntry): number {
  switch (entry.kind) {
    case "file":
      return 0o100000 | (entry.mode & 0o7777);
    case "link":
      return 0o120777;
    case "folder":
      return 0o040755;
  }
}

function bodyOf(entry: ArchiveEntry): Uint8Array {
  switch (entry.kind) {
    case "file":
      return entry.bytes;
    case "link":
      return Buffer.from(entry.target, "utf8");
    case "folder":
      return new Uint8Array();
  }
}

function member(path: string, inode: number, mode: number, body: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`, "utf8");
  const links = (mode & 0o170000) === 0o040000 ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, body.length, 0, 0, 0, 0, name.length, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  const front = Buffer.concat([Buffer.from(head, "latin1"), name]);
  return [front, padding(front.length), body, padding(body.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
