/**
 * Why something waits or is refused, and its exit. Everything that does not go on carries at least
 * one: a wait without an exit is a defect.
 */
export interface Why {
  readonly code: WhyCode;
  /** One sentence with the figures in it: `rack fra2/row-b/rack-07 has 1 of 1 hosts out`. */
  readonly words: string;
  /** Who can end it: a person's name, a role, `the tenant acme`, `time`. */
  readonly who: string;
  /** The command that ends it, to be copied; null where only time or the world does. */
  readonly command: string | null;
  /** When it ends by itself, or is looked at again; null: it does not. Unix milliseconds. */
  readonly untilMs: number | null;
}

export const whyCodes = [
  "phase",
  "operation",
  "hold",
  "lease",
  "notice",
  "capacity",
  "budget",
  "starts",
  "window",
  "approval",
  "watched-only",
  "link",
  "domain-event",
  "freeze",
  "grace",
  "safe-mode",
  "deadline",
  "stalled",
  "agent",
  "proof",
  "bmc",
  "stale",
  "moved",
  "data",
  "plan",
  "term",
] as const;
export type WhyCode = (typeof whyCodes)[number];
