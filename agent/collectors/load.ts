import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead } from "./absences.ts";
import type { CollectProblem, SampleSink, SeriesHandle } from "./collector.ts";
import { openOnce } from "./open-once.ts";

export interface LoadReader {
  discover(): readonly Absence[];
  collect(): CollectProblem | null;
  close(): void;
}

/** Load over one minute. Source: /proc/loadavg, `12.34 11.22 10.01 13/2345 987654`. */
export function createLoadReader(source: HardwareSource, sink: SampleSink): LoadReader {
  const file = openOnce(source, "/proc/loadavg");
  let handle: SeriesHandle | null = null;
  const look = (): number | Absence => {
    const read = file.read();
    if (!read.ok) return absentByRead(metric, read.problem, "mount /proc");
    const hundredths = parseLoadHundredths(read.value);
    return hundredths ?? absent({ what: metric, reason: "unreadable-text", detail: file.path });
  };
  return {
    discover() {
      const found = look();
      if (typeof found !== "number") return [found];
      handle = sink.declare({ metric, attributes: {}, exponent: -2 });
      return [];
    },
    collect() {
      if (handle === null) return null;
      const found = look();
      if (typeof found !== "number") return { detail: found.detail, absences: [found] };
      sink.set(handle, found);
      return null;
    },
    close: () => file.close(),
  };
}

/** The first number of /proc/loadavg in hundredths, or null where it has another form or no host has it. */
export function parseLoadHundredths(bytes: Uint8Array): number | null {
  let value = 0;
  let decimals = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === point && decimals < 0) decimals = 0;
    else if (byte >= zero && byte <= zero + 9) {
      value = value * 10 + byte - zero;
      if (decimals >= 0) decimals += 1;
    } else break;
  }
  return decimals === 2 && value <= hundredthsMax ? value : null;
}

const metric = "system.cpu.load_average.1m";
/** As many tasks as Linux can number (PID_MAX_LIMIT, 4 Mi), all of them running. */
const hundredthsMax = 4 * 1024 * 1024 * 100;
const point = 0x2e;
const zero = 0x30;
