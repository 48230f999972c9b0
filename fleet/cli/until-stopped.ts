import { StartError } from "./this-machine.ts";

export interface Stopping {
  /** Aborted by the first Ctrl-C, SIGTERM or the end of the terminal. */
  readonly signal: AbortSignal;
  /** Called by the second: whatever is still there must go now. */
  onSecond(kill: () => void): void;
}

/**
 * Runs `work` until it ends or somebody stops it. The exit code: 0 stopped on purpose, 1 with the
 * reason on the terminal, 130 at the second Ctrl-C.
 */
export async function untilStopped(work: (stopping: Stopping) => Promise<void>): Promise<number> {
  const interruption = new AbortController();
  // A terminal that is gone, or a full disk behind a redirection, does not end what we look after.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreUnwritable);
  let kill = (): void => {};
  let firstMs = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      if (interruption.signal.aborted) {
        if (performance.now() - firstMs < echoMs) return;
        kill();
        process.exit(130);
      }
      firstMs = performance.now();
      interruption.abort(new Error(signal));
    });
  try {
    await work({
      signal: interruption.signal,
      onSecond: (ending) => {
        kill = ending;
      },
    });
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) return 0;
    const text = error instanceof StartError ? error.message : String(error);
    process.stderr.write(`\n${text}\n`);
    return 1;
  }
}

/** One Ctrl-C comes twice under npm: from the terminal, and handed on by npm. */
const echoMs = 500;

function ignoreUnwritable(): void {}
