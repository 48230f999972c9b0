/** Writers of the two archive formats of a package. The same entries give the same bytes. */

export interface ArchiveFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** Every time in a package: nothing of when or where it was built is in it. */
export interface ArchiveOptions {
  readonly mtimeSeconds: number;
  /** Put before each path: `./` in a .deb, a folder in a tarball. */
  readonly prefix: string;
}

const blockBytes = 512;

/** ustar (POSIX.1-1988), all of root, folders before what is in them, sorted by path. */
export function writeTar(files: readonly ArchiveFile[], options: ArchiveOptions): Uint8Array {
  const pieces: Uint8Array[] = [];
  const folders = new Set<string>();
  const addFolder = (path: string): void => {
    if (folders.has(path)) return;
    folders.add(path);
    pieces.push(tarHead(`${options.prefix}${path}`, 0, 0o755, "5", options.mtimeSeconds));
  };
  addFolder("");
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, bytes, mode } of sorted) {
    const names = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= names.length; depth += 1) {
      addFolder(`${names.slice(0, depth).join("/")}/`);
    }
    const name = `${options.prefix}${path}`;
    pieces.push(tarHead(name, bytes.length, mode, "0", options.mtimeSeconds), bytes);
    pieces.push(new Uint8Array((blockBytes - (bytes.length % blockBytes)) % blockBytes));
  }
  pieces.push(new Uint8Array(2 * blockBytes));
  return Buffer.concat(pieces);
}

/** The `ar` form that dpkg reads (deb(5)): member names of at most 15 letters, even lengths. */
export function writeAr(
  members: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  mtimeSeconds: number,
): Uint8Array {
  const pieces: Uint8Array[] = [Buffer.from("!<arch>\n", "latin1")];
  for (const { name, bytes } of members) {
    if (name.length > 15) throw new Error(`${name} is too long a name for ar`);
    const head =
      name.padEnd(16) +
      String(mtimeSeconds).padEnd(12) +
      "0".padEnd(6) +
      "0".padEnd(6) +
      "100644".padEnd(8) +
      String(bytes.length).padEnd(10);
    pieces.push(Buffer.from(`${head}\`\n`, "latin1"), bytes);
    if (bytes.length % 2 === 1) pieces.push(Buffer.from("\n", "latin1"));
  }
  return Buffer.concat(pieces);
}

/** Files of a tar that somebody else wrote: npm's, with ustar or pax names we do not need. */
export function readTarFile(tar: Uint8Array, path: string): Uint8Array | null {
  const text = (from: number, length: number): string =>
    Buffer.from(tar.buffer, tar.byteOffset + from, length)
      .toString("latin1")
      .replace(/\0.*$/s, "");
  for (let at = 0; at + blockBytes <= tar.length; ) {
    const size = Number.parseInt(text(at + 124, 12).trim() || "0", 8);
    if (!Number.isSafeInteger(size) || size < 0) throw new Error("this is no tar");
    const from = at + blockBytes;
    if (text(at, 100) === path) {
      if (from + size > tar.length) throw new Error(`${path} is cut off`);
      return tar.subarray(from, from + size);
    }
    at = from + Math.ceil(size / blockBytes) * blockBytes;
  }
  return null;
}

function tarHead(
  name: string,
  size: number,
  mode: number,
  type: "0" | "5",
  mtimeSeconds: number,
): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long a name for ustar`);
  const head = Buffer.alloc(blockBytes);
  const put = (text: string, at: number): void => void head.write(text, at, "latin1");
  const octal = (value: number, width: number): string =>
    `${value.toString(8).padStart(width - 1, "0")}\0`;
  put(name, 0);
  put(octal(mode, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(mtimeSeconds, 12), 136);
  put("        ", 148);
  put(type, 156);
  put("ustar\x0000", 257);
  put("root", 265);
  put("root", 297);
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}
