import { createWalk } from "./load-walk.ts";
import type { TextParts, Texts } from "./texts.ts";

/** /proc/meminfo. What is used walks slowly; the rest is cache and a little that is free. */
export function createMemoryTexts({ shape, random }: TextParts): (frame: number) => Texts {
  const bought = shape.dimms.count * shape.dimms.gibibytes * 1024 * 1024;
  // The kernel keeps about a hundredth for itself before it counts.
  const total = Math.round(bought * 0.985) & ~3;
  const walk = createWalk(random, shape.frames, { mean: 0.55, swing: 0.03 });
  return (frame) => {
    const used = Math.round(total * walk(frame));
    const free = Math.round(total * 0.06);
    const buffers = Math.round(total * 0.004);
    const slab = Math.round(total * 0.03);
    const reclaimable = Math.round(slab * 0.8);
    const cached = total - used - free - buffers - reclaimable;
    const lines: readonly (readonly [string, number])[] = [
      ["MemTotal", total],
      ["MemFree", free],
      ["MemAvailable", free + Math.round((cached + reclaimable) * 0.97)],
      ["Buffers", buffers],
      ["Cached", cached],
      ["SwapCached", 0],
      ["SwapTotal", 0],
      ["SwapFree", 0],
      ["Dirty", Math.round(total * 0.0002)],
      ["Slab", slab],
      ["SReclaimable", reclaimable],
      ["SUnreclaim", slab - reclaimable],
    ];
    const text = lines.map(
      ([name, kibibytes]) => `${`${name}:`.padEnd(16)}${String(kibibytes).padStart(8)} kB\n`,
    );
    return { "/proc/meminfo": text.join("") };
  };
}
