import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type {
  CounterFile,
  FilesystemSizes,
  HardwareSource,
  ReadProblem,
  SystemInformationCall,
  ToolAnswer,
  ToolProblem,
  ToolRequest,
} from "./hardware-source.ts";

/** One answer of the machine, as it was given. */
export type Answer =
  | {
      readonly kind: "file";
      readonly path: string;
      /** True for files read again and again: they hold figures, not names. */
      readonly isCounter: boolean;
      readonly offsetMs: number;
      readonly answer: Result<Uint8Array, ReadProblem>;
    }
  | {
      readonly kind: "directory";
      readonly path: string;
      readonly answer: Result<readonly string[], ReadProblem>;
    }
  | { readonly kind: "link"; readonly path: string; readonly answer: Result<string, ReadProblem> }
  | {
      readonly kind: "filesystem";
      readonly path: string;
      readonly answer: Result<FilesystemSizes, ReadProblem>;
    }
  | {
      readonly kind: "tool";
      readonly request: ToolRequest;
      /** When it was asked, monotonic; not known of answers that were made. */
      readonly askedMs?: number;
      readonly tookMs: number;
      readonly answer: Result<ToolAnswer, ToolProblem>;
    }
  | {
      readonly kind: "system-information";
      readonly call: SystemInformationCall;
      readonly answer: Result<unknown, ToolProblem>;
    };

/** The answers of one moment, by what was asked; the last one stands. */
export interface RecordedFrame {
  readonly atUnixMs: number;
  readonly atMonotonicMs: number;
  readonly tookMs: number;
  readonly answers: ReadonlyMap<string, Answer>;
}

/** A source that remembers each answer, problems included. Nothing reaches a disk here. */
export interface RecordingSource extends HardwareSource {
  /** Ends the frame and begins the next one. */
  takeFrame(): RecordedFrame;
  /** The frame counts from now: what was asked before keeps its place in it. */
  markBegin(): void;
  /** Whether the frame holds the answer to this call already: asking again costs a process. */
  hasAsked(call: SystemInformationCall): boolean;
}

export function recordSource(source: HardwareSource, clock: Clock): RecordingSource {
  let answers = new Map<string, Answer>();
  let beganUnixMs = clock.nowUnixMs();
  let beganMs = clock.nowMonotonicMs();
  const note = (answer: Answer): void => {
    answers.set(keyOf(answer), answer);
  };
  const offset = (): number => clock.nowMonotonicMs() - beganMs;
  const noteFile = (
    path: string,
    isCounter: boolean,
    answer: Result<Uint8Array, ReadProblem>,
  ): void => note({ kind: "file", path, isCounter, offsetMs: offset(), answer });
  const markBegin = (): void => {
    beganUnixMs = clock.nowUnixMs();
    beganMs = clock.nowMonotonicMs();
  };
  return {
    readText(path) {
      const answer = source.readText(path);
      noteFile(path, false, answer.ok ? { ok: true, value: encoder.encode(answer.value) } : answer);
      return answer;
    },
    listDirectory(path) {
      const answer = source.listDirectory(path);
      note({ kind: "directory", path, answer });
      return answer;
    },
    readLink(path) {
      const answer = source.readLink(path);
      note({ kind: "link", path, answer });
      return answer;
    },
    openCounterFile(path) {
      const opened = source.openCounterFile(path);
      if (!opened.ok) noteFile(path, true, opened);
      return opened.ok ? { ok: true, value: recordCounterFile(opened.value, noteFile) } : opened;
    },
    readFilesystem(path) {
      const answer = source.readFilesystem(path);
      note({ kind: "filesystem", path, answer });
      return answer;
    },
    async runTool(request) {
      const begin = clock.nowMonotonicMs();
      const answer = await source.runTool(request);
      note({
        kind: "tool",
        request,
        askedMs: begin,
        tookMs: clock.nowMonotonicMs() - begin,
        answer,
      });
      return answer;
    },
    async askSystemInformation(call) {
      const answer = await source.askSystemInformation(call);
      note({ kind: "system-information", call, answer });
      return answer;
    },
    takeFrame() {
      const frame = { atUnixMs: beganUnixMs, atMonotonicMs: beganMs, tookMs: offset(), answers };
      answers = new Map();
      markBegin();
      return frame;
    },
    markBegin,
    hasAsked: (call) => answers.has(systemInformationKey(call)),
  };
}

/** What was asked, as one word: two answers to the same question have the same key. */
export function keyOf(answer: Answer): string {
  if (answer.kind === "tool")
    return `tool ${argvKey([answer.request.tool, ...answer.request.args])}`;
  if (answer.kind === "system-information") return systemInformationKey(answer.call);
  return `${answer.kind} ${answer.path}`;
}

function systemInformationKey(call: SystemInformationCall): string {
  return `system-information ${call}`;
}

export function argvKey(argv: readonly string[]): string {
  return JSON.stringify(argv);
}

function recordCounterFile(
  file: CounterFile,
  noteFile: (path: string, isCounter: boolean, answer: Result<Uint8Array, ReadProblem>) => void,
): CounterFile {
  return {
    path: file.path,
    read() {
      const answer = file.read();
      // The view is only good until the next read; the recording keeps a copy.
      noteFile(file.path, true, answer.ok ? { ok: true, value: answer.value.slice() } : answer);
      return answer;
    },
    close: () => file.close(),
  };
}

const encoder = new TextEncoder();
