import { useSyncExternalStore } from "react";
import { managerNowMs } from "../api/manager-clock.ts";

const everyMs = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/**
 * What `say` makes of the manager's time now, said again each second. The component is drawn again
 * only when the words change, so a page full of ages stays cheap.
 */
export function useNow(say: (nowMs: number) => string): string {
  return useSyncExternalStore(subscribe, () => say(managerNowMs()));
}

/** One timer for the page, running while somebody looks at it. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const one of listeners) one();
  }, everyMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}
