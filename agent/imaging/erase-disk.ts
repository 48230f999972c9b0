import type { TokenDisk } from "#proto/messages/reimage-token.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Fraction } from "#proto/vocabulary/units.ts";
import type { DiskHandle, DiskPort } from "./disk-port.ts";
import { eraseInDrive } from "./erase-in-drive.ts";
import type { EraseMethod } from "./erase-method.ts";
import type { DiskNote } from "./imaging-journal.ts";
import { digestSamples, planMarks, planSamples, writeMarks } from "./marks.ts";
import { openDisk } from "./open-disk.ts";
import { overwriteDisk } from "./overwrite.ts";
import { diskKey } from "./same-disk.ts";
import { type VerifyReport, verifyErase } from "./verify-erase.ts";

/** Of the closed list of reasons for which a host is set aside. */
export interface DiskFailure {
  readonly reason:
    | "disk-set"
    | "disk-dead"
    | "erase-refused"
    | "erase-unverified"
    | "sanitize-stuck";
  readonly words: string;
}

export interface EraseDiskAsk {
  readonly port: DiskPort;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly disk: TokenDisk;
  /** The ways of its class, the best first; never empty. */
  readonly methods: readonly EraseMethod[];
  readonly markSeed: string;
  readonly noted: DiskNote | null;
  readonly note: (note: DiskNote) => Promise<void>;
  /** Host-written erases go a few at a time: waits for its turn. */
  readonly inTurn: (work: () => Promise<StepResult>) => Promise<StepResult>;
  readonly onBeat: (step: DiskNote["state"], done: Fraction | null) => void;
}

export type StepResult = Result<void, DiskFailure>;

const sampleCount = 192;

/**
 * Marks, erases and verifies one disk, from wherever its note stands. A way that ends unverified is
 * followed by the next one of the same class, once; never by a weaker one. What was verified is read
 * from the note and not erased again.
 */
export async function eraseDisk(ask: EraseDiskAsk): Promise<Result<VerifyReport, DiskFailure>> {
  let note: DiskNote = ask.noted ?? (await lookBefore(ask));
  const keep = async (change: Partial<DiskNote>): Promise<void> => {
    note = { ...note, ...change };
    await ask.note(note);
  };
  if (note.report !== null && note.state === "verified") return ok(note.report);
  if (note.state === "marking") {
    if (ask.noted === null) await ask.note(note);
    const marked = await withDisk(ask, async (handle) => {
      const marks = planMarks(ask.markSeed, diskKey(ask.disk), ask.disk.sizeBytes);
      await writeMarks(handle, marks, (done) => ask.onBeat("marking", done as Fraction));
      return ok(undefined);
    });
    if (!marked.ok) return marked;
    await keep({ state: "marked" });
  }
  let last: DiskFailure = { reason: "erase-unverified", words: "no way of its class is left" };
  for (;;) {
    if (note.state !== "erased") {
      const isResumed = note.state === "erasing" && note.method !== null;
      if (!isResumed) {
        if (note.attempt >= attemptsMax) return fail(last);
        const method = ask.methods[note.attempt % ask.methods.length];
        if (method === undefined) return fail(last);
        await keep({ state: "erasing", method, attempt: note.attempt + 1, doneBytes: 0 });
      }
      const erased = await eraseOnce(ask, note, isResumed, keep);
      if (!erased.ok) {
        last = erased.problem;
        if (last.reason !== "erase-refused") return erased;
        await keep({ state: "marked" });
        continue;
      }
      await keep({ state: "erased" });
    }
    const verified = await verifyOnce(ask, note);
    if (verified.ok) {
      await keep({ state: "verified", report: verified.value });
      return verified;
    }
    if (verified.problem.reason !== "erase-unverified") return verified;
    last = verified.problem;
    await keep({ state: "marked" });
  }
}

/** Asks the disk what stands on it, before anything is written. Throws DiskError. */
async function lookBefore(ask: EraseDiskAsk): Promise<DiskNote> {
  const places = samplePlaces(ask);
  const read = await withDisk(ask, async (handle) => ok(await digestSamples(handle, places)));
  return {
    state: "marking",
    digests: read.ok ? read.value : [],
    method: null,
    attempt: 0,
    doneBytes: 0,
    report: null,
  };
}

async function eraseOnce(
  ask: EraseDiskAsk,
  { method, doneBytes }: DiskNote,
  isResumed: boolean,
  keep: (change: Partial<DiskNote>) => Promise<void>,
): Promise<StepResult> {
  const { clock, signal, disk } = ask;
  if (method === null) return fail({ reason: "erase-refused", words: "no method was noted" });
  const onBeat = (done: Fraction | null): void => ask.onBeat("erasing", done);
  const erase = (): Promise<StepResult> =>
    withDisk(ask, async (handle) => {
      const done =
        method === "overwrite"
          ? await overwriteDisk(handle, {
              sizeBytes: disk.sizeBytes,
              fromBytes: doneBytes,
              clock,
              signal,
              onBeat,
              onSettled: (settled) => keep({ doneBytes: settled }),
            })
          : await eraseInDrive(handle, {
              method,
              isResumed,
              estimateMs: (await handle.abilities()).estimateMs,
              clock,
              signal,
              onBeat,
            });
      if (done.ok) return done;
      const { kind, words } = done.problem;
      const reason =
        kind === "dead"
          ? "disk-dead"
          : kind === "sanitize-stuck" || kind === "stalled"
            ? "sanitize-stuck"
            : "erase-refused";
      return fail({ reason, words: `disk ${disk.serial}: ${words}` });
    });
  return method === "overwrite" ? ask.inTurn(erase) : erase();
}

function verifyOnce(ask: EraseDiskAsk, note: DiskNote): Promise<Result<VerifyReport, DiskFailure>> {
  const { disk, markSeed } = ask;
  const { fate } = disk;
  const { method } = note;
  if (method === null || fate.kind !== "erase")
    return Promise.resolve(fail({ reason: "erase-unverified", words: "nothing was to be erased" }));
  const samples = samplePlaces(ask).map((offsetBytes, at) => ({
    offsetBytes,
    digest: note.digests[at] ?? "-",
  }));
  return withDisk(ask, async (handle, found) => {
    const before = { seed: markSeed, key: diskKey(disk), samples };
    const verified = await verifyErase(handle, found, { method, class: fate.class }, before);
    if (verified.ok) return verified;
    const { kind, words } = verified.problem;
    const reason = kind === "dead" ? "disk-dead" : "erase-unverified";
    return fail({ reason, words: `disk ${disk.serial} after ${method}: ${words}` });
  });
}

async function withDisk<Value>(
  { port, disk }: EraseDiskAsk,
  work: (
    handle: DiskHandle,
    found: Parameters<typeof verifyErase>[1],
  ) => Promise<Result<Value, DiskFailure>>,
): Promise<Result<Value, DiskFailure>> {
  const opened = await openDisk(port, disk, "write");
  if (!opened.ok) {
    const { kind, words } = opened.problem;
    // It was there when the step began: one that does not come back died of it.
    const reason = kind === "dead" || kind === "missing" ? "disk-dead" : "disk-set";
    return fail({ reason, words });
  }
  try {
    return await work(opened.value.handle, opened.value.found);
  } finally {
    await opened.value.handle.close();
  }
}

function samplePlaces({ markSeed, disk }: EraseDiskAsk): readonly number[] {
  return planSamples(markSeed, diskKey(disk), disk.sizeBytes, sampleCount);
}

/** The first, and once more. */
const attemptsMax = 2;
