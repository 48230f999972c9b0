import type { CounterFile, HardwareSource, ReadProblem } from "#agent/hardware/hardware-source.ts";
import type { Result } from "#proto/vocabulary/result.ts";

/** A counter file that opens itself at the first read, and again while it could not be opened. */
export interface OpenOnce {
  readonly path: string;
  read(): Result<Uint8Array, ReadProblem>;
  close(): void;
}

export function openOnce(source: HardwareSource, path: string): OpenOnce {
  let file: CounterFile | null = null;
  return {
    path,
    read() {
      if (file !== null) return file.read();
      const opened = source.openCounterFile(path);
      if (!opened.ok) return opened;
      file = opened.value;
      return file.read();
    },
    close() {
      file?.close();
      file = null;
    },
  };
}
