export const reportKinds = ["capacity", "power", "failures"] as const;
export type ReportKind = (typeof reportKinds)[number];

export const reportFormats = ["json", "csv", "html", "parquet"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** null: not known, or it has no meaning in this row; never zero. */
export type ReportCell = string | number | null;

export interface ReportColumn {
  /** Name in every form, with its unit where it has one: `now_watts`, `memory_bytes`. */
  readonly key: string;
  /** Heading for people: `NOW`. */
  readonly title: string;
  /** UCUM: `W`, `By`, `1` for a share, `{host}`; null: text. */
  readonly unit: string | null;
  /** What a table of 80 columns leaves out. */
  readonly isWideOnly: boolean;
  /** One sentence: what it counts, and how rows of it add up. */
  readonly meaning: string;
}

/** By column key; every column of the report is in it. */
export type ReportRow = Readonly<Record<string, ReportCell>>;

/** Over how long figures were watched, and how much of that was seen. */
export interface ReportWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** In words: `one-minute sums of measured watts; p95 by nearest rank`. */
  readonly statistic: string;
}

/** One table with all that says what its figures are. The same rows go into every form. */
export interface Report {
  /** `wws.report.capacity.v1`: a change that breaks readers is another version. */
  readonly schema: string;
  readonly kind: ReportKind;
  readonly cell: string;
  /** When it was made. */
  readonly madeMs: number;
  /** The moment of which it speaks. */
  readonly atMs: number;
  readonly window: ReportWindow | null;
  readonly selector: string | null;
  /** By what rows are split; the first columns. */
  readonly group: readonly string[];
  readonly columns: readonly ReportColumn[];
  /** In the order of their group's values. */
  readonly rows: readonly ReportRow[];
  /** Over all rows; texts are null. null: rows of this report do not add up. */
  readonly total: ReportRow | null;
  readonly coverage: { readonly share: number; readonly words: string };
  /** What a reader must know beside the figures. */
  readonly notes: readonly string[];
}

/** What was asked cannot be answered, and why. `earliestMs`: from when on it can. */
export interface ReportRefusal {
  readonly kind: "bad-group" | "bad-selector" | "past-unknown" | "bad-window";
  readonly words: string;
  readonly hint: string;
}

/** Rows of a report are bounded: a coarser group says the same in fewer. */
export const reportRowsMax = 50_000;
