import type { Result } from "#proto/vocabulary/result.ts";

/**
 * The one door for looking at a machine. Three forms: live, recording (live, wrapped by one that
 * writes down each answer) and replay (a fixture folder). Paths are absolute, as on the machine.
 */
export interface HardwareSource {
  /** Reads a small text file whole, at most `textBytesMax`. Bytes come as Latin-1-safe UTF-8 text. */
  readText(path: string): Result<string, ReadProblem>;
  /** Names in a directory, in the order of the machine. */
  listDirectory(path: string): Result<readonly string[], ReadProblem>;
  /** Target of a symbolic link, as it stands. */
  readLink(path: string): Result<string, ReadProblem>;
  /** Opens a file that is read again and again; it stays open until closed. */
  openCounterFile(path: string): Result<CounterFile, ReadProblem>;
  /** Sizes of the file system that is mounted at `path`. */
  readFilesystem(path: string): Result<FilesystemSizes, ReadProblem>;
  /** Runs a program that only looks; from a closed list, with a time limit, LC_ALL=C, TZ=UTC. */
  runTool(request: ToolRequest): Promise<Result<ToolAnswer, ToolProblem>>;
  /** One allow-listed systeminformation call, in a short-lived child. Its JSON answer. */
  askSystemInformation(call: SystemInformationCall): Promise<Result<unknown, ToolProblem>>;
}

export interface CounterFile {
  readonly path: string;
  /**
   * The file's bytes now. The view is valid until the next `read` of any counter file of this
   * source: parse it at once, keep nothing of it.
   */
  read(): Result<Uint8Array, ReadProblem>;
  close(): void;
}

export interface ReadProblem {
  readonly kind: "missing" | "denied" | "failed" | "too-large";
  readonly path: string;
  /** errno name where the kernel gave one: ENOENT, EACCES, EIO … */
  readonly errno: string | null;
}

/** All in bytes and counts as statfs gives them. */
export interface FilesystemSizes {
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly availableBytes: number;
  readonly files: number;
  readonly filesFree: number;
}

/** What helps where the kernel keeps something to root, on a host with the package and on one without. */
export const rootMend = "systemctl start wws-looker.socket, or run the agent as root";

export const lookingTools = [
  "lsblk",
  "dmidecode",
  "ipmitool",
  "smartctl",
  "nvme",
  "lscpu",
  "lshw",
  "lldpctl",
  "lvs",
  "multipath",
  "mdadm",
  "storcli64",
  "perccli64",
  "ssacli",
  "sas2ircu",
  "sas3ircu",
  "nvidia-smi",
  "rocm-smi",
  "amd-smi",
  "last",
] as const;
export type LookingTool = (typeof lookingTools)[number];

export interface ToolRequest {
  readonly tool: LookingTool;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

export interface ToolAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolProblem {
  readonly kind: "missing" | "denied" | "timed-out" | "failed";
  readonly tool: string;
  readonly detail: string;
}

/**
 * Slow facts only. Never versions, wifi*, services or getAllData (shell injections, STACK section 2),
 * and never diskLayout: it asks every drive by smartctl without leaving those in standby asleep.
 */
export const systemInformationCalls = [
  "system",
  "baseboard",
  "bios",
  "chassis",
  "cpu",
  "memLayout",
  "osInfo",
  "networkInterfaces",
] as const;
export type SystemInformationCall = (typeof systemInformationCalls)[number];

/** Longest text file that a source reads whole. */
export const textBytesMax = 1024 * 1024;
