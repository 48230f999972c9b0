import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, problemOf } from "./absences.ts";
import type { Collector, Discovery, SampleSink, SeriesHandle } from "./collector.ts";
import { readCpuTopology } from "./cpu-topology.ts";
import { declareFrequency, findFrequencyFiles, readFrequency } from "./frequency.ts";
import { Spread } from "./frequency-spread.ts";
import { StickyAbsences } from "./sticky-absences.ts";
import { declareThrottle, findThrottleFiles, readThrottle } from "./throttle.ts";

/** Each file is read once in this time … */
const turnMs = 60_000;
/** … and a share of them at each step. */
const cadenceMs = 5_000;
/** Where the same CPUs are online, every so many looks their folders are searched anew. */
const looksPerSearch = 10;

/**
 * How the processors run: how many are online, how fast, and how often heat slowed them.
 * Source: /sys/devices/system/cpu; see `readCpuTopology`, `findFrequencyFiles`, `findThrottleFiles`.
 */
export function createProcessorCollector(source: HardwareSource, sink: SampleSink): Collector {
  let spread = new Spread<() => Absence | null>([], 1);
  let known = "";
  let looks = 0;
  let listed = "";
  let found: Discovery | null = null;
  const sticky = new StickyAbsences();
  let latest = new Map<number, Absence>();
  let counts: readonly (readonly [SeriesHandle, number])[] = [];

  const reading =
    (handles: readonly SeriesHandle[], read: () => number | Absence) => (): Absence | null => {
      const value = read();
      if (typeof value !== "number") return value;
      for (const handle of handles) sink.set(handle, value);
      return null;
    };
  const declareCount = (state: string): SeriesHandle =>
    sink.declare({
      metric: "wws.cpu.count",
      attributes: { "wws.cpu.state": state },
      exponent: 0,
      cadenceMs,
    });

  return {
    subject: "processor",
    cadenceMs,
    discover(): Discovery {
      // Thousands of small files on a large host, and they change only with these two.
      const lists = ["online", "present"].map((name) => {
        const read = source.readText(`/sys/devices/system/cpu/${name}`);
        return read.ok ? read.value : null;
      });
      looks += 1;
      const isSame = JSON.stringify(lists) === listed;
      if (found !== null && isSame && looks % looksPerSearch !== 0) return found;
      listed = JSON.stringify(lists);
      const topology = readCpuTopology(source);
      const { online, present, switchedOff } = topology;
      const frequencies = findFrequencyFiles(source, online);
      const throttles = findThrottleFiles(source, topology);
      const absences = [...frequencies.absences, ...throttles.absences];
      const names = JSON.stringify([frequencies.files, throttles.files]);
      // A turn that is under way goes on where the machine is as it was.
      if (names !== known) {
        known = names;
        latest = new Map();
        spread = new Spread(
          [
            ...frequencies.files.map((file) =>
              reading(declareFrequency(sink, file, turnMs), () => readFrequency(source, file)),
            ),
            ...throttles.files.map((file) =>
              reading([declareThrottle(sink, file, turnMs)], () => readThrottle(source, file)),
            ),
          ].map((read, index) => {
            return () => {
              const absence = read();
              if (absence === null) latest.delete(index);
              else latest.set(index, absence);
              return absence;
            };
          }),
          turnMs / cadenceMs,
        );
      }
      counts = [];
      if (online.length > 0) counts = [[declareCount("online"), online.length]];
      if (online.length > 0 && present !== null)
        counts = [...counts, [declareCount("offline"), switchedOff.length]];
      else absences.push(notTold(online.length > 0 ? "present" : "online"));
      found = { absences };
      return found;
    },
    collect() {
      for (const [handle, count] of counts) sink.set(handle, count);
      for (const read of spread.next()) read();
      return problemOf(sticky.hold([...latest.values()]));
    },
    close: () => {},
  };
}

function notTold(file: string): Absence {
  return absent({
    what: "wws.cpu.count",
    attributes: file === "present" ? { "wws.cpu.state": "offline" } : {},
    reason: "no-kernel-interface",
    detail: `/sys/devices/system/cpu/${file}: not there or empty`,
  });
}
