import type { SelfTest } from "./smart-facts.ts";
import { type JsonObject, listOf, memberOf, numberOf, objectOf, textOf } from "./smart-json.ts";

/**
 * The newest self-test that came to a verdict; one that was aborted or still runs says nothing and
 * does not hide the one before it. The logs stand newest first.
 */
export function readSelfTest(drive: JsonObject): SelfTest | null {
  return readAta(drive) ?? readNvme(drive) ?? readScsi(drive);
}

function readAta(drive: JsonObject): SelfTest | null {
  const log = objectOf(drive["ata_smart_self_test_log"]);
  for (const kind of ["extended", "standard"]) {
    for (const entry of listOf(memberOf(log, kind, "table"), entriesMax)) {
      const status = objectOf(memberOf(entry, "status"));
      const passed = status["passed"];
      const result = { type: memberOf(entry, "type", "string"), status: status["string"] };
      if (typeof passed === "boolean") return selfTest(passed, result);
      // High half of the byte: 0 well, 1 and 2 stopped, 3 to 8 a fault, 15 still running.
      const value = numberOf(status["value"]);
      const code = value === null || value < 0 || value > 255 ? null : Math.floor(value / 16);
      if (code === 0 || (code !== null && code >= 3 && code <= 8))
        return selfTest(code === 0, result);
    }
  }
  return null;
}

/** NVMe base specification, Device Self-test log: 0 well, 5 to 7 failed, others stopped. */
function readNvme(drive: JsonObject): SelfTest | null {
  for (const entry of listOf(memberOf(drive, "nvme_self_test_log", "table"), entriesMax)) {
    const code = numberOf(memberOf(entry, "self_test_result", "value"));
    if (code === 0 || code === 5 || code === 6 || code === 7)
      return selfTest(code === 0, {
        type: memberOf(entry, "self_test_code", "string"),
        status: memberOf(entry, "self_test_result", "string"),
      });
  }
  return null;
}

/**
 * SPC-4 table of self-test results: 0 well, 1 and 2 stopped, 3 to 7 failed, 15 running. Where only
 * the words are given: "Completed", "Failed in segment --> 2", "Completed, segment failed".
 */
function readScsi(drive: JsonObject): SelfTest | null {
  for (let index = 0; index < entriesMax; index += 1) {
    const entry = drive[`scsi_self_test_${index}`];
    if (entry === undefined) continue;
    const code = numberOf(memberOf(entry, "result", "value"));
    const words = textOf(memberOf(entry, "result", "string"));
    const passed = code === null ? passedByWords(words) : passedByCode(code);
    if (passed !== null)
      return selfTest(passed, { type: memberOf(entry, "code", "string"), status: words });
  }
  return null;
}

function passedByCode(code: number): boolean | null {
  if (code === 0) return true;
  return code >= 3 && code <= 7 ? false : null;
}

function passedByWords(words: string | null): boolean | null {
  if (words === null) return null;
  if (/fail|unknown error/i.test(words)) return false;
  return /^completed/i.test(words) ? true : null;
}

function selfTest(
  passed: boolean,
  { type, status }: { readonly type: unknown; readonly status: unknown },
): SelfTest {
  return { passed, type: textOf(type), status: textOf(status) };
}

/** Drives keep 20 or 21. */
const entriesMax = 32;
