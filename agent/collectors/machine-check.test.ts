import { describe, expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { fc } from "#test/support/properties.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { parseMachineChecks } from "./machine-check.ts";
import { createErrorsCollector } from "./machine-check-collector.ts";
import { findAerCounters, parseAer } from "./pci-aer.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const interrupts = (mce: string): string => `           CPU0       CPU1
  0:         18          0  IR-IO-APIC-edge      timer
 THR:          1          2   Threshold APIC interrupts
 DFR:          0          0   Deferred Error APIC interrupts
 MCE:          ${mce}   Machine check exceptions
 MCP:       2406       2399   Machine check polls
 ERR:          0
`;
const device = "/sys/bus/pci/devices/0000:01:00.0";
const aer = (total: number): string => `RxErr ${total}\nBadTLP 0\nTOTAL_ERR_COR ${total}\n`;
const files = {
  "/proc/interrupts": interrupts("0          0"),
  "/var/lib/rasdaemon/ras-mc_event.db": "",
  "/sys/devices/system/edac/mc/mc0/dimm0/dimm_label": "A1\n",
  "/sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count": "3\n",
  [`${device}/class`]: "0x020000\n",
  [`${device}/aer_dev_correctable`]: aer(5),
  [`${device}/aer_dev_nonfatal`]: "TLP 0\nTOTAL_ERR_NONFATAL 0\n",
  [`${device}/aer_dev_fatal`]: "TLP 0\nTOTAL_ERR_FATAL 0\n",
  "/sys/bus/pci/devices/0000:00:1f.0/class": "0x060100\n",
};

describe("parseMachineChecks", () => {
  test("all CPUs together, and how often the kernel looked is no error", () => {
    expect(parseMachineChecks(bytes(interrupts("2          1")))).toEqual({
      exceptions: 3,
      thresholds: 3,
      deferred: 0,
    });
  });

  test.each([
    ["", null],
    [" MCE:", null],
    [" MCE: x 5\n", null],
    [" MCE: 4", 4],
    [" MCE: 4 5 Machine 7 check\n", 9],
    [" MCE: 1\n MCE: 9\n", 1],
    [" MCE: -4 5\n", null],
    [" MCE: 9007199254740993 1\n", null],
    ["MCEX: 4\n", null],
  ])("%j gives %j", (text, exceptions) => {
    expect(parseMachineChecks(bytes(text)).exceptions).toBe(exceptions);
  });

  test("whatever the bytes, the answer is a count or none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const { exceptions } = parseMachineChecks(new Uint8Array([...bytes(" MCE: "), ...noise]));
        expect(exceptions === null || Number.isSafeInteger(exceptions)).toBe(true);
      }),
    );
  });
});

describe("the errors collector", () => {
  const start = (given: Readonly<Record<string, string>>) => {
    const source = createMemorySource(given);
    const sink = createValueSink();
    const collector = createErrorsCollector(source, sink);
    const found = collector.discover();
    if (!("absences" in found)) throw new Error("it looks at once");
    const turn = () => {
      sink.beginStep();
      let last: ReturnType<typeof collector.collect> = null;
      for (let at = 0; at < 60_000; at += collector.cadenceMs)
        last = collector.collect(monotonicMs(at));
      return last;
    };
    return { source, sink, collector, absences: found.absences, turn };
  };

  test("memory, processors and PCI Express, each part by its name", () => {
    const { sink, turn, absences } = start(files);
    expect(absences).toEqual([]);
    expect(turn()).toBeNull();
    expect(sink.values()).toEqual({
      "hw.errors{cpu,cpu,machine_check}": 0,
      "hw.errors{cpu,cpu,corrected_threshold}": 3,
      "hw.errors{cpu,cpu,deferred}": 0,
      "hw.errors{edac:mc0/dimm0,memory,corrected,A1,mc0}": 3,
      "hw.errors{pci:0000:01:00.0,network,pcie_correctable,0000:01:00.0}": 5,
      "hw.errors{pci:0000:01:00.0,network,pcie_nonfatal,0000:01:00.0}": 0,
      "hw.errors{pci:0000:01:00.0,network,pcie_fatal,0000:01:00.0}": 0,
    });
  });

  test("a counter that somebody reset shows what it counts now", () => {
    const { source, sink, turn } = start(files);
    void turn();
    source.put("/sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count", "0\n");
    void turn();
    expect(sink.value("hw.errors{edac:mc0/dimm0,memory,corrected,A1,mc0}")).toBe(0);
  });

  test("a counter that cannot be read is told while it cannot, and the others go on", () => {
    const { source, sink, turn } = start(files);
    const path = "/sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count";
    source.putProblem(path, "failed", "EIO");
    expect(turn()).toMatchObject({ absences: [{ what: "hw.errors", reason: "read-failed" }] });
    expect(sink.value("hw.errors{cpu,cpu,machine_check}")).toBe(0);
  });

  test("what a machine does not count is told, with the package that keeps the details", () => {
    const { absences, sink, turn } = start({ "/proc/interrupts": "  CPU0\n 1: 5 GICv3 timer\n" });
    void turn();
    expect(sink.names()).toEqual([]);
    expect(
      absences.map(({ reason, detail }) => [reason, /apt install (\w+)/.exec(detail)?.[1]]),
    ).toEqual([
      ["no-kernel-interface", undefined],
      ["no-kernel-interface", undefined],
      ["no-kernel-interface", undefined],
      ["tool-missing", "rasdaemon"],
    ]);
  });
});

describe("PCI Express", () => {
  test.each([
    ["RxErr 1\nBadTLP 2\nTOTAL_ERR_COR 3\n", 3],
    ["RxErr 1\nBadTLP 2\n", 3],
    ["", null],
    ["-1", null],
    ["TOTAL_ERR_COR 99999999999999999999\n", null],
    ["TOTAL_ERR_COR 5\nTOTAL_ERR_COR 9\n", 5],
  ])("%j is %j errors", (text, count) => {
    expect(parseAer(text)).toBe(count);
  });

  test("names that are no PCI addresses are left alone", () => {
    expect(
      findAerCounters(createMemorySource({ "/sys/bus/pci/devices/x/aer_dev_correctable": "" })),
    ).toEqual([]);
  });
});
