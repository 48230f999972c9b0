import type { BootEvidence } from "#proto/messages/state.ts";

/** Why a boot began. */
export const rebootCauses = [
  "clean-reboot",
  "kernel-panic",
  "watchdog",
  "power-lost",
  "thermal-trip",
  "operator-power-cycle",
  "hardware-error",
  "firmware-reset",
  "unknown",
] as const;
export type RebootCause = (typeof rebootCauses)[number];

/** `certain`: something that saw it says so; `likely`: it fits and nothing else does; `possible`. */
export type RebootConfidence = "certain" | "likely" | "possible";

export interface RebootAnswer {
  /** When the new boot began by the host's clock; null where it does not say. */
  readonly bootedMs: number | null;
  /** When the manager first heard of it. */
  readonly noticedMs: number;
  readonly bootId: string;
  readonly previousBootId: string;
  readonly cause: RebootCause;
  readonly confidence: RebootConfidence;
  /** In words: what speaks for it, then what speaks against it. Never empty. */
  readonly because: readonly string[];
}

/** The newest figures of the boot before, as they stood when it fell silent. */
export interface LastSamples {
  /** How long before the last sign of life they were taken, ms; null: not known. */
  readonly observedMs: number | null;
  /** Distance to the nearest critical limit, °C, and of which part. */
  readonly thermalMargin: { readonly celsius: number; readonly part: string } | null;
  readonly hottest: { readonly celsius: number; readonly part: string } | null;
  readonly suppliesDown: readonly string[];
  readonly watts: number | null;
  readonly memoryUtilization: number | null;
  /** Share of the last seconds in which all tasks waited for memory. */
  readonly memoryPressure: number | null;
  readonly uncorrectedErrors: number;
}

export interface LinkTimeline {
  /** Last sign of life of the boot before, by the manager's clock; null: heard by another manager. */
  readonly lastHeardMs: number | null;
  /** First sign of life of the new boot. */
  readonly backMs: number;
}

/** Other hosts that fell silent in the same half minute. */
export interface LostNeighbours {
  readonly rack: { readonly lost: number; readonly of: number } | null;
  readonly site: { readonly lost: number; readonly of: number } | null;
}

export interface RebootFacts {
  readonly previousBootId: string;
  readonly bootId: string;
  /** null: the host's agent did not look. */
  readonly boot: BootEvidence | null;
  readonly last: LastSamples | null;
  readonly link: LinkTimeline;
  readonly neighbours: LostNeighbours;
}

/** What was noted when a new boot showed itself, until its own evidence has come. */
export interface PendingReboot {
  readonly previousBootId: string;
  readonly bootId: string;
  readonly link: LinkTimeline;
  readonly last: LastSamples | null;
}
