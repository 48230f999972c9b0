import type { AuditVerdictView } from "#fleet/api/audit-schemas.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";

/** One way out of the program. */
export interface Outlet {
  write(text: string): void;
  /** Where it takes bytes that are no text; left out where it takes text alone. */
  readonly writeBytes?: (bytes: Uint8Array) => void;
  /** A person looks at it, not a program. */
  readonly isTerminal: boolean;
}

/** All that the command line knows of the world around it. */
export interface Terminal {
  /** Data only. */
  readonly stdout: Outlet;
  /** Progress, questions, complaints. */
  readonly stderr: Outlet;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it was started; `./data` is looked for here. */
  readonly folder: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** A fresh key for a request that must act once however often it is sent. */
  readonly newKey: () => string;
  /** Reads one line from a person; null where nobody is there to ask. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** The same without showing what is typed; absent where nobody is there. */
  readonly askSecret?: ((question: string) => Promise<string>) | null;
  /** Commands that need more than the API; handed in by the program that has it. */
  readonly local: LocalCommands;
}

export interface LocalCommands {
  /** `serve …`: runs the manager in this process; the exit code. */
  readonly serve?: (args: readonly string[]) => Promise<number>;
  /** Each effective setting and where it came from, or what is wrong with the configuration. */
  readonly readSettings?: (args: {
    readonly configFile: string | undefined;
  }) => Promise<
    | { readonly ok: true; readonly settings: readonly SettingLine[] }
    | { readonly ok: false; readonly problems: readonly string[] }
  >;
  /** Follows the audit of a store's file; throws where the file cannot be read. */
  readonly verifyAudit?: (args: {
    readonly store: string;
    readonly heads: string | null;
  }) => Promise<AuditVerdictView>;
}

export interface SettingLine {
  readonly name: string;
  readonly value: string;
  /** `default`, a file's path, an environment variable or a flag. */
  readonly source: string;
}
