import { ClientError } from "#fleet/api/client.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";
import { span } from "./words.ts";

/** What takes long is looked at less often: a twentieth of the time that it took so far. */
const lookEveryMs = { min: 500, max: 10_000, share: 0.05 };
/** A manager that is started anew is back well before. */
const patienceMs = 120_000;

export interface FollowOptions {
  /** ms; undefined: as long as it takes. */
  readonly timeout?: number;
}

/**
 * Looks again and again until `look` says how it ended. What is followed goes on by itself: Ctrl-C, a
 * time limit and a manager that does not answer end only the looking, and `howToResume` is printed.
 * A manager that is away for a while is waited for.
 */
export async function follow(
  terminal: Terminal,
  options: FollowOptions,
  what: {
    readonly look: () => Promise<ExitCode | null>;
    readonly howToResume: readonly string[];
  },
): Promise<ExitCode> {
  const { clock, signal } = terminal;
  const startMs = clock.nowMonotonicMs();
  const endMs = options.timeout === undefined ? null : startMs + options.timeout;
  const sayHow = (): void => {
    for (const line of what.howToResume) terminal.stderr.write(`${line}\n`);
  };
  let awaySinceMs: number | null = null;
  try {
    for (;;) {
      const answer = await lookOnce(what.look);
      if (answer.kind === "ended") return answer.code;
      const nowMs = clock.nowMonotonicMs();
      if (answer.kind === "away") {
        if (awaySinceMs === null)
          terminal.stderr.write("the manager does not answer; waiting for it\n");
        awaySinceMs ??= nowMs;
        if (nowMs - awaySinceMs >= patienceMs) throw answer.error;
      } else awaySinceMs = null;
      if (endMs !== null && nowMs >= endMs) {
        sayHow();
        throw new CommandError(
          exitCodes.stillRunning,
          `not over after ${span(nowMs - startMs)}; it goes on`,
        );
      }
      const { min, max, share } = lookEveryMs;
      await sleep(clock, Math.min(max, Math.max(min, (nowMs - startMs) * share)), signal);
    }
  } catch (error) {
    if (signal.aborted || (error instanceof ClientError && error.kind === "unreachable")) sayHow();
    throw error;
  }
}

type Look =
  | { readonly kind: "ended"; readonly code: ExitCode }
  | { readonly kind: "goes-on" }
  | { readonly kind: "away"; readonly error: ClientError };

async function lookOnce(look: () => Promise<ExitCode | null>): Promise<Look> {
  try {
    const code = await look();
    return code === null ? { kind: "goes-on" } : { kind: "ended", code };
  } catch (error) {
    const isAway =
      error instanceof ClientError &&
      (error.kind === "unreachable" || (error.problem?.status ?? 0) === 503);
    if (isAway) return { kind: "away", error };
    throw error;
  }
}
