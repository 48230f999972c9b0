import type { FixtureFacts, FrameFacts, FrameProblem, ToolFacts } from "./fixture-format.ts";
import { frameFolder } from "./fixture-format.ts";
import type { FilesystemSizes } from "./hardware-source.ts";
import { formatUnixTime } from "./unix-time.ts";
import { type Answer, keyOf, type RecordedFrame } from "./recording.ts";
import type { FixtureFile } from "./scan-fixture.ts";
import { scrubAnswer } from "./scrub-answers.ts";
import type { Scrubber } from "#proto/scrub/scrubber.ts";

export interface RenderedFixture {
  /** Everything below frames/. */
  readonly files: readonly FixtureFile[];
  readonly frames: FixtureFacts["frames"];
  readonly denied: FixtureFacts["denied"];
}

/** The files of a recording, scrubbed; each frame holds only what changed since the one before. */
export function renderFixture(
  recorded: readonly RecordedFrame[],
  scrubber: Scrubber,
): RenderedFixture {
  const known = new Map<string, string>();
  const files: FixtureFile[] = [];
  const denied = new Map<string, string | null>();
  const firstMs = recorded[0]?.atMonotonicMs ?? 0;
  const frames = recorded.map((frame, index) => {
    const dir = frameFolder(index);
    const monotonicMs = Math.round(frame.atMonotonicMs - firstMs);
    const changed: Answer[] = [];
    for (const answer of frame.answers.values()) {
      const scrubbed = scrubAnswer(answer, scrubber);
      const content = contentOf(scrubbed);
      if (known.get(keyOf(scrubbed)) === content) continue;
      known.set(keyOf(scrubbed), content);
      changed.push(scrubbed);
      if (
        scrubbed.kind === "file" &&
        !scrubbed.answer.ok &&
        scrubbed.answer.problem.kind === "denied"
      )
        denied.set(scrubbed.path, scrubbed.answer.problem.errno);
    }
    files.push(...renderFrame(`frames/${dir}`, frame, changed, monotonicMs));
    return { dir, monotonicMs };
  });
  return { files, frames, denied: [...denied].map(([path, errno]) => ({ path, errno })) };
}

function renderFrame(
  folder: string,
  frame: RecordedFrame,
  changed: readonly Answer[],
  monotonicMs: number,
): readonly FixtureFile[] {
  const files: FixtureFile[] = [];
  const directories: Record<string, readonly string[]> = {};
  const links: Record<string, string> = {};
  const filesystems: Record<string, FilesystemSizes> = {};
  const problems: FrameProblem[] = [];
  const offsetsMs: Record<string, number> = {};
  let toolCount = 0;
  for (const answer of changed) {
    if (answer.kind === "tool") {
      toolCount += 1;
      files.push(
        ...renderTool(
          `${folder}/tools/${toolCount}-${answer.request.tool}`,
          answer,
          frame.atMonotonicMs,
        ),
      );
    } else if (answer.kind === "system-information") {
      files.push(renderSystemInformation(`${folder}/systeminformation/${answer.call}`, answer));
    } else if (!answer.answer.ok) {
      const { kind, errno } = answer.answer.problem;
      problems.push({ of: answer.kind, path: answer.path, kind, errno });
    } else if (answer.kind === "file") {
      if (answer.isCounter) offsetsMs[answer.path] = Math.round(answer.offsetMs * 10) / 10;
      const { value } = answer.answer;
      files.push({
        path: `${folder}/files${answer.path}`,
        bytes: value,
        isCounter: answer.isCounter,
      });
    } else if (answer.kind === "directory") directories[answer.path] = answer.answer.value;
    else if (answer.kind === "link") links[answer.path] = answer.answer.value;
    else filesystems[answer.path] = answer.answer.value;
  }
  const isDeleted = ({ of, kind }: FrameProblem): boolean =>
    of === "file" && kind === "missing" && monotonicMs > 0;
  const facts: FrameFacts = {
    at: formatUnixTime(frame.atUnixMs),
    monotonicMs,
    tookMs: Math.round(frame.tookMs),
    deleted: problems.filter(isDeleted).map(({ path }) => path),
    directories,
    links,
    filesystems,
    problems: problems.filter((problem) => !isDeleted(problem)),
    offsetsMs,
  };
  return [jsonFile(`${folder}/frame.json`, facts), ...files];
}

function renderTool(
  stem: string,
  { request, askedMs, tookMs, answer }: Extract<Answer, { kind: "tool" }>,
  beganMs: number,
) {
  const offsetMs = Math.round((askedMs ?? beganMs) - beganMs);
  const facts: ToolFacts = {
    argv: [request.tool, ...request.args],
    ...(offsetMs > 0 ? { offsetMs } : {}),
    tookMs: Math.round(tookMs),
    exitCode: answer.ok ? answer.value.exitCode : null,
    problem: answer.ok ? null : answer.problem,
  };
  const files = [jsonFile(`${stem}.meta.json`, facts)];
  if (answer.ok && answer.value.stdout !== "")
    files.push(textFile(`${stem}.stdout.txt`, answer.value.stdout));
  if (answer.ok && answer.value.stderr !== "")
    files.push(textFile(`${stem}.stderr.txt`, answer.value.stderr));
  return files;
}

function renderSystemInformation(
  stem: string,
  { call, answer }: Extract<Answer, { kind: "system-information" }>,
): FixtureFile {
  if (answer.ok) return jsonFile(`${stem}.json`, answer.value);
  const facts: ToolFacts = {
    argv: ["systeminformation", call],
    tookMs: 0,
    exitCode: null,
    problem: answer.problem,
  };
  return jsonFile(`${stem}.problem.json`, facts);
}

/** What an answer says, without when it was said: two equal ones need not be kept twice. */
function contentOf(answer: Answer): string {
  if (!answer.answer.ok) return `problem ${JSON.stringify(answer.answer.problem)}`;
  const { value } = answer.answer;
  return value instanceof Uint8Array
    ? `bytes ${Buffer.from(value).toString("latin1")}`
    : `value ${JSON.stringify(value)}`;
}

export function jsonFile(path: string, value: unknown): FixtureFile {
  return textFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

function textFile(path: string, text: string): FixtureFile {
  return { path, bytes: new TextEncoder().encode(text), isCounter: false };
}
