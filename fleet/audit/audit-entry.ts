import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * One thing that somebody did or was denied. Exactly one is written with each change of state, in the
 * same transaction. Never holds a secret.
 */
export interface AuditEntry {
  readonly atMs: UnixMs;
  /** A person's name, `health`, `planner`, `agent of HOST`. */
  readonly actor: string;
  readonly actorKind: "person" | "automation" | "agent";
  /** `host.phase`, `operation.start`, `hold.add`, `plan.apply`, `session.signin` … */
  readonly action: string;
  readonly outcome: "done" | "denied" | "failed";
  /** What it was done to. */
  readonly subject: {
    readonly kind:
      | "host"
      | "operation"
      | "plan"
      | "hold"
      | "lease"
      | "tenant"
      | "site"
      | "rack"
      | "estate"
      | "token"
      | "person"
      | "session"
      | "alert"
      | "cell";
    readonly id: string;
    readonly name: string;
    readonly serial: string | null;
    readonly rack: string | null;
  };
  readonly reason: string | null;
  readonly planHash: string | null;
  /** What changed, small: `{"from":"active","to":"drained"}`. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  /** SHA-256, hex, of what was written together with it; by the store, not by who fills the entry. */
  readonly changeSha256?: string;
}

/** An entry in its place in the chain. */
export interface AuditRecord extends AuditEntry {
  /** From 1, without holes. */
  readonly seq: number;
  /** SHA-256 of the record before, hex; 64 zeros for the first. */
  readonly previousSha256: string;
  /** SHA-256 over the entry's canonical JSON with `seq` and `previousSha256`, hex. */
  readonly sha256: string;
}

/** Append-only; implemented in fleet/storage on both engines. */
export interface AuditStore {
  /** For what is no change of the lifecycle: those write theirs with the change itself. */
  append(entry: AuditEntry): Promise<AuditRecord>;
  /** Newest first; `beforeSeq` pages on. */
  list(ask: {
    readonly beforeSeq: number | null;
    readonly limit: number;
    readonly subjectId?: string;
    readonly actor?: string;
    /** The whole word, or its beginning with a dot: `hold.`. */
    readonly action?: string;
    readonly outcome?: AuditEntry["outcome"];
    /** From this moment on, and before that one. */
    readonly fromMs?: number;
    readonly toMs?: number;
  }): Promise<readonly AuditRecord[]>;
  /** In the order of the chain, from `seq` on. */
  read(fromSeq: number, limit: number): Promise<readonly AuditRecord[]>;
}
