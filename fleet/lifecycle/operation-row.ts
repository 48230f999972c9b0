import type { Phase } from "#fleet/inventory/host-record.ts";

/** R read · L locate · M drain, reboot, power · D what destroys, or decides who may. */
export type OperationClass = "R" | "L" | "M" | "D";

/** `same`: the phase it began in; `before`: the one that the host had before it was quarantined. */
export type NextPhase = Phase | "same" | "before";

export type Pair =
  | { readonly isAllowed: true; readonly to: NextPhase }
  /** One sentence that follows the host's name: `is drained already`. */
  | { readonly isAllowed: false; readonly reason: string };

export interface OperationRow {
  readonly class: OperationClass;
  /** What an operator would say that it does. */
  readonly says: string;
  /** What must be seen for it to succeed. */
  readonly success: string;
  readonly failure: {
    /** `same`: the host stays where it was. */
    readonly to: "same" | "quarantined";
    readonly words: string;
  };
  /** How long it may take, ms; null: it is asked for with one, or a person is paged instead. */
  readonly deadlineMs: number | null;
  /** Also for a machine that waits in *pending*: nothing is a host there yet. */
  readonly fromPending: NextPhase | null;
  readonly pairs: { readonly [P in Phase]: Pair };
}
