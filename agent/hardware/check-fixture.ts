import {
  type AnswerKind,
  FixtureError,
  type FixtureFacts,
  type FrameFacts,
  type FrameProblem,
  type ToolFacts,
} from "./fixture-format.ts";
import type { FilesystemSizes, ReadProblem, ToolProblem } from "./hardware-source.ts";

/** fixture.json with every required field in its place, or a FixtureError that names the first that is not. */
export function checkFixtureFacts(value: unknown, folder: string): FixtureFacts {
  const facts = record(value, folder);
  if (facts["format"] !== 1)
    throw broken(`${folder}: format is ${String(facts["format"])}, this program reads 1`);
  for (const [name, kind] of Object.entries(requiredFields)) {
    const found = name.split(".").reduce<unknown>((at, key) => record(at, folder)[key], facts);
    const kinds: readonly string[] = kind.split("|");
    if (!kinds.includes(kindOf(found)))
      throw broken(`${folder}/fixture.json: ${name} is ${kindOf(found)}, must be ${kind}`);
  }
  for (const frame of array(facts["frames"], folder)) {
    const { dir, monotonicMs } = record(frame, folder);
    if (typeof dir !== "string" || typeof monotonicMs !== "number")
      throw broken(`${folder}: a frame without dir`);
  }
  return facts as unknown as FixtureFacts;
}

export function checkFrameFacts(value: unknown, folder: string): FrameFacts {
  const facts = record(value, folder);
  const { at, monotonicMs, tookMs } = facts;
  if (typeof at !== "string" || typeof monotonicMs !== "number" || typeof tookMs !== "number")
    throw broken(`${folder}: frame.json needs at, monotonicMs and tookMs`);
  return {
    at,
    monotonicMs,
    tookMs,
    deleted: array(facts["deleted"], folder).map((path) => text(path, folder)),
    directories: mapValues(facts["directories"], folder, (names) =>
      array(names, folder).map((name) => text(name, folder)),
    ),
    links: mapValues(facts["links"], folder, (target) => text(target, folder)),
    filesystems: mapValues(facts["filesystems"], folder, (sizes) => checkSizes(sizes, folder)),
    problems: array(facts["problems"], folder).map((problem) => checkProblem(problem, folder)),
    offsetsMs: mapValues(facts["offsetsMs"], folder, (offset) => number(offset, folder)),
  };
}

export function checkToolFacts(value: unknown, path: string): ToolFacts {
  const facts = record(value, path);
  const { exitCode, problem } = facts;
  if (exitCode !== null && typeof exitCode !== "number") throw broken(`${path}: exitCode`);
  return {
    argv: array(facts["argv"], path).map((word) => text(word, path)),
    ...(facts["offsetMs"] === undefined ? {} : { offsetMs: number(facts["offsetMs"], path) }),
    tookMs: number(facts["tookMs"], path),
    exitCode,
    problem: problem === null ? null : checkToolProblem(problem, path),
  };
}

function checkToolProblem(value: unknown, path: string): ToolProblem {
  const { kind, tool, detail } = record(value, path);
  const known = toolProblemKinds.find((name) => name === kind);
  if (known === undefined) throw broken(`${path}: problem.kind is ${String(kind)}`);
  return { kind: known, tool: text(tool, path), detail: text(detail, path) };
}

function checkProblem(value: unknown, folder: string): FrameProblem {
  const { of, path, kind, errno } = record(value, folder);
  const knownOf = answerKinds.find((name) => name === of);
  const knownKind = readProblemKinds.find((name) => name === kind);
  if (knownOf === undefined || knownKind === undefined)
    throw broken(`${folder}: a problem of ${String(of)} and kind ${String(kind)}`);
  return {
    of: knownOf,
    path: text(path, folder),
    kind: knownKind,
    errno: errno === null ? null : text(errno, folder),
  };
}

function checkSizes(value: unknown, folder: string): FilesystemSizes {
  const sizes = record(value, folder);
  return {
    sizeBytes: number(sizes["sizeBytes"], folder),
    freeBytes: number(sizes["freeBytes"], folder),
    availableBytes: number(sizes["availableBytes"], folder),
    files: number(sizes["files"], folder),
    filesFree: number(sizes["filesFree"], folder),
  };
}

function mapValues<Value>(
  value: unknown,
  folder: string,
  check: (value: unknown) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(record(value, folder)).map(([key, item]) => [key, check(item)]),
  );
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw broken(`${where}: an object is missing`);
  return value as Readonly<Record<string, unknown>>;
}

function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw broken(`${where}: a list is missing`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== "string") throw broken(`${where}: a text is missing`);
  return value;
}

function number(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw broken(`${where}: a number is missing`);
  return value;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function broken(message: string): FixtureError {
  return new FixtureError("FIXTURE_BROKEN", message);
}

const answerKinds: readonly AnswerKind[] = ["file", "directory", "link", "filesystem"];
const readProblemKinds: readonly ReadProblem["kind"][] = [
  "missing",
  "denied",
  "failed",
  "too-large",
];
const toolProblemKinds: readonly ToolProblem["kind"][] = [
  "missing",
  "denied",
  "timed-out",
  "failed",
];

const requiredFields: Readonly<Record<string, string>> = {
  name: "string",
  "machine.vendor": "string|null",
  "machine.model": "string|null",
  "machine.class": "string|null",
  "machine.biosVersion": "string|null",
  "machine.bmc": "object|null",
  "cpu.model": "string|null",
  "cpu.sockets": "number|null",
  "cpu.cores": "number|null",
  "cpu.threads": "number|null",
  "cpu.numaNodes": "number|null",
  "os.kernel": "string|null",
  "os.distribution": "string|null",
  "os.arch": "string|null",
  tools: "object",
  "recorder.version": "string",
  "recorder.uid": "number|null",
  "recorder.capabilities": "list",
  "recorder.recordedAt": "string",
  "state.power": "string",
  "state.load": "string|null",
  "state.known_faults": "list",
  frames: "list",
  denied: "list",
  "scrub.version": "number",
  "scrub.replaced": "object",
  "scrub.reviewedBy": "string|null",
  "synthetic.is": "boolean",
  "synthetic.what": "string|null",
  "provenance.recordedBy": "string",
  "provenance.source": "string|null",
  "provenance.licence": "string",
  "size.files": "number",
  "size.bytes": "number",
  sha256: "string",
  unknown: "object",
};
