import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { absent, absentByRead } from "./absences.ts";
import type { Collector, SampleSink, SeriesHandle } from "./collector.ts";
import { IntegerScanner, wordBytes } from "./integer-scanner.ts";
import { openOnce } from "./open-once.ts";

const cadenceMs = 10_000;

/**
 * What the agent itself costs, with the children it waited for.
 * Source: /proc/self/stat, fields 14 to 17 in ticks of 1/100 s; /proc/self/status, VmRSS in kibibytes.
 */
export function createAgentCollector(source: HardwareSource, sink: SampleSink): Collector {
  const stat = openOnce(source, "/proc/self/stat");
  const status = openOnce(source, "/proc/self/status");
  const scanner = new IntegerScanner();
  let time: SeriesHandle = -1;
  let memory: SeriesHandle = -1;
  return {
    subject: "agent",
    cadenceMs,
    discover() {
      const read = stat.read();
      if (!read.ok)
        return { absences: [absentByRead("wws.agent.cpu.time", read.problem, "mount /proc")] };
      time = sink.declare({
        metric: "wws.agent.cpu.time",
        attributes: {},
        exponent: -2,
        cadenceMs,
      });
      memory = sink.declare({
        metric: "wws.agent.memory.usage",
        attributes: {},
        exponent: 0,
        quantum: 1024,
        cadenceMs,
      });
      return { absences: [] };
    },
    collect() {
      if (time < 0) return null;
      const readStat = stat.read();
      const ticks = readStat.ok ? parseProcessTicks(scanner, readStat.value) : null;
      const readStatus = status.read();
      const kibibytes = readStatus.ok ? parseResidentKibibytes(scanner, readStatus.value) : null;
      if (ticks !== null) sink.set(time, ticks);
      if (kibibytes !== null) sink.set(memory, kibibytes);
      if (ticks !== null && kibibytes !== null) return null;
      const absence = absent({
        what: ticks === null ? "wws.agent.cpu.time" : "wws.agent.memory.usage",
        reason: "unreadable-text",
        detail: "/proc/self/stat or /proc/self/status has another form",
      });
      return { detail: absence.detail, absences: [absence] };
    },
    close() {
      stat.close();
      status.close();
    },
  };
}

/** Ticks of user and system time, own and of children; the name before them may hold anything. */
export function parseProcessTicks(scanner: IntegerScanner, bytes: Uint8Array): number | null {
  const nameEnd = bytes.lastIndexOf(closingParenthesis);
  if (nameEnd < 0) return null;
  scanner.reset(bytes);
  // Behind the name: a state letter, ten numbers, then utime, stime, cutime, cstime.
  scanner.position = nameEnd + 1;
  for (let word = 0; word < 11; word += 1) {
    scanner.skipBlanks();
    const length = scanner.wordLength();
    if (length === 0) return null;
    scanner.position += length;
  }
  let ticks = 0;
  for (let field = 0; field < 4; field += 1) {
    const value = scanner.integer();
    if (value < 0) return null;
    ticks += value;
  }
  return ticks;
}

export function parseResidentKibibytes(scanner: IntegerScanner, bytes: Uint8Array): number | null {
  scanner.reset(bytes);
  while (!scanner.atEnd()) {
    if (scanner.take(residentKey)) {
      const value = scanner.integer();
      return value < 0 ? null : value;
    }
    scanner.skipLine();
  }
  return null;
}

const closingParenthesis = 0x29;
const residentKey = wordBytes("VmRSS:");
