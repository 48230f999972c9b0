import type { AuditEntry, AuditStore } from "./audit-entry.ts";
import type { AuditVerdict } from "./verify.ts";

/** What is noted: the time is put to it. */
export type AuditNote = Omit<AuditEntry, "atMs">;

/**
 * The audit of the cell. Changes of the lifecycle write their entry themselves, in their own
 * transaction; everything else that somebody did or was denied is noted here.
 */
export interface Audit {
  /** Resolves when it is on disk. Throws SecretInAudit, and StoreError where it could not be written. */
  append(note: AuditNote): Promise<void>;
  /** Newest first. */
  list: AuditStore["list"];
  /** Follows the whole chain and compares it with every head that was exported. */
  verify(): Promise<AuditVerdict & { readonly exported: ExportedHead | null }>;
  /** Writes what was only counted so far. */
  stop(): Promise<void>;
}

/** The head as it was exported, and when. */
export interface ExportedHead {
  readonly seq: number;
  readonly sha256: string;
  readonly atMs: number;
}

/** Heads outside the database, oldest first; implemented in fleet/storage. */
export interface HeadsFile {
  /** Empty: there is none yet. Throws where there is one and it cannot be read. */
  read(): readonly ExportedHead[];
  write(heads: readonly ExportedHead[]): void;
}
