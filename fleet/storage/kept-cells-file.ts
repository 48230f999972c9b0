import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Compile } from "typebox/compile";
import { federationLimits } from "#fleet/federation/federation-limits.ts";
import { type KeptCell, type KeptCells, keptCellSchema } from "#fleet/federation/kept-cell.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { writeWholeFile } from "./whole-file.ts";

/**
 * What a federation last heard of its cells: one compressed file for each address in `cells` of the
 * data folder, written whole or not at all. One that cannot be read is thrown away and said: it is a
 * memory, and the cell has the truth.
 */
export function createKeptCellsFile(dataFolder: string, log: Log): KeptCells {
  const folder = join(dataFolder, "cells");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const check = Compile(keptCellSchema);
  const pathOf = (url: string): string => {
    const name = createHash("sha256").update(url).digest("hex").slice(0, 16);
    return join(folder, `${name}.json.zst`);
  };
  return {
    load(url) {
      const path = pathOf(url);
      try {
        if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
        const text = zstdDecompressSync(readFileSync(path), {
          maxOutputLength: federationLimits.keptFileBytesMax,
        }).toString("utf8");
        const value: unknown = JSON.parse(text);
        if (check.Check(value) && value.url === url) return value as KeptCell;
        log.warn({ path }, "what was kept of a cell has another form, and is not used");
      } catch (err) {
        log.warn({ err, path }, "what was kept of a cell cannot be read, and is not used");
      }
      rmSync(path, { force: true });
      return null;
    },
    save(cell) {
      const bytes = zstdCompressSync(JSON.stringify(cell));
      writeWholeFile(pathOf(cell.url), bytes, 0o600);
    },
  };
}
