import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";

/**
 * Interrupts that processors took for errors, all CPUs together, since boot. null: the kernel has
 * no such row (another architecture, or a kernel without machine checks).
 */
export interface MachineCheckCounts {
  /** Row MCE: exceptions, which are uncorrected errors. */
  readonly exceptions: number | null;
  /** Row THR: a bank of corrected errors passed its threshold. */
  readonly thresholds: number | null;
  /** Row DFR (AMD): deferred errors, uncorrected and not yet used. */
  readonly deferred: number | null;
}

/**
 * Source: /proc/interrupts, rows `MCE:`, `THR:`, `DFR:` of x86. `MCP:` counts how often the kernel
 * looked, which is no error. A row that is cut off counts as far as it goes; a sum past 2^53 is null.
 */
export function parseMachineChecks(bytes: Uint8Array): MachineCheckCounts {
  const found: Record<string, number | null> = {};
  let line = 0;
  while (line < bytes.length) {
    const next = bytes.indexOf(newline, line);
    const end = next < 0 ? bytes.length : next;
    const name = rowName(bytes, line, end);
    if (name !== null && found[name] === undefined) found[name] = sumOf(bytes, line, end);
    line = end + 1;
  }
  return {
    exceptions: found["MCE"] ?? null,
    thresholds: found["THR"] ?? null,
    deferred: found["DFR"] ?? null,
  };
}

/** The three letters before the colon of a row that counts errors. */
function rowName(bytes: Uint8Array, start: number, end: number): string | null {
  let at = start;
  while (at < end && bytes[at] === space) at += 1;
  if (at + 3 >= end || bytes[at + 3] !== colon) return null;
  const name = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
  return rows.has(name) ? name : null;
}

/** The numbers between the colon and the row's description. */
function sumOf(bytes: Uint8Array, start: number, end: number): number | null {
  let at = bytes.indexOf(colon, start) + 1;
  let sum = 0;
  let count = 0;
  while (at < end) {
    while (at < end && (bytes[at] === space || bytes[at] === tab)) at += 1;
    let value = 0;
    const first = at;
    for (; at < end; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const isNumber = at > first && (at === end || bytes[at] === space || bytes[at] === tab);
    if (!isNumber) break;
    sum += value;
    count += 1;
  }
  return count > 0 && Number.isSafeInteger(sum) ? sum : null;
}

/**
 * The kernel decodes a machine check into its log and keeps no count by part: rasdaemon does.
 * Source: /sys/devices/system/machinecheck (settings, no counts), /var/lib/rasdaemon.
 */
export function machineCheckAbsences(
  source: HardwareSource,
  counts: MachineCheckCounts,
): readonly Absence[] {
  const absences: Absence[] = [];
  if (counts.exceptions === null)
    absences.push(
      absent({
        what: "hw.errors",
        attributes: { "error.type": "machine_check" },
        reason: "no-kernel-interface",
        detail: source.listDirectory("/sys/devices/system/machinecheck").ok
          ? "/proc/interrupts has no row MCE though the kernel handles machine checks"
          : "/proc/interrupts has no row MCE: another architecture than x86, or a guest without machine checks",
      }),
    );
  const daemon = source.listDirectory("/var/lib/rasdaemon");
  if (!daemon.ok && daemon.problem.kind === "missing")
    absences.push(
      absent({
        what: "hw.errors",
        attributes: { "hw.type": "cpu" },
        reason: "tool-missing",
        detail:
          "/var/lib/rasdaemon: nobody keeps which part a machine check was; apt install rasdaemon",
      }),
    );
  return absences;
}

const rows: ReadonlySet<string> = new Set(["MCE", "THR", "DFR"]);
const space = 0x20;
const tab = 0x09;
const newline = 0x0a;
const colon = 0x3a;
const zero = 0x30;
