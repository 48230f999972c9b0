import type { ReadProblem } from "#agent/hardware/hardware-source.ts";
import type { Result } from "#proto/vocabulary/result.ts";

/** Answers that were fetched, by path; the bridge from a synchronous port to a socket. */
export interface KeptAnswers<Value> {
  /** The kept answer, or null; either way it is asked for again in the background. */
  find(path: string): Result<Value, ReadProblem> | null;
  renew(path: string): Promise<void>;
}

/** More paths than any host has; the oldest goes. */
const pathsMax = 512;

/** `ask` must not reject. For each path one question is on its way at a time. */
export function createKeptAnswers<Value>(
  ask: (path: string) => Promise<Result<Value, ReadProblem>>,
): KeptAnswers<Value> {
  const kept = new Map<string, Result<Value, ReadProblem>>();
  const asking = new Map<string, Promise<void>>();
  const renew = (path: string): Promise<void> => {
    const known = asking.get(path);
    if (known !== undefined) return known;
    const asked = ask(path).then((answer) => {
      asking.delete(path);
      kept.delete(path);
      kept.set(path, answer);
      const [oldest] = kept.keys();
      if (kept.size > pathsMax && oldest !== undefined) kept.delete(oldest);
    });
    asking.set(path, asked);
    return asked;
  };
  return {
    find(path) {
      void renew(path);
      return kept.get(path) ?? null;
    },
    renew,
  };
}
