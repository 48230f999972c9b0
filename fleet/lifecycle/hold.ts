import type { HoldId, HostId, LeaseId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

export const holdKinds = [
  "cordon",
  "protect",
  "power-lockout",
  "legal",
  "fault",
  "reservation",
  "tenant",
] as const;
export type HoldKind = (typeof holdKinds)[number];

/** Forbids some verbs on one host; a host may carry many, and each is released by itself. */
export interface HoldRecord {
  readonly id: HoldId;
  readonly hostId: HostId;
  readonly kind: HoldKind;
  /** Who set it: a person's name, `health`, `tenant acme`, `drain OPERATION`. */
  readonly holder: string;
  readonly holderKind: "operator" | "automation" | "tenant";
  readonly reason: string;
  readonly createdMs: UnixMs;
  /** Ends by itself then; null: only by release. */
  readonly expiresMs: UnixMs | null;
  /** Somebody should look again; never ends it. */
  readonly reviewMs: UnixMs | null;
  /** `reservation`: for which lease or tenant placement is still allowed. */
  readonly forWhom: string | null;
  /** The lease that set it (`tenant`); null otherwise. */
  readonly leaseId: LeaseId | null;
}
