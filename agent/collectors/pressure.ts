import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { Collector, SampleSink, SeriesHandle } from "./collector.ts";
import { type OpenOnce, openOnce } from "./open-once.ts";

const resources = ["cpu", "memory", "io", "irq"] as const;
const kinds = ["some", "full"] as const;
const metric = "wws.pressure.stall_time";
/** The kernel brings the totals together every two seconds. */
const cadenceMs = 5_000;

/**
 * Time in which tasks waited for a processor, for memory or for I/O: some of them, or all at once.
 * Source: /proc/pressure/{cpu,memory,io,irq}, `some avg10=0.00 … total=14036781`, microseconds
 * (Documentation/accounting/psi.rst). `irq` came with 6.1 and may be missing; the folder is missing
 * where the kernel was started without pressure information.
 */
export function createPressureCollector(source: HardwareSource, sink: SampleSink): Collector {
  const files = new Map<string, OpenOnce>(
    resources.map((resource) => [resource, openOnce(source, `/proc/pressure/${resource}`)]),
  );
  let watched: readonly Watched[] = [];

  return {
    subject: "pressure",
    cadenceMs,
    discover() {
      const absences: Absence[] = [];
      const found: Watched[] = [];
      for (const [resource, file] of files) {
        const read = file.read();
        if (!read.ok) {
          if (resource !== "irq") absences.push(absentPressure(resource, read.problem));
          continue;
        }
        const totals = parsePressure(read.value);
        for (const kind of kinds)
          if (totals[kind] !== null)
            found.push({
              file,
              kind,
              handle: sink.declare({
                metric,
                attributes: { "wws.pressure.resource": resource, "wws.pressure.kind": kind },
                exponent: -6,
                cadenceMs,
              }),
            });
        if (totals.some === null && totals.full === null) absences.push(unreadable(resource, file));
      }
      watched = found;
      return { absences: found.length === 0 ? noneAtAll(absences) : absences };
    },
    collect() {
      const absences: Absence[] = [];
      for (const { file, kind, handle } of watched) {
        const read = file.read();
        if (!read.ok) {
          absences.push(absentByRead(metric, read.problem, "it was there before"));
          continue;
        }
        const total = parsePressure(read.value)[kind];
        if (total !== null) sink.set(handle, total);
      }
      return problemOf(absences);
    },
    close(): void {
      for (const file of files.values()) file.close();
    },
  };
}

interface Watched {
  readonly file: OpenOnce;
  readonly kind: "some" | "full";
  readonly handle: SeriesHandle;
}

export interface PressureTotals {
  /** Microseconds since boot; null: the text has no such line. */
  readonly some: number | null;
  readonly full: number | null;
}

/** One file of /proc/pressure. Of two lines of one kind the first counts. */
export function parsePressure(bytes: Uint8Array): PressureTotals {
  const text = new TextDecoder().decode(bytes.subarray(0, textBytesMax));
  const total = (kind: string): number | null => {
    const digits = new RegExp(`^${kind} [^\\n]{0,120}\\btotal=(\\d{1,19})\\b`, "m").exec(text)?.[1];
    const number = Number(digits ?? Number.NaN);
    return Number.isSafeInteger(number) ? number : null;
  };
  return { some: total("some"), full: total("full") };
}

type Problem = Parameters<typeof absentByRead>[1];

function absentPressure(resource: string, problem: Problem): Absence {
  const attributes = { "wws.pressure.resource": resource };
  // A kernel with the files and without the accounting refuses the read.
  if (problem.errno === "EOPNOTSUPP" || problem.errno === "ENOTSUP")
    return absent({
      what: metric,
      attributes,
      reason: "switched-off",
      detail: `${problem.path}: pressure information is off; start the kernel with psi=1`,
    });
  return absentByRead(metric, problem, "kernel before 4.20, or without psi=1", attributes);
}

/** One word for the whole folder where it is not there at all. */
function noneAtAll(absences: readonly Absence[]): readonly Absence[] {
  const [first] = absences;
  return first === undefined ? [] : [{ ...first, attributes: [] }];
}

function unreadable(resource: string, file: OpenOnce): Absence {
  return absent({
    what: metric,
    attributes: { "wws.pressure.resource": resource },
    reason: "unreadable-text",
    detail: `${file.path} has no line with a total`,
  });
}

const textBytesMax = 4096;
