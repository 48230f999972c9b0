import type { EraseClass } from "#proto/messages/reimage-token.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { DiskError, type DiskHandle, type FoundDisk } from "./disk-port.ts";
import type { EraseMethod, InDriveMethod } from "./erase-method.ts";
import { digestBlock, markBytes, planMarks } from "./marks.ts";

/** What was on the disk before it was erased, as the journal kept it. */
export interface BeforeErase {
  readonly seed: string;
  readonly key: string;
  /** Ascending; each with its digest. */
  readonly samples: readonly { readonly offsetBytes: number; readonly digest: string }[];
}

export interface VerifyReport {
  readonly method: EraseMethod;
  readonly class: EraseClass;
  readonly marks: number;
  readonly samples: number;
  /** Of the disk's bytes that were read, 0–1. */
  readonly shareRead: number;
  readonly isReadWhole: boolean;
  /** Chance that this passes although so much of the disk was left as it was. */
  readonly missed: readonly { readonly leftShare: number; readonly chance: number }[];
  /** What the drive's own log says; null: the method has none. */
  readonly log: string | null;
}

export interface VerifyProblem {
  readonly kind: "mark-left" | "data-left" | "not-zero" | "log" | "dead";
  readonly words: string;
}

/** Read whole, to the last byte, because it takes no time worth saving. */
const wholeReadBytesMax = 1024 * 1024 * 1024;
const readBytes = 1024 * 1024;

/**
 * Whether a disk is empty, by looking: none of the marks, no sampled block as it was, zeros wherever
 * it looks where zeros were written, a clean log where there is one. It shares no code with what
 * erases, and takes nobody's word for it.
 */
export async function verifyErase(
  handle: DiskHandle,
  disk: FoundDisk,
  done: { readonly method: EraseMethod; readonly class: EraseClass },
  before: BeforeErase,
): Promise<Result<VerifyReport, VerifyProblem>> {
  try {
    await handle.settle();
    const log = await readLog(handle, done.method);
    if (!log.ok) return log;
    const isZeroed = done.method === "overwrite";
    const marks = planMarks(before.seed, before.key, disk.sizeBytes);
    const block = new Uint8Array(markBytes);
    for (const { offsetBytes, bytes } of marks) {
      await handle.read(offsetBytes, block);
      if (Buffer.compare(block, bytes) === 0 || sharesRun(block, bytes))
        return left("mark-left", `a mark of ours is still at byte ${offsetBytes}`);
      if (isZeroed && !isZero(block)) return left("not-zero", `byte ${offsetBytes} is not zero`);
    }
    for (const { offsetBytes, digest } of before.samples) {
      await handle.read(offsetBytes, block);
      if (digest !== "-" && digestBlock(block) === digest)
        return left("data-left", `what was at byte ${offsetBytes} is still there`);
      if (isZeroed && !isZero(block)) return left("not-zero", `byte ${offsetBytes} is not zero`);
    }
    const isReadWhole = disk.sizeBytes <= wholeReadBytesMax;
    if (isReadWhole) {
      const found = await readWhole(handle, disk.sizeBytes, marks, isZeroed);
      if (found !== null) return found;
    }
    const looked = marks.length + before.samples.filter(({ digest }) => digest !== "-").length;
    return ok({
      ...done,
      marks: marks.length,
      samples: before.samples.length,
      shareRead: isReadWhole
        ? 1
        : ((marks.length + before.samples.length) * markBytes) / disk.sizeBytes,
      isReadWhole,
      missed: [0.001, 0.01, 0.1].map((leftShare) => ({
        leftShare,
        chance: isReadWhole && isZeroed ? 0 : (1 - leftShare) ** looked,
      })),
      log: log.value,
    });
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return fail({ kind: "dead", words: cleanText(error.message) });
  }
}

/** null: nothing was found. A mark may have been moved: its beginning is looked for in every block. */
async function readWhole(
  handle: DiskHandle,
  sizeBytes: number,
  marks: readonly { readonly bytes: Uint8Array }[],
  isZeroed: boolean,
): Promise<Result<never, VerifyProblem> | null> {
  const beginnings = new Set(marks.map(({ bytes }) => hexOf(bytes, 0)));
  const buffer = new Uint8Array(Math.min(readBytes, sizeBytes));
  for (let at = 0; at < sizeBytes; at += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, sizeBytes - at));
    await handle.read(at, part);
    if (isZero(part)) continue;
    if (isZeroed) return left("not-zero", `something is left after byte ${at}`);
    for (let block = 0; block + 16 <= part.length; block += 512) {
      if (beginnings.has(hexOf(part, block)))
        return left("mark-left", `a mark of ours is at byte ${at + block}`);
    }
  }
  return null;
}

async function readLog(
  handle: DiskHandle,
  method: EraseMethod,
): Promise<Result<string | null, VerifyProblem>> {
  if (!hasLog(method)) return ok(null);
  const { state, isGloballyErased, said } = await handle.eraseStatus(method);
  const words = cleanText(said);
  if (state !== "done") return fail({ kind: "log", words: `the log says ${state}: ${words}` });
  if (isGloballyErased === false)
    return fail({ kind: "log", words: `the log is of an earlier sanitize: ${words}` });
  return ok(words);
}

function hasLog(method: EraseMethod): method is InDriveMethod {
  return method.startsWith("sanitize-");
}

/** Any 64 bytes of a mark in their place: a half erased one is none that was erased. */
function sharesRun(block: Uint8Array, mark: Uint8Array): boolean {
  for (let at = 0; at < mark.length; at += 64) {
    if (Buffer.compare(block.subarray(at, at + 64), mark.subarray(at, at + 64)) === 0) return true;
  }
  return false;
}

function isZero(bytes: Uint8Array): boolean {
  return zeros.equals(bytes) || bytes.every((byte) => byte === 0);
}

function hexOf(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, 16).toString("hex");
}

function left(kind: VerifyProblem["kind"], words: string): Result<never, VerifyProblem> {
  return fail({ kind, words });
}

const zeros = Buffer.alloc(readBytes);
