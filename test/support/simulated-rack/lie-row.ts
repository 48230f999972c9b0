import type { QuarantineReason } from "#fleet/lifecycle/quarantine-reasons.ts";

/** Where a lie is told: the pair rule draws across these. */
export const lieGroups = [
  "power",
  "boot",
  "media",
  "session",
  "identity",
  "sensor",
  "task",
  "firmware",
  "host",
] as const;
export type LieGroup = (typeof lieGroups)[number];

/** `A` available; `W` waits visibly, then available; `Q:…` quarantined with exactly this reason. */
export type LieEnd = "A" | "W" | `Q:${QuarantineReason}`;

/** One behaviour that real hardware has shown, and how a reimage must end under it. */
export interface LieRow {
  /** `B25`. */
  readonly id: string;
  readonly name: string;
  readonly group: LieGroup;
  /** One of those without which the boot loop proves nothing. */
  readonly isFirst: boolean;
  /** `RF` Redfish, `IP` IPMI, `PX` boot network, `UE` firmware, `OS` inside the host. */
  readonly protocols: readonly string[];
  /** Each is a pass; nothing else is. */
  readonly ends: readonly LieEnd[];
  /** Where it was seen. */
  readonly source: string;
}
