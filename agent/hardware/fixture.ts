import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import {
  type AnswerKind,
  type FixtureFacts,
  FixtureError,
  type FrameFacts,
  frameFolder,
  type ToolFacts,
} from "./fixture-format.ts";
import type { FilesystemSizes, ReadProblem, ToolAnswer, ToolProblem } from "./hardware-source.ts";
import { checkFixtureFacts, checkFrameFacts, checkToolFacts } from "./check-fixture.ts";
import { LoopedFiles } from "./looped-files.ts";
import { argvKey } from "./recording.ts";

/** Everything a replay answers, by what is asked; one entry a frame, so a look-up is an index. */
export interface Fixture {
  readonly folder: string;
  readonly facts: FixtureFacts;
  readonly frames: readonly FrameFacts[];
  readonly files: ReadonlyMap<string, History<Uint8Array, ReadProblem>>;
  readonly directories: ReadonlyMap<string, History<readonly string[], ReadProblem>>;
  readonly links: ReadonlyMap<string, History<string, ReadProblem>>;
  readonly filesystems: ReadonlyMap<string, History<FilesystemSizes, ReadProblem>>;
  readonly tools: ReadonlyMap<string, History<ToolAnswer, ToolProblem>>;
  readonly systemInformation: ReadonlyMap<string, History<unknown, ToolProblem>>;
  /** The files in later passes; one for all sources of this fixture. */
  readonly looped: LoopedFiles;
}

/** What stands at each frame; undefined: was not asked for up to then. */
export type History<Value, Problem> = readonly (Result<Value, Problem> | undefined)[];

/** Reads a fixture folder whole. Frame n holds what changed since n − 1. Throws FixtureError. */
export function loadFixture(folder: string): Fixture {
  const facts = checkFixtureFacts(readJson(join(folder, "fixture.json")), folder);
  const loading = {
    files: new Map(),
    directories: new Map(),
    links: new Map(),
    filesystems: new Map(),
    tools: new Map(),
    systemInformation: new Map(),
  } satisfies Loading;
  const frames = facts.frames.map(({ dir }, index) => {
    if (dir !== frameFolder(index))
      throw new FixtureError(
        "FIXTURE_BROKEN",
        `${folder}: frame ${index} is in ${dir}, not ${frameFolder(index)}`,
      );
    const frame = join(folder, "frames", dir);
    const frameFacts = checkFrameFacts(readJson(join(frame, "frame.json")), frame);
    loadFrame(loading, frame, frameFacts, index);
    return frameFacts;
  });
  if (frames.length === 0) throw new FixtureError("FIXTURE_BROKEN", `${folder}: no frames`);
  for (const histories of Object.values(loading)) fillForward(histories, frames.length);
  const frameMs = frames.map(({ monotonicMs }) => monotonicMs);
  return { folder, facts, frames, ...loading, looped: new LoopedFiles(frameMs, loading.files) };
}

interface Loading {
  readonly files: Histories<Uint8Array, ReadProblem>;
  readonly directories: Histories<readonly string[], ReadProblem>;
  readonly links: Histories<string, ReadProblem>;
  readonly filesystems: Histories<FilesystemSizes, ReadProblem>;
  readonly tools: Histories<ToolAnswer, ToolProblem>;
  readonly systemInformation: Histories<unknown, ToolProblem>;
}

type Histories<Value, Problem> = Map<string, (Result<Value, Problem> | undefined)[]>;

function loadFrame(loading: Loading, frame: string, facts: FrameFacts, index: number): void {
  const files = join(frame, "files");
  for (const path of filesBelow(files))
    put(loading.files, path.slice(files.length), index, ok(bytesOf(path)));
  for (const [path, names] of Object.entries(facts.directories))
    put(loading.directories, path, index, ok(names));
  for (const [path, target] of Object.entries(facts.links))
    put(loading.links, path, index, ok(target));
  for (const [path, sizes] of Object.entries(facts.filesystems))
    put(loading.filesystems, path, index, ok(sizes));
  for (const path of facts.deleted)
    put(loading.files, path, index, fail({ kind: "missing", path, errno: "ENOENT" } as const));
  for (const { of, path, kind, errno } of facts.problems)
    putProblem(loading, of, index, { kind, path, errno });
  for (const path of filesBelow(join(frame, "tools"))) {
    if (!path.endsWith(".meta.json")) continue;
    const tool = checkToolFacts(readJson(path), path);
    put(
      loading.tools,
      argvKey(tool.argv),
      index,
      toolAnswer(path.slice(0, -".meta.json".length), tool),
    );
  }
  for (const path of filesBelow(join(frame, "systeminformation"))) {
    const name = basename(path);
    if (name.endsWith(".problem.json")) {
      const tool = checkToolFacts(readJson(path), path);
      if (tool.problem !== null)
        put(loading.systemInformation, tool.argv[1] ?? "", index, fail(tool.problem));
    } else put(loading.systemInformation, name.replace(/\.json$/, ""), index, ok(readJson(path)));
  }
}

function putProblem(loading: Loading, of: AnswerKind, index: number, problem: ReadProblem): void {
  if (of === "file") put(loading.files, problem.path, index, fail(problem));
  else if (of === "directory") put(loading.directories, problem.path, index, fail(problem));
  else if (of === "link") put(loading.links, problem.path, index, fail(problem));
  else put(loading.filesystems, problem.path, index, fail(problem));
}

function toolAnswer(stem: string, tool: ToolFacts): Result<ToolAnswer, ToolProblem> {
  if (tool.problem !== null) return fail(tool.problem);
  const text = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  const stdout = text(`${stem}.stdout.txt`);
  return ok({ exitCode: tool.exitCode ?? 0, stdout, stderr: text(`${stem}.stderr.txt`) });
}

function put<Value, Problem>(
  histories: Histories<Value, Problem>,
  key: string,
  index: number,
  answer: Result<Value, Problem>,
): void {
  const history = histories.get(key) ?? [];
  history[index] = answer;
  histories.set(key, history);
}

function fillForward(histories: Histories<unknown, unknown>, count: number): void {
  for (const history of histories.values())
    for (let index = 0; index < count; index += 1) history[index] ??= history[index - 1];
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FixtureError("FIXTURE_BROKEN", `${path}: ${why}`);
  }
}
