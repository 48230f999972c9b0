import type { CapacityFigures } from "./capacity-figures.ts";
import type { FailureStore } from "./failure-figures.ts";
import type { PowerFigures } from "./power-figures.ts";

/** What reports need of a store; one implementation, both engines. */
export interface ReportStore extends FailureStore {
  /** The figures of a UTC day (`2026-11-23`); those of the same day before give way. */
  keep(figures: KeptFigures, day: string): Promise<void>;
  /** Those kept last at or before a moment. What a later release wrote is as not there. */
  keptBefore(atMs: number): Promise<KeptFigures | undefined>;
  /** When the oldest and the newest were kept; null: none are. */
  keptSpan(): Promise<{ readonly oldestMs: number; readonly newestMs: number } | null>;
  runs(): Promise<readonly ScheduleRun[]>;
  /** Whatever was noted of an earlier due time gives way; of a later one it stays. */
  noteRun(run: ScheduleRun): Promise<void>;
}

export interface KeptFigures {
  readonly capacity: CapacityFigures;
  readonly power: PowerFigures;
}

/** Days of which figures are kept; the oldest give way. */
export const keptDaysMax = 400;

/** How a schedule's last run went. */
export interface ScheduleRun {
  readonly name: string;
  /** For which due time; of a schedule that never ran, since when it is known. */
  readonly dueMs: number;
  readonly outcome: "none" | "done" | "failed";
  /** Of one due time: it is tried again, and then given up. */
  readonly attempts: number;
  readonly endedMs: number;
  /** The file's path, or what went wrong. */
  readonly detail: string;
  /** When it was last written well; null: never. */
  readonly doneMs: number | null;
}
