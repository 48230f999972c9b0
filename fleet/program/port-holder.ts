import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface PortHolder {
  readonly pid: number;
  /** Command line, arguments joined, shortened. */
  readonly command: string;
}

/**
 * Which process listens on a TCP port of this machine, as far as this user may see: the kernel's
 * list of listening sockets gives an inode, the processes' open files who has it (proc(5)).
 * undefined: nobody does any more, or somebody whose files we may not look at.
 */
export function findPortHolder(port: number, proc = "/proc"): PortHolder | undefined {
  const inodes = new Set([
    ...listeningInodes(readText(`${proc}/net/tcp`), port),
    ...listeningInodes(readText(`${proc}/net/tcp6`), port),
  ]);
  if (inodes.size === 0) return undefined;
  for (const pid of listNames(proc)) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of listNames(`${proc}/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`${proc}/${pid}/fd/${descriptor}`))?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const command = readText(`${proc}/${pid}/cmdline`).replaceAll("\0", " ").trim();
      return { pid: Number(pid), command: command.slice(0, 120) };
    }
  }
  return undefined;
}

const stateListen = "0A";

/** Lines of /proc/net/tcp: `sl local_address rem_address st … inode`, addresses `HEX:PORT`. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local = "", , state] = fields;
    const inode = fields[9];
    return state === stateListen && local.endsWith(suffix) && inode !== undefined ? [inode] : [];
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function listNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
