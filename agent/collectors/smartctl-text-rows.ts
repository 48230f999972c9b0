import type { SmartAttribute } from "./smart-attributes.ts";
import type { SelfTest } from "./smart-facts.ts";
import { textOf } from "./smart-json.ts";

/** The lines of smartctl's text output that are rows of tables. Each answers null for another line. */

/**
 * `  5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       -       0`, and the
 * brief form `  5 Reallocated_Sector_Ct   PO--CK   100   100   010    -    0`.
 */
export function parseAttributeRow(line: string): SmartAttribute | null {
  const words = line.trim().split(/\s+/, 32);
  const [id, name, flags, value, worst, threshold] = words;
  if (id === undefined || !/^\d{1,3}$/.test(id) || name === undefined || flags === undefined)
    return null;
  const isFull = /^0x[0-9a-f]{4}$/i.test(flags);
  if (!isFull && !/^[POSRCK-]{6,8}$/.test(flags)) return null;
  if (![value, worst].every((word) => /^(?:\d{3}|---)$/.test(word ?? ""))) return null;
  const failed = words[isFull ? 8 : 6];
  const raw = words.slice(isFull ? 9 : 7);
  if (failed === undefined || raw.length === 0) return null;
  return {
    id: Number(id),
    name: textOf(name.slice(0, 64)) ?? "Unknown_Attribute",
    value: byteOf(value),
    threshold: byteOf(threshold),
    isFailingNow: /now/i.test(failed),
    rawText: raw.join(" "),
  };
}

/** `# 1  Short offline       Completed without error       00%       463         -`; null: no verdict. */
export function parseSelfTestRow(line: string): SelfTest | null {
  if (!/^#\s?\s?\d{1,2}\s/.test(line)) return null;
  const [, type, status] = line.replace(/^#\s*/, "").split(/\s{2,}/, 4);
  if (type === undefined || status === undefined) return null;
  const passed = /^Completed(?: without error|$)/i.test(status)
    ? true
    : /fail|unknown error|fatal/i.test(status)
      ? false
      : null;
  return passed === null ? null : { passed, type: textOf(type), status: textOf(status) };
}

/** PASSED, OK; FAILED!, FAILURE PREDICTION THRESHOLD EXCEEDED; null: neither. */
export function parseHealth(text: string): boolean | null {
  if (/fail|exceed|impending|predict|warning/i.test(text)) return false;
  return /^(?:PASSED|OK)\b/.test(text) ? true : null;
}

/**
 * The last column of the SCSI error counter log, over read, write and verify. null: no such log.
 * `read:   0  0  0  0  0  13.2  0`
 */
export function readUncorrectedRows(lines: readonly string[]): number | null {
  let sum: number | null = null;
  const start = lines.findIndex((line) => /^Error counter log:/i.test(line));
  if (start < 0) return null;
  for (const line of lines.slice(start, start + 12)) {
    const words = line.trim().split(/\s+/, 12);
    if (!/^(?:read|write|verify):$/i.test(words[0] ?? "") || words.length !== 8) continue;
    const last = words[7] ?? "";
    if (/^\d{1,15}$/.test(last)) sum = (sum ?? 0) + Number(last);
  }
  return sum;
}

/**
 * A number as locales group it: 6,001,175,126,016 and 4.000.787.030.016 and 6 001 175 126 016. What
 * follows it does not matter; null: no number, or one that no double holds.
 */
export function parseGrouped(text: string): number | null {
  const head = text.slice(0, 64).trim();
  const grouped = /^\d{1,3}(?:[,.' \u00a0\u202f\ufffd]\d{3})+(?!\d)/.exec(head)?.[0];
  const digits = grouped?.replace(/\D/g, "") ?? /^\d{1,20}/.exec(head)?.[0];
  if (digits === undefined) return null;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : null;
}

function byteOf(word: string | undefined): number | null {
  const number = word !== undefined && /^\d{1,3}$/.test(word) ? Number(word) : null;
  return number !== null && number <= 255 ? number : null;
}
