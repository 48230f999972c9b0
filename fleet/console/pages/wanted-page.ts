const storageKey = "wws.wanted-page";
const keptMsMax = 15 * 60_000;

/** Remembers the page that one wanted before signing in; the link opens in a tab of its own. */
export function keepWanted(path: string): void {
  try {
    localStorage.setItem(storageKey, writeWanted(path, Date.now()));
  } catch {
    // A browser without storage: one starts at the fleet.
  }
}

/** The page that one wanted, or the fleet. */
export function findWanted(): string {
  try {
    return readWanted(localStorage.getItem(storageKey), Date.now());
  } catch {
    return "/";
  }
}

export function forgetWanted(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // As above.
  }
}

export function writeWanted(path: string, nowMs: number): string {
  return `${nowMs} ${path}`;
}

/** Only a path of this console, and only one of the last quarter of an hour. */
export function readWanted(text: string | null, nowMs: number): string {
  const [, keptMs, path] = /^([0-9]{1,15}) (\/(?![/\\])[^\s]*)$/.exec(text ?? "") ?? [];
  if (path === undefined || path.startsWith("/sign")) return "/";
  return Math.abs(nowMs - Number(keptMs)) <= keptMsMax ? path : "/";
}
