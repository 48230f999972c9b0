import type { TextParts, Texts } from "./texts.ts";

/** What the agent's own process would find of itself. */
export function createProcessTexts({ random }: TextParts): (frame: number) => Texts {
  let userTicks = 5_120;
  let systemTicks = 2_048;
  return () => {
    userTicks += random.chance(0.6) ? 1 : 0;
    systemTicks += random.chance(0.3) ? 1 : 0;
    const kibibytes = 61_440 + random.below(64) * 4;
    const before = "812 (node) S 1 812 812 0 -1 4194560 20480 0 12 0";
    return {
      "/proc/self/stat": `${before} ${userTicks} ${systemTicks} 31 12 20 0 11 0 4182 1126400000 ${kibibytes / 4}\n`,
      "/proc/self/status": `Name:\tnode\nVmRSS:\t${String(kibibytes).padStart(8)} kB\nThreads:\t11\n`,
    };
  };
}
