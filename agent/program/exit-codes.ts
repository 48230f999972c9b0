/** Exit codes of both programs (docs/operating/agent.md). */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  /** `run` was turned away for good: starting it again does not help. */
  turnedAway: 4,
  unreachable: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
