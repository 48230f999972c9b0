import type { FilesystemSizes, ReadProblem, ToolProblem } from "./hardware-source.ts";

/** fixture.json: what a person should know of a recording. null where unknown; docs/fixtures.md. */
export interface FixtureFacts {
  readonly format: 1;
  readonly name: string;
  readonly machine: {
    readonly vendor: string | null;
    readonly model: string | null;
    readonly class: string | null;
    readonly biosVersion: string | null;
    readonly bmc: { readonly kind: string; readonly version: string } | null;
  };
  readonly cpu: {
    readonly model: string | null;
    readonly sockets: number | null;
    readonly cores: number | null;
    readonly threads: number | null;
    readonly numaNodes: number | null;
  };
  readonly os: {
    readonly kernel: string | null;
    readonly distribution: string | null;
    readonly arch: string | null;
  };
  /** First word of what each looking tool says of its version; null: not installed, or not asked. */
  readonly tools: Readonly<Record<string, string | null>>;
  readonly recorder: {
    readonly version: string;
    readonly uid: number | null;
    readonly capabilities: readonly string[];
    readonly recordedAt: string;
  };
  readonly state: {
    readonly power: string;
    readonly load: string | null;
    readonly known_faults: readonly string[];
  };
  readonly frames: readonly { readonly dir: string; readonly monotonicMs: number }[];
  readonly denied: readonly { readonly path: string; readonly errno: string | null }[];
  readonly scrub: {
    readonly version: number;
    readonly replaced: Readonly<Record<string, number>>;
    readonly reviewedBy: string | null;
  };
  readonly synthetic: { readonly is: boolean; readonly what: string | null };
  readonly provenance: {
    readonly recordedBy: string;
    readonly source: string | null;
    readonly licence: string;
  };
  readonly size: { readonly files: number; readonly bytes: number };
  /** Of the sorted list of `sha256  path` lines of every file under frames/. */
  readonly sha256: string;
  /** Why each null above is null. */
  readonly unknown: Readonly<Record<string, string>>;
}

/** frames/NNNN/frame.json: answers that are not the text of a file. Only what changed since before. */
export interface FrameFacts {
  readonly at: string;
  /** Since the first frame. */
  readonly monotonicMs: number;
  readonly tookMs: number;
  /** Files that were there in an earlier frame and are missing now. */
  readonly deleted: readonly string[];
  /** Names as they were listed, order kept. */
  readonly directories: Readonly<Record<string, readonly string[]>>;
  /** Targets as they stand. */
  readonly links: Readonly<Record<string, string>>;
  readonly filesystems: Readonly<Record<string, FilesystemSizes>>;
  readonly problems: readonly FrameProblem[];
  /** When in the frame each counter file was read, ms after its begin. */
  readonly offsetsMs: Readonly<Record<string, number>>;
}

export interface FrameProblem {
  readonly of: AnswerKind;
  readonly path: string;
  readonly kind: ReadProblem["kind"];
  readonly errno: string | null;
}

export type AnswerKind = "file" | "directory" | "link" | "filesystem";

/** frames/NNNN/tools/N-TOOL.meta.json, beside N-TOOL.stdout.txt and N-TOOL.stderr.txt. */
export interface ToolFacts {
  readonly argv: readonly string[];
  /** When in the frame it was asked, ms after its begin; not there: before or at it. */
  readonly offsetMs?: number;
  readonly tookMs: number;
  readonly exitCode: number | null;
  /** Set instead of an exit code when the tool gave no answer. */
  readonly problem: ToolProblem | null;
}

/** A recording that cannot be trusted, or a read outside of it. */
export class FixtureError extends Error {
  override readonly name = "FixtureError";
  readonly code: "FIXTURE_BROKEN" | "NOT_RECORDED" | "REPLAY_ENDED" | "NOT_CLEAN";

  constructor(code: FixtureError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** A folder name of a frame: 0000, 0001 … */
export function frameFolder(index: number): string {
  return String(index).padStart(4, "0");
}

/** Largest fixture that is kept in the repository. */
export const fixtureBytesMax = 3 * 1024 * 1024;
