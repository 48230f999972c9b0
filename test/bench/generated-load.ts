import type { Collector, SampleSink, SeriesRequest } from "#agent/collectors/collector.ts";
import { generateLargeHost, largeHost } from "./generated-series.ts";

/** Steps of one large host, ready made, so that making them is not measured. */
export interface RecordedSteps {
  readonly steps: number;
  /** Step by step, one integer a series: gauges as they are, counters absolute. */
  readonly integers: Float64Array;
}

export const largeHostSeries =
  largeHost.cores +
  largeHost.disks * largeHost.diskCounters +
  largeHost.temperatures +
  largeHost.powers;

export function recordSteps(id: number, steps: number): RecordedSteps {
  const integers = new Float64Array(steps * largeHostSeries);
  const host = generateLargeHost(id);
  const totals = new Float64Array(largeHost.disks * largeHost.diskCounters);
  for (let step = 0; step < steps; step += 1) {
    const { cores, diskIncrements, sensors } = host.next().value;
    let at = step * largeHostSeries;
    for (const busy of cores) integers[at++] = Math.round(busy * 10);
    for (const [index, increment] of diskIncrements.flat().entries()) {
      const isBytes = index % largeHost.diskCounters === 1 || index % largeHost.diskCounters === 4;
      const total = (totals[index] ?? 0) + (isBytes ? increment / sectorBytes : increment);
      totals[index] = total;
      integers[at++] = total;
    }
    for (const [index, value] of sensors.entries()) {
      integers[at++] = Math.round(index < largeHost.temperatures ? value * 2 : value);
    }
  }
  return { steps, integers };
}

/** The first `series` of a large host's, in its order; more than it has begin with another one's. */
export function requestSeries(series: number): readonly SeriesRequest[] {
  return Array.from({ length: series }, (_, index) => {
    const part = Math.floor(index / largeHostSeries);
    return requestOf(index % largeHostSeries, part === 0 ? "" : `-${part}`);
  });
}

/** Sets one recorded step at each look; `onTaken` is told how many points that gave. */
export function createGeneratedLoad(
  sink: SampleSink,
  parts: {
    readonly requests: readonly SeriesRequest[];
    readonly recording: RecordedSteps;
    readonly firstStep: number;
    readonly onTaken: (samples: number) => void;
  },
): Collector {
  const { requests, recording, onTaken } = parts;
  const handles = requests.map((request) => sink.declare(request));
  const counters = requests.filter(({ metric }) => metric.startsWith("system.disk.")).length;
  let step = parts.firstStep;
  let isFirst = true;
  return {
    subject: "cpu",
    cadenceMs: 0,
    discover: () => ({ absences: [] }),
    collect() {
      const row = (step % recording.steps) * largeHostSeries;
      for (let index = 0; index < handles.length; index += 1) {
        const integer = recording.integers[row + (index % largeHostSeries)] ?? 0;
        sink.set(handles[index] ?? -1, integer);
      }
      // A counter's first reading gives no point, and one that begins again gives none either.
      const hasBase = !isFirst && step % recording.steps !== 0;
      onTaken(handles.length - (hasBase ? 0 : counters));
      isFirst = false;
      step += 1;
      return null;
    },
    close() {},
  };
}

const sectorBytes = 512;

/** What each of a disk's eight counters is called here, in the generator's order. */
const diskCounters = [
  { metric: "system.disk.operations", direction: "read", exponent: 0, quantum: 1 },
  { metric: "system.disk.io", direction: "read", exponent: 0, quantum: sectorBytes },
  { metric: "system.disk.operation_time", direction: "read", exponent: -3, quantum: 1 },
  { metric: "system.disk.operations", direction: "write", exponent: 0, quantum: 1 },
  { metric: "system.disk.io", direction: "write", exponent: 0, quantum: sectorBytes },
  { metric: "system.disk.operation_time", direction: "write", exponent: -3, quantum: 1 },
  { metric: "system.disk.io_time", direction: null, exponent: -3, quantum: 1 },
  { metric: "system.disk.operation_time", direction: "all", exponent: -3, quantum: 1 },
] as const satisfies readonly (Pick<SeriesRequest, "metric" | "exponent" | "quantum"> & {
  readonly direction: string | null;
})[];

function requestOf(index: number, suffix: string): SeriesRequest {
  if (index < largeHost.cores) {
    const attributes = { "cpu.logical_number": `${index}${suffix}` };
    return { metric: "system.cpu.utilization", attributes, exponent: -3 };
  }
  const inDisks = index - largeHost.cores;
  const counter = diskCounters[inDisks % largeHost.diskCounters];
  if (inDisks < largeHost.disks * largeHost.diskCounters && counter !== undefined) {
    const { metric, direction, exponent, quantum } = counter;
    const device = `nvme${Math.floor(inDisks / largeHost.diskCounters)}n1${suffix}`;
    const attributes = {
      "system.device": device,
      ...(direction === null ? {} : { "disk.io.direction": direction }),
    };
    return { metric, attributes, exponent, quantum };
  }
  const sensor = inDisks - largeHost.disks * largeHost.diskCounters;
  const attributes = { "hw.id": `sensor${sensor}${suffix}` };
  return sensor < largeHost.temperatures
    ? { metric: "hw.temperature", attributes, exponent: -1, quantum: 5 }
    : { metric: "hw.power", attributes, exponent: 0 };
}
