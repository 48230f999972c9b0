import type { IntegerScanner } from "./integer-scanner.ts";
import { wordBytes } from "./integer-scanner.ts";

export type MemoryField =
  | "total"
  | "free"
  | "available"
  | "buffers"
  | "cached"
  | "reclaimable"
  | "swapTotal"
  | "swapFree";

/** Kibibytes, in the order of `memoryFields`. */
export type MemoryFigures = Float64Array;

/** The keys of /proc/meminfo in the order of the figures. */
export const memoryFields: readonly { readonly field: MemoryField; readonly key: string }[] = [
  { field: "total", key: "MemTotal:" },
  { field: "free", key: "MemFree:" },
  { field: "available", key: "MemAvailable:" },
  { field: "buffers", key: "Buffers:" },
  { field: "cached", key: "Cached:" },
  { field: "reclaimable", key: "SReclaimable:" },
  { field: "swapTotal", key: "SwapTotal:" },
  { field: "swapFree", key: "SwapFree:" },
];

/**
 * Takes the figures out of /proc/meminfo; what it does not name is 0. Kernels before 3.14 have no
 * MemAvailable: then free, buffers and cached stand for it. False: MemTotal or MemFree is missing.
 */
export function parseMemory(
  scanner: IntegerScanner,
  bytes: Uint8Array,
  figures: MemoryFigures,
): boolean {
  figures.fill(-1);
  scanner.reset(bytes);
  let missing = keys.length;
  while (missing > 0 && !scanner.atEnd()) {
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index];
      if (key === undefined || (figures[index] ?? 0) >= 0 || !scanner.take(key)) continue;
      figures[index] = scanner.integer();
      missing -= 1;
      break;
    }
    scanner.skipLine();
  }
  const total = figures[0] ?? -1;
  const free = figures[1] ?? -1;
  const available = figures[2] ?? -1;
  const buffers = figures[3] ?? 0;
  const cached = figures[4] ?? 0;
  if (total < 0 || free < 0) return false;
  if (available < 0)
    figures[2] = Math.min(total, free + Math.max(0, buffers) + Math.max(0, cached));
  for (let index = 0; index < figures.length; index += 1)
    figures[index] = Math.max(0, figures[index] ?? 0);
  return true;
}

const keys = memoryFields.map(({ key }) => wordBytes(key));
