import { existsSync } from "node:fs";
import { listChildren } from "./process-usage.ts";

/**
 * Counts the processes that one starts, until stopped or until it ends itself. Looking costs us, not
 * the one looked at.
 */
export function watchChildren(pid: number): { stop(): number } {
  const seen = new Set(listChildren(pid));
  const before = seen.size;
  const timer = setInterval(() => {
    if (!existsSync(`/proc/${pid}`)) {
      clearInterval(timer);
      return;
    }
    for (const child of listChildren(pid)) seen.add(child);
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      return seen.size - before;
    },
  };
}
