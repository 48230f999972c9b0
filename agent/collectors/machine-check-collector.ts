import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { Collector, Discovery, SampleSink, SeriesHandle } from "./collector.ts";
import { type ErrorCounter, edacFolder, findEdacCounters } from "./edac.ts";
import { Spread } from "./frequency-spread.ts";
import {
  type MachineCheckCounts,
  machineCheckAbsences,
  parseMachineChecks,
} from "./machine-check.ts";
import { findAerCounters, parseAer, pciFolder } from "./pci-aer.ts";
import { parseInteger } from "./text.ts";

const metric = "hw.errors";
const turnMs = 60_000;
const cadenceMs = 10_000;
/** Where the folders hold the same names, every so many looks what lies in them is searched anew. */
const looksPerSearch = 10;

/**
 * Errors that the hardware told the kernel of: memory (EDAC), processors (machine checks), PCI
 * Express (AER). Absolute counts since boot or since somebody reset them; a count may go back.
 */
export function createErrorsCollector(source: HardwareSource, sink: SampleSink): Collector {
  let spread = new Spread<() => void>([], 1);
  let known = "";
  let looks = 0;
  let foundIn = "";
  let found: Discovery | null = null;
  let problems = new Map<string, Absence>();
  // Opened for each look: of 480 CPUs the text is 2 MiB, and it is wanted once a minute.
  const readChecks = (): MachineCheckCounts | Absence => {
    const opened = source.openCounterFile("/proc/interrupts");
    const read = opened.ok ? opened.value.read() : opened;
    const counts = read.ok ? parseMachineChecks(read.value) : null;
    if (opened.ok) opened.value.close();
    if (!read.ok) return absentByRead(metric, read.problem, "mount /proc", checkAttributes);
    return counts ?? noChecks;
  };
  const declare = (attributes: Readonly<Record<string, string>>): SeriesHandle =>
    sink.declare({ metric, attributes, exponent: 0, cadenceMs: turnMs });

  const readCounter = (counter: ErrorCounter, handle: SeriesHandle) => (): void => {
    const attributes = { "hw.id": counter.id, "error.type": counter.error };
    const read = source.readText(counter.path);
    const count = read.ok
      ? counter.id.startsWith("pci:")
        ? parseAer(read.value)
        : parseInteger(read.value)
      : null;
    if (count !== null && count >= 0 && Number.isSafeInteger(count)) {
      problems.delete(counter.path);
      sink.set(handle, count);
      return;
    }
    problems.set(
      counter.path,
      read.ok
        ? absent({
            what: metric,
            attributes,
            reason: "unreadable-text",
            detail: `${counter.path} is not a count`,
          })
        : absentByRead(metric, read.problem, "it was there before", attributes),
    );
  };

  const search = (): Discovery => {
    const edac = findEdacCounters(source);
    const counters = [...edac.counters, ...findAerCounters(source)];
    const checks = readChecks();
    const absences = [...edac.absences];
    if (!counters.some(({ id }) => id.startsWith("pci:"))) absences.push(noAer());
    if ("what" in checks) absences.push(checks);
    else absences.push(...machineCheckAbsences(source, checks));
    const kinds = "what" in checks ? [] : checkKinds.filter(([field]) => checks[field] !== null);
    const names = JSON.stringify([counters, kinds]);
    if (names === known) return { absences };
    known = names;
    problems = new Map();
    const handles = kinds.map(([field, error]) => ({
      field,
      handle: declare({ ...checkAttributes, "error.type": error }),
    }));
    spread = new Spread(
      [
        (): void => {
          const now = readChecks();
          if ("what" in now) return void problems.set("/proc/interrupts", now);
          problems.delete("/proc/interrupts");
          for (const { field, handle } of handles) {
            const count = now[field];
            if (count !== null) sink.set(handle, count);
          }
        },
        ...counters.map((counter) => readCounter(counter, declare(attributesOf(counter)))),
      ],
      turnMs / cadenceMs,
    );
    return { absences };
  };

  return {
    subject: "errors",
    cadenceMs,
    discover(): Discovery {
      const folders = JSON.stringify(
        [edacFolder, pciFolder].map((folder) => {
          const listed = source.listDirectory(folder);
          return listed.ok ? listed.value : null;
        }),
      );
      looks += 1;
      if (found !== null && folders === foundIn && looks % looksPerSearch !== 0) return found;
      foundIn = folders;
      found = search();
      return found;
    },
    collect() {
      for (const read of spread.next()) read();
      return problemOf([...problems.values()]);
    },
    close: () => {},
  };
}

function attributesOf(counter: ErrorCounter): Readonly<Record<string, string>> {
  return {
    "hw.id": counter.id,
    ...(counter.type === null ? {} : { "hw.type": counter.type }),
    "error.type": counter.error,
    ...(counter.name === null ? {} : { "hw.name": counter.name }),
    ...(counter.parent === null ? {} : { "hw.parent": counter.parent }),
  };
}

function noAer(): Absence {
  return absent({
    what: metric,
    attributes: { "error.type": "pcie_correctable" },
    reason: "no-kernel-interface",
    detail:
      "/sys/bus/pci/devices/*/aer_dev_*: none; kernel before 4.19, or the firmware keeps AER to itself",
  });
}

const checkAttributes = { "hw.id": "cpu", "hw.type": "cpu" } as const;
const noChecks: MachineCheckCounts = { exceptions: null, thresholds: null, deferred: null };
const checkKinds = [
  ["exceptions", "machine_check"],
  ["thresholds", "corrected_threshold"],
  ["deferred", "deferred"],
] as const;
