import { existsSync } from "node:fs";
import { readBonds } from "#agent/collectors/bonding.ts";
import type { Collector, SampleSink, SeriesRequest } from "#agent/collectors/collector.ts";
import { createCpuCollector } from "#agent/collectors/cpu.ts";
import { createProcessorCollector } from "#agent/collectors/cpu-online.ts";
import { CpuTimes, cpuModes, wholeHostRow } from "#agent/collectors/cpu-times.ts";
import { readCpuTopology } from "#agent/collectors/cpu-topology.ts";
import { findEdacCounters } from "#agent/collectors/edac.ts";
import { IntegerScanner } from "#agent/collectors/integer-scanner.ts";
import { collectPort, watchPort } from "#agent/collectors/links.ts";
import { isPort, listInterfaces, readLinkState } from "#agent/collectors/links-state.ts";
import { createErrorsCollector } from "#agent/collectors/machine-check-collector.ts";
import { createNumaCollector } from "#agent/collectors/numa.ts";
import { readNumaMemory, readNumaNodes } from "#agent/collectors/numa-nodes.ts";
import { createPressureCollector } from "#agent/collectors/pressure.ts";
import { readProcessor } from "#agent/collectors/processor.ts";
import { parseInteger } from "#agent/collectors/text.ts";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import type { RecordingReader } from "../reader.ts";
import { readRecording, recordingPath } from "../recordings-folder.ts";
import { openTreeSource } from "../tree-source.ts";

export const readers: readonly RecordingReader[] = [
  { matches: /^proc-sys\/[^/]+\/$/, read: readTree },
  { matches: /^proc-sys\/stat-pair_16cpu\/t[01]\/proc\/stat$/, read: readStat },
];

/** A tree through every collector of processors, memory and links, over one turn of a minute. */
function readTree(name: string): unknown {
  const source = openTreeSource(recordingPath(name));
  const topology = readCpuTopology(source);
  const online = new Set(topology.online);
  const sink = createNamedSink();
  const absences = new Map<string, string>();
  const note = (told: readonly Absence[]): void => {
    for (const { what, attributes, reason } of told) {
      const values = attributes.map(({ value }) => value).join(",");
      absences.set(values === "" ? what : `${what}{${values}}`, reason);
    }
  };
  for (const create of [
    createNumaCollector,
    createPressureCollector,
    createProcessorCollector,
    createErrorsCollector,
  ])
    runFor(create(source, sink), note);
  const ports = listInterfaces(source).filter((port) => isPort(source, port));
  for (const port of ports) note(collectPort(source, sink, watchPort(sink, port)));
  return {
    processor: readProcessor(source),
    cpus: topology,
    numa: Object.fromEntries(
      (readNumaNodes(source) ?? []).map(({ node, cpus }) => {
        const memory = readNumaMemory(source, node);
        return [
          node,
          {
            cpus: cpus.length,
            cpusOnline: cpus.filter((cpu) => online.has(cpu)).length,
            memoryTotalBytes: memory === null ? null : memory.totalKibibytes * 1024,
            memoryFreeBytes: memory === null ? null : memory.freeKibibytes * 1024,
          },
        ];
      }),
    ),
    stat: statOf(source),
    links: Object.fromEntries(
      listInterfaces(source).map((port) => [port, readLinkState(source, port)]),
    ),
    bonds: Object.fromEntries(
      readBonds(source).map((bond) => [bond.name, { ...bond, members: bond.members.length }]),
    ),
    errors: errorsOf(source),
    series: sink.values(),
    absences: Object.fromEntries(absences),
  };
}

function runFor(collector: Collector, note: (told: readonly Absence[]) => void): void {
  const found = collector.discover();
  if (!("absences" in found)) throw new Error(`${collector.subject} looks asynchronously`);
  note(found.absences);
  for (let at = 0; at < turnMs; at += collector.cadenceMs) {
    const problem = collector.collect(monotonicMs(at));
    if (problem !== null && "absences" in problem) note(problem.absences);
  }
  collector.close();
}

const turnMs = 60_000;

function errorsOf(source: HardwareSource): Readonly<Record<string, Record<string, unknown>>> {
  const parts: Record<string, Record<string, unknown>> = {};
  for (const { id, name, error, path } of findEdacCounters(source).counters) {
    const read = source.readText(path);
    parts[id] = { ...parts[id], label: name, [error]: read.ok ? parseInteger(read.value) : null };
  }
  return parts;
}

/** One of the two texts; the second with the shares since the first. */
function readStat(name: string): unknown {
  const earlier = name.replace("/t1/", "/t0/");
  const source = createMemorySource({ "/proc/stat": readRecording(earlier) });
  const sink = createNamedSink();
  const collector = createCpuCollector(source, sink);
  void collector.discover();
  void collector.collect(monotonicMs(0));
  if (earlier !== name && existsSync(recordingPath(name))) {
    source.put("/proc/stat", readRecording(name));
    void collector.collect(monotonicMs(1000));
  }
  return { stat: statOf(source), series: sink.values() };
}

function statOf(source: HardwareSource): unknown {
  const opened = source.openCounterFile("/proc/stat");
  const read = opened.ok ? opened.value.read() : opened;
  const times = new CpuTimes();
  if (!read.ok || !times.parse(new IntegerScanner(), read.value)) return null;
  const row = (index: number) =>
    Object.fromEntries(cpuModes.map((mode, column) => [mode, times.ticks(index, column)]));
  const numbers = times.numbers();
  return {
    ...row(wholeHostRow),
    cpus: numbers.length,
    byCpu: Object.fromEntries(numbers.map((number) => [number, row(number + 1)])),
  };
}

/** Keeps the last value of each series as `metric{attribute,…}`, in the unit that its exponent gives. */
function createNamedSink(): SampleSink & { values(): Readonly<Record<string, number>> } {
  const requests: SeriesRequest[] = [];
  const values = new Map<number, number>();
  const handles = new Map<string, number>();
  const nameOf = ({ metric, attributes }: SeriesRequest): string => {
    const shown = Object.entries(attributes)
      .filter(([key]) => key !== "hw.name" && key !== "hw.parent")
      .map(([, value]) => value)
      .join(",");
    return shown === "" ? metric : `${metric}{${shown}}`;
  };
  return {
    declare(request) {
      const name = nameOf(request);
      const known = handles.get(name);
      if (known !== undefined) return known;
      handles.set(name, requests.length);
      requests.push(request);
      return requests.length - 1;
    },
    set: (handle, integer) => values.set(handle, integer),
    values: () =>
      Object.fromEntries(
        requests.flatMap((request, handle) => {
          const value = values.get(handle);
          return value === undefined ? [] : [[nameOf(request), value * (request.quantum ?? 1)]];
        }),
      ),
  };
}
