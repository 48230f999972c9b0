import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { absent, absentByRead } from "./absences.ts";
import type { Collector, CollectProblem, SampleSink, SeriesHandle } from "./collector.ts";
import { IntegerScanner } from "./integer-scanner.ts";
import { NetworkCounters, networkColumnCount, parseInterfaceNames } from "./network-counters.ts";
import { choosePhysicalInterfaces } from "./network-discovery.ts";
import { openOnce } from "./open-once.ts";
import { countersWrapAfter, WrappingCounters } from "./wrapping-counters.ts";

/**
 * What the physical network interfaces moved. Bonds, bridges, VLANs and virtual functions are not
 * declared: their traffic is counted on the interface below, and sums must not count it twice.
 * Source: /proc/net/dev.
 */
export function createNetworkCollector(source: HardwareSource, sink: SampleSink): Collector {
  const file = openOnce(source, "/proc/net/dev");
  const scanner = new IntegerScanner();
  let interfaces: readonly Interface[] = [];
  let counters = new NetworkCounters([]);
  let key = "";

  return {
    subject: "network",
    cadenceMs: 0,
    discover() {
      const read = file.read();
      if (!read.ok)
        return { absences: [absentByRead("system.network.io", read.problem, "mount /proc")] };
      const listed = parseInterfaceNames(read.value);
      const names = choosePhysicalInterfaces(source, listed);
      if (names.join(" ") !== key) {
        key = names.join(" ");
        counters = new NetworkCounters(names);
        interfaces = names.map((name) => declareInterface(sink, name));
      }
      return { absences: names.length > 0 ? [] : [noInterface(listed)] };
    },
    collect(): CollectProblem | null {
      if (interfaces.length === 0) return null;
      const read = file.read();
      if (!read.ok) {
        const absence = absentByRead("system.network.io", read.problem, "mount /proc");
        return { detail: absence.detail, absences: [absence] };
      }
      counters.parse(scanner, read.value);
      for (let index = 0; index < interfaces.length; index += 1) {
        const found = interfaces[index];
        if (found === undefined || !counters.seen(index)) continue;
        for (let column = 0; column < networkColumnCount; column += 1) {
          const reading = counters.reading(index, column);
          sink.set(found.handles[column] ?? -1, found.wrapping.unwrap(column, reading));
        }
      }
      return null;
    },
    close: () => file.close(),
  };
}

interface Interface {
  readonly handles: readonly SeriesHandle[];
  readonly wrapping: WrappingCounters;
}

/** In the order of `networkColumns`. */
function declareInterface(sink: SampleSink, name: string): Interface {
  const metrics = [
    "system.network.io",
    "system.network.packets",
    "system.network.errors",
    "system.network.dropped",
  ] as const;
  const handles = (["receive", "transmit"] as const).flatMap((direction) =>
    metrics.map((metric) =>
      sink.declare({
        metric,
        attributes: { "network.interface.name": name, "network.io.direction": direction },
        exponent: 0,
        wrapsAfter: countersWrapAfter,
      }),
    ),
  );
  return { handles, wrapping: new WrappingCounters(networkColumnCount) };
}

function noInterface(listed: readonly string[]) {
  return absent({
    what: "system.network.io",
    reason: "no-such-hardware",
    detail: `no physical interface among ${listed.join(", ")}`,
  });
}
