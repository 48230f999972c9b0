import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** Everything that can be done to a host as one exclusive operation. */
export const operationKinds = [
  "enrol",
  "adopt",
  "inspect",
  "burnin",
  "deploy",
  "drain",
  "service",
  "repair",
  "reimage",
  "clear",
  "return",
  "retire",
  "power",
  "reboot",
  "locate",
] as const;
export type OperationKind = (typeof operationKinds)[number];

/** What a host's record says of its operation; the rest is in the operation's own record. */
export interface RunningOperation {
  readonly id: OperationId;
  readonly kind: OperationKind;
  readonly step: string;
  /** Its fencing number: whoever holds an older one is refused. */
  readonly epoch: number;
  /** null: it has none, and then a person is paged. */
  readonly deadlineMs: UnixMs | null;
  /** It waits for a person; an exit is always named in the operation's `why`. */
  readonly isPaused: boolean;
}
