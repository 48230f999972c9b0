import type { Absence, BootEvidence, CollectorOutcome, Identity } from "#proto/messages/state.ts";
import type { Series } from "#proto/messages/series.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";

export type Subject =
  | "cpu"
  | "memory"
  | "disks"
  | "filesystems"
  | "network"
  | "power"
  | "thermal"
  | "ipmi"
  | "agent"
  | "identity"
  | "latency"
  | "mounts"
  | "numa"
  | "pressure"
  | "processor"
  | "errors"
  | "smart"
  | "raid"
  | "links"
  | "gpu"
  | "parts"
  | "boot";

/** A series within the agent; stays the same for the agent's life. */
export type SeriesHandle = number;

export interface SeriesRequest {
  readonly metric: Series["metric"];
  readonly attributes: Readonly<Record<string, string>>;
  readonly exponent: number;
  readonly quantum?: number;
  /** Default: every step. */
  readonly cadenceMs?: number;
  /** Counters that wrap: the reading after the largest is 0 (RAPL's max_energy_range_uj). */
  readonly wrapsAfter?: number;
}

/** Where collectors put what they see. Integers in the series' scale; nothing set is *not seen*. */
export interface SampleSink {
  /** The same request again gives the same handle. */
  declare(request: SeriesRequest): SeriesHandle;
  /** A gauge's value, or a counter's absolute reading (increments are the sink's work). */
  set(handle: SeriesHandle, integer: number): void;
}

/**
 * Looks at one subject. A failing collector costs its own samples, never the report.
 * `discover` finds what is there, declares series and says what is absent; it runs at start and
 * again every `rediscoverMs` (hotplug). `collect` runs every step, or every `cadenceMs` where the
 * subject is slow; fast ones are synchronous and start no child process.
 */
export interface Collector {
  readonly subject: Subject;
  readonly cadenceMs: number;
  discover(): Discovery | Promise<Discovery>;
  collect(at: MonotonicMs): CollectProblem | null | Promise<CollectProblem | null>;
  close(): void;
}

export interface Discovery {
  /** A live view, which grows as slow tools answer, counts its changes here. */
  readonly revision?: number;
  readonly absences: readonly Absence[];
  /** Facts for the inventory that this subject knows. */
  readonly identity?: Partial<Identity>;
  /** Only from the power subject: the source of hw.host.power. */
  readonly powerSource?: string | null;
  /** Only from the boot subject. */
  readonly boot?: BootEvidence;
}

export interface CollectProblem {
  readonly detail: string;
  readonly absences: readonly Absence[];
}

export type { Absence, CollectorOutcome };
