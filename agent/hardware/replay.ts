import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Fixture, History } from "./fixture.ts";
import { FixtureError } from "./fixture-format.ts";
import type { HardwareSource, ReadProblem, ToolProblem } from "./hardware-source.ts";
import { decodeText } from "./live-files.ts";
import { argvKey } from "./recording.ts";

/**
 * A recorded machine. A question that was not asked while recording is an error that names it, not
 * an ENOENT: that would have been recorded. Many sources may share one loaded fixture.
 */
export interface ReplaySource extends HardwareSource {
  readonly fixture: Fixture;
  /**
   * Goes to a step: the frame that many after the first. False, and nothing changes, behind the
   * last frame of a replay that does not loop.
   */
  moveTo(step: number): boolean;
  /** Time of the present frame since the first step, ms; goes on growing when looping. */
  elapsedMs(): number;
}

export interface ReplayOptions {
  /** Go on with the first frame after the last one; counters go on growing. Default: stop. */
  readonly isLooping?: boolean;
  /** Where to begin, in frames; spreads hosts of one fixture. */
  readonly firstFrame?: number;
  /** Move by itself: one frame every `frameMs` of this clock, from the first question on. */
  readonly follow?: { readonly clock: Clock; readonly frameMs: number };
}

export function openReplaySource(fixture: Fixture, options: ReplayOptions = {}): ReplaySource {
  const { isLooping = false, firstFrame = 0, follow } = options;
  const count = fixture.frames.length;
  const { looped } = fixture;
  const missingTools = findMissingTools(fixture);
  let position = firstFrame;
  let startMs: number | null = null;

  const moveTo = (step: number): boolean => {
    const next = firstFrame + step;
    if (next >= count && !isLooping) return false;
    position = next;
    return true;
  };
  const frame = (): number => {
    if (follow !== undefined) {
      const now = follow.clock.nowMonotonicMs();
      startMs ??= now;
      // To the nearest frame: a tick that comes a little early or late still meets its own.
      if (!moveTo(Math.round((now - startMs) / follow.frameMs)))
        throw new FixtureError(
          "REPLAY_ENDED",
          `${fixture.folder}: the recording has ${count} frames`,
        );
    }
    return position % count;
  };
  const answer = <Value, Problem>(
    histories: ReadonlyMap<string, History<Value, Problem>>,
    key: string,
  ): Result<Value, Problem> => {
    const found = histories.get(key)?.[frame()];
    if (found === undefined) throw notRecorded(fixture, key);
    return found;
  };
  const bytes = (path: string): Result<Uint8Array, ReadProblem> => {
    const found = answer(fixture.files, path);
    return found.ok && position >= count ? ok(looped.read(path, position)) : found;
  };

  return {
    fixture,
    moveTo,
    elapsedMs: () => looped.timeOf(position) - looped.timeOf(firstFrame),
    readText(path) {
      const read = bytes(path);
      return read.ok ? ok(decodeText(read.value)) : read;
    },
    listDirectory: (path) => answer(fixture.directories, path),
    readLink: (path) => answer(fixture.links, path),
    openCounterFile(path) {
      const history = fixture.files.get(path);
      if (history === undefined) throw notRecorded(fixture, path);
      const now = answer(fixture.files, path);
      if (!now.ok && now.problem.kind !== "failed") return now;
      return ok({ path, read: () => bytes(path), close: () => {} });
    },
    readFilesystem: (path) => answer(fixture.filesystems, path),
    // Rejections, not throws: a question that was not recorded fails where an answer would come.
    async runTool({ tool, args }) {
      const key = argvKey([tool, ...args]);
      // What was not installed is missing whatever it is asked, by a later release too.
      const missing = fixture.tools.has(key) ? undefined : missingTools.get(tool);
      return missing === undefined ? answer(fixture.tools, key) : fail(missing);
    },
    askSystemInformation: async (call) => answer(fixture.systemInformation, call),
  };
}

/** Tools that the machine had in no frame, with the answer that says so. */
function findMissingTools({ tools }: Fixture): ReadonlyMap<string, ToolProblem> {
  const missing = new Map<string, ToolProblem>();
  const there = new Set<string>();
  for (const [key, answers] of tools) {
    const [tool = ""] = JSON.parse(key) as readonly string[];
    for (const answer of answers) {
      if (answer === undefined) continue;
      if (!answer.ok && answer.problem.kind === "missing") missing.set(tool, answer.problem);
      else there.add(tool);
    }
  }
  for (const tool of there) missing.delete(tool);
  return missing;
}

function notRecorded(fixture: Fixture, what: string): FixtureError {
  return new FixtureError(
    "NOT_RECORDED",
    `${fixture.folder} does not hold the answer to ${what}; record it again`,
  );
}
