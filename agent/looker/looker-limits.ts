import { toolOutputBytesMax } from "#agent/hardware/live-tool.ts";

/** What one client may cost the looker; whoever connects is taken for hostile. */
export const lookerLimits = {
  /** A question names a tool and its arguments, or a path. */
  questionBytesMax: 8 * 1024,
  /** Room for a tool's whole output in JSON. What is longer than this after escaping is refused. */
  answerBytesMax: 2 * toolOutputBytesMax,
  argumentsMax: 32,
  argumentCharactersMax: 256,
  pathCharactersMax: 255,
  toolTimeoutMsMax: 120_000,
  /** Connections at once; each carries one question. */
  connectionsMax: 16,
  /** Questions that wait for the same tool; one runs. */
  waitingPerToolMax: 8,
  /** For the question to arrive, and for the answer to be taken. */
  transferMsMax: 10_000,
  /** A tool that survives SIGKILL (stuck in the kernel) is told as late after this much more. */
  killGraceMs: 2_000,
} as const;
