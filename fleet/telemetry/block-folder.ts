/**
 * The files that telemetry lives in: declared here, implemented in fleet/storage on node:fs, in
 * memory for the simulation (where a crash loses or tears what was not synced).
 */
export interface BlockFolder {
  /** Names of all files, sorted. */
  list(): readonly string[];
  /** Creates or opens for appending. */
  openLog(name: string): AppendFile;
  read(name: string, offset: number, length: number): Promise<Uint8Array>;
  readWhole(name: string): Promise<Uint8Array>;
  size(name: string): number;
  /** Whole file, atomically: there with all bytes after a crash, or not there. */
  writeWhole(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): void;
  truncate(name: string, length: number): void;
  /** Bytes still free on the disk under the folder. */
  freeBytes(): number;
}

export interface AppendFile {
  /** Resolves with the offset once handed to the system; not yet durable. */
  append(bytes: Uint8Array): Promise<number>;
  /** Resolves when all that was appended is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
