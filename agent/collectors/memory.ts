import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { absent, absentByRead } from "./absences.ts";
import type { Collector, SampleSink, SeriesHandle } from "./collector.ts";
import { IntegerScanner } from "./integer-scanner.ts";
import { type MemoryField, type MemoryFigures, parseMemory } from "./memory-info.ts";
import { openOnce } from "./open-once.ts";

/**
 * Memory and swap.
 * Source: /proc/meminfo, kibibytes (Documentation/filesystems/proc.rst). States add up to the
 * limit: cached includes what of the slab can be given back; used is the rest.
 */
export function createMemoryCollector(source: HardwareSource, sink: SampleSink): Collector {
  const file = openOnce(source, "/proc/meminfo");
  const scanner = new IntegerScanner();
  const figures: MemoryFigures = new Float64Array(8);
  let handles: Handles | null = null;

  const declareAll = (hasSwap: boolean): Handles => {
    const bytes = { exponent: 0, quantum: 1024 } as const;
    const state = (name: string): SeriesHandle =>
      sink.declare({
        metric: "system.memory.usage",
        attributes: { "system.memory.state": name },
        ...bytes,
      });
    const swap = (name: string): SeriesHandle =>
      sink.declare({
        metric: "system.paging.usage",
        attributes: { "system.paging.state": name },
        ...bytes,
      });
    return {
      limit: sink.declare({ metric: "system.memory.limit", attributes: {}, ...bytes }),
      utilization: sink.declare({
        metric: "system.memory.utilization",
        attributes: {},
        exponent: -4,
      }),
      used: state("used"),
      free: state("free"),
      cached: state("cached"),
      buffers: state("buffers"),
      swapUsed: hasSwap ? swap("used") : null,
      swapFree: hasSwap ? swap("free") : null,
    };
  };

  return {
    subject: "memory",
    cadenceMs: 0,
    discover() {
      const read = file.read();
      if (!read.ok) {
        const absence = absentByRead(metric, read.problem, "mount /proc");
        return { absences: [absence, { ...absence, what: "memoryBytes" }] };
      }
      if (!parseMemory(scanner, read.value, figures))
        return { absences: [unreadable(), { ...unreadable(), what: "memoryBytes" }] };
      const hasSwap = (figures[field.swapTotal] ?? 0) > 0;
      handles = declareAll(hasSwap);
      return {
        absences: hasSwap
          ? []
          : [
              absent({
                what: "system.paging.usage",
                reason: "switched-off",
                detail: "/proc/meminfo SwapTotal is 0: no swap is set up",
              }),
            ],
        identity: { memoryBytes: (figures[field.total] ?? 0) * 1024 },
      };
    },
    collect() {
      if (handles === null) return null;
      const read = file.read();
      if (!read.ok) {
        const absence = absentByRead(metric, read.problem, "mount /proc");
        return { detail: absence.detail, absences: [absence] };
      }
      if (!parseMemory(scanner, read.value, figures))
        return { detail: "/proc/meminfo has no MemTotal and MemFree", absences: [unreadable()] };
      set(sink, handles, figures);
      return null;
    },
    close: () => file.close(),
  };
}

interface Handles {
  readonly limit: SeriesHandle;
  readonly utilization: SeriesHandle;
  readonly used: SeriesHandle;
  readonly free: SeriesHandle;
  readonly cached: SeriesHandle;
  readonly buffers: SeriesHandle;
  readonly swapUsed: SeriesHandle | null;
  readonly swapFree: SeriesHandle | null;
}

function set(sink: SampleSink, handles: Handles, figures: MemoryFigures): void {
  const of = (index: number): number => figures[index] ?? 0;
  const total = of(field.total);
  const free = of(field.free);
  const buffers = of(field.buffers);
  const cached = of(field.cached) + of(field.reclaimable);
  sink.set(handles.limit, total);
  sink.set(handles.free, free);
  sink.set(handles.buffers, buffers);
  sink.set(handles.cached, cached);
  sink.set(handles.used, Math.max(0, total - free - buffers - cached));
  if (total > 0)
    sink.set(handles.utilization, Math.round((1 - of(field.available) / total) * 10_000));
  if (handles.swapUsed !== null && handles.swapFree !== null) {
    sink.set(handles.swapUsed, of(field.swapTotal) - of(field.swapFree));
    sink.set(handles.swapFree, of(field.swapFree));
  }
}

function unreadable() {
  return absent({
    what: metric,
    reason: "unreadable-text",
    detail: "/proc/meminfo has no MemTotal and MemFree",
  });
}

const metric = "system.memory.usage";
const field = {
  total: 0,
  free: 1,
  available: 2,
  buffers: 3,
  cached: 4,
  reclaimable: 5,
  swapTotal: 6,
  swapFree: 7,
} as const satisfies Record<MemoryField, number>;
