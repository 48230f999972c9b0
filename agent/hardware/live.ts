import { statfsSync } from "node:fs";
import { ok } from "#proto/vocabulary/result.ts";
import { openLiveCounterFile, SharedReadBuffer } from "./counter-file.ts";
import type { HardwareSource } from "./hardware-source.ts";
import { attempt, listLiveDirectory, readLiveLink, readLiveText } from "./live-files.ts";
import { runLiveTool } from "./live-tool.ts";
import { askLiveSystemInformation } from "./system-information.ts";

export interface LiveOptions {
  /**
   * Where the machine's `/` is. Another folder is for benches and tests: files come from below it,
   * tools only from its own `usr/sbin` …, and systeminformation, which cannot be told of a root, is
   * answered as missing. Absolute symbolic links below it are followed by the kernel as they stand.
   */
  readonly root?: string;
  /** The module that runs systeminformation; another one where the agent is bundled. */
  readonly systemInformationEntry?: string;
}

/** The machine this process runs on. */
export function openLiveSource(options: LiveOptions = {}): HardwareSource {
  const root =
    options.root === undefined || options.root === "/" ? "" : options.root.replace(/\/+$/, "");
  const buffer = new SharedReadBuffer();
  return {
    readText: (path) => readLiveText(root, path),
    listDirectory: (path) => listLiveDirectory(root, path),
    readLink: (path) => readLiveLink(root, path),
    openCounterFile: (path) => openLiveCounterFile(root, path, buffer),
    readFilesystem: (path) =>
      attempt(path, () => {
        const sizes = statfsSync(root + path);
        return ok({
          sizeBytes: sizes.blocks * sizes.bsize,
          freeBytes: sizes.bfree * sizes.bsize,
          availableBytes: sizes.bavail * sizes.bsize,
          files: sizes.files,
          filesFree: sizes.ffree,
        });
      }),
    runTool: (request) => runLiveTool(root, request),
    askSystemInformation: (call) =>
      askLiveSystemInformation(root, call, options.systemInformationEntry),
  };
}
