import type { TokenDisk } from "#proto/messages/reimage-token.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { type DiskHandle, DiskError, type DiskPort, type FoundDisk } from "./disk-port.ts";
import { isSameDisk } from "./same-disk.ts";

export interface OpenedDisk {
  readonly handle: DiskHandle;
  /** As read through the handle. */
  readonly found: FoundDisk;
}

/** `dead`: it is listed and does not answer. */
export type OpenProblem = {
  readonly kind: "missing" | "ambiguous" | "size" | "renamed" | "dead" | "in-use";
  readonly words: string;
};

/**
 * Opens a disk by serial and world-wide name in the step that writes it: the machine is listed anew,
 * and the device behind the open handle is asked once more, because a name may move between the two.
 */
export async function openDisk(
  port: DiskPort,
  expected: TokenDisk,
  access: "read" | "write",
): Promise<Result<OpenedDisk, OpenProblem>> {
  const serial = cleanText(expected.serial);
  let last: OpenProblem = { kind: "missing", words: `disk ${serial} is not there` };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const matches = (await port.list()).filter((disk) => isSameDisk(expected, disk));
    const [match] = matches;
    if (match === undefined)
      return fail({ kind: "missing", words: `disk ${serial} is not there any more` });
    if (matches.length > 1)
      return fail({
        kind: "ambiguous",
        words: `disk ${serial} is found ${matches.length} times`,
      });
    const opened = await openAndAsk(port, expected, match, access);
    if (opened.ok || opened.problem.kind !== "renamed") return opened;
    last = opened.problem;
  }
  return fail(last);
}

async function openAndAsk(
  port: DiskPort,
  expected: TokenDisk,
  { name }: FoundDisk,
  access: "read" | "write",
): Promise<Result<OpenedDisk, OpenProblem>> {
  const serial = cleanText(expected.serial);
  let handle: DiskHandle | null = null;
  try {
    handle = await port.open(name, access);
    const found = await handle.identify();
    const refusal = judgeOpened(expected, found, name);
    if (refusal === null) return ok({ handle, found });
    await handle.close();
    return fail(refusal);
  } catch (error) {
    await handle?.close();
    if (!(error instanceof DiskError)) throw error;
    if (error.code === "DISK_BUSY")
      return fail({
        kind: "in-use",
        words: `disk ${serial} (${name}) is in use: ${error.message}`,
      });
    return fail({
      kind: "dead",
      words: `disk ${serial} (${name}) does not answer: ${error.message}`,
    });
  }
}

function judgeOpened(expected: TokenDisk, found: FoundDisk, name: string): OpenProblem | null {
  const serial = cleanText(expected.serial);
  if (!isSameDisk(expected, found)) {
    const words = `${name} was disk ${serial} and is ${found.serial ?? "without a serial"} now`;
    return { kind: "renamed", words };
  }
  if (found.sizeBytes !== expected.sizeBytes) {
    const words = `disk ${serial} has ${found.sizeBytes} bytes now, the token says ${expected.sizeBytes}`;
    return { kind: "size", words };
  }
  const [use] = found.uses;
  if (use === undefined) return null;
  return { kind: "in-use", words: `disk ${serial}: ${use.kind} ${cleanText(use.what)}` };
}

const attemptsMax = 3;
