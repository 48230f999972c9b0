import type { HealthView } from "#fleet/health/finding.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { SafeMode } from "#fleet/lifecycle/safe-mode.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** One host, as far as alerts need it. */
export interface HostFacts {
  readonly host: HostRecord;
  readonly link: Pick<LinkView, "state" | "lastHeardMs">;
  readonly health: Pick<HealthView, "findings">;
  readonly holds: readonly HoldRecord[];
}

/** Everything that alerts are made of, as of one moment. */
export interface AlertFacts {
  readonly nowMs: UnixMs;
  readonly cell: string;
  /** Those that stand: no planned and no retired ones. */
  readonly hosts: readonly HostFacts[];
  /** Sites whose maintenance window is open now; those without windows are not among them. */
  readonly openWindows: ReadonlySet<string>;
  /** Many hosts lost together; also what a person has acknowledged and is not over. */
  readonly events: readonly KnownEvent[];
  /** Those under way. */
  readonly operations: readonly OperationRecord[];
  /** Ended by a stop rule in the last day. */
  readonly stoppedPlans: readonly PlanRecord[];
  readonly safeMode: SafeMode | null;
  /** The manager before this one ended without a word; null: it did not, or long ago. */
  readonly takeOver: {
    readonly term: number;
    readonly formerTerm: number;
    readonly atMs: UnixMs;
  } | null;
  /** null: not known. */
  readonly freeBytes: number | null;
  readonly audit: AuditFound | null;
  /** Hosts whose identity two machines use, and since when that is known. */
  readonly clones: ReadonlyMap<HostId, UnixMs>;
  readonly failingChannels: readonly {
    readonly name: string;
    readonly sinceMs: UnixMs;
    readonly why: string;
  }[];
}

/** A fault of the audit's chain. */
export interface AuditFound {
  readonly seq: number;
  readonly words: string;
  readonly atMs: UnixMs;
}
