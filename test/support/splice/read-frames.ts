import { type Fixture, type History, loadFixture } from "#agent/hardware/fixture.ts";
import type { LookingTool, SystemInformationCall } from "#agent/hardware/hardware-source.ts";
import { type Answer, keyOf, type RecordedFrame } from "#agent/hardware/recording.ts";

/** The frames of a fixture as its recorder held them, each with every answer that stands in it. */
export function readFrames(folder: string): {
  readonly fixture: Fixture;
  readonly frames: readonly RecordedFrame[];
} {
  const fixture = loadFixture(folder);
  const frames = fixture.frames.map((frame, index): RecordedFrame => {
    const answers = new Map<string, Answer>();
    const note = (answer: Answer): void => {
      answers.set(keyOf(answer), answer);
    };
    each(fixture.files, index, (path, answer) => {
      const isCounter = fixture.frames.some(({ offsetsMs }) => path in offsetsMs);
      note({ kind: "file", path, isCounter, offsetMs: frame.offsetsMs[path] ?? 0, answer });
    });
    each(fixture.directories, index, (path, answer) => note({ kind: "directory", path, answer }));
    each(fixture.links, index, (path, answer) => note({ kind: "link", path, answer }));
    each(fixture.filesystems, index, (path, answer) => note({ kind: "filesystem", path, answer }));
    each(fixture.tools, index, (key, answer) => {
      // What was recorded was allowed then.
      const [tool = "", ...args] = JSON.parse(key) as string[];
      const request = { tool: tool as LookingTool, args, timeoutMs: 0 };
      note({ kind: "tool", request, tookMs: 0, answer });
    });
    each(fixture.systemInformation, index, (call, answer) =>
      note({ kind: "system-information", call: call as SystemInformationCall, answer }),
    );
    return {
      atUnixMs: Date.parse(frame.at),
      atMonotonicMs: frame.monotonicMs,
      tookMs: frame.tookMs,
      answers,
    };
  });
  return { fixture, frames };
}

function each<Value, Problem>(
  histories: ReadonlyMap<string, History<Value, Problem>>,
  frame: number,
  take: (key: string, answer: NonNullable<History<Value, Problem>[number]>) => void,
): void {
  for (const [key, history] of histories) {
    const answer = history[frame];
    if (answer !== undefined) take(key, answer);
  }
}
