import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { FreezeFile } from "#fleet/lifecycle/freeze.ts";
import { parseFreeze } from "./freeze-rows.ts";

/** In the data folder; blank while the store has what there is. */
export const freezeFileName = "freeze.json";
const fileBytes = 4_096;

/**
 * As large from the start as it ever is, and written in place: a full disk has room for it. A reason of
 * 500 characters fits.
 */
export function createFreezeFile(dataFolder: string): FreezeFile {
  const path = join(dataFolder, freezeFileName);
  if (!existsSync(path)) writeAll(path, "", "w");
  return {
    read() {
      const text = readFileSync(path, "utf8").trim();
      return text === "" ? null : parseFreeze(text);
    },
    write: (freeze) => writeAll(path, freeze === null ? "" : JSON.stringify(freeze), "r+"),
  };
}

function writeAll(path: string, text: string, flags: "w" | "r+"): void {
  const bytes = Buffer.alloc(fileBytes, " ");
  if (bytes.write(text, "utf8") < Buffer.byteLength(text))
    throw new RangeError(`${freezeFileName} takes ${fileBytes} bytes`);
  const file = openSync(path, flags, 0o600);
  try {
    writeSync(file, bytes, 0, fileBytes, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
