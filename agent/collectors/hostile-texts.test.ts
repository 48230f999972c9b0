import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { createCollectors } from "./create-collectors.ts";
import { parseDcmiPower } from "./ipmi-dcmi.ts";
import { parseSdrElist } from "./ipmi-sdr.ts";
import { parseLocalMounts } from "./mount-table.ts";

/** Texts of a small host; each test spoils one of them. */
const texts: Readonly<Record<string, string>> = {
  "/proc/stat":
    "cpu  100 0 50 800 5 0 3 0 0 0\ncpu0 100 0 50 800 5 0 3 0 0 0\nintr 5 1 2\nctxt 9\n",
  "/proc/loadavg": "12.34 11.22 10.01 13/2345 987654\n",
  "/proc/meminfo":
    "MemTotal:       1000 kB\nMemFree:         200 kB\nMemAvailable:    600 kB\nBuffers: 5 kB\nCached: 9 kB\nSwapTotal: 4 kB\nSwapFree: 4 kB\n",
  "/proc/diskstats": "   8  0 sda 10 1 2000 30 40 4 5000 60 7 800 90 1 2 3 4 5 6\n",
  "/proc/net/dev": "Inter-|\n face |\n  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
  "/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw\n",
  "/proc/self/stat": "7 (node) S 1 1 1 0 -1 0 0 0 0 0 5 1 0 0 20 0 7 0 1 2 3\n",
  "/proc/self/status": "Name: node\nVmRSS:\t 1000 kB\n",
  "/proc/cpuinfo": "processor : 0\nmodel name : x\nphysical id : 0\ncore id : 0\nflags : fpu\n",
  "/sys/devices/system/cpu/online": "0\n",
  "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0\n",
  "/sys/devices/system/node/node0/cpulist": "0\n",
  "/sys/class/hwmon/hwmon0/name": "coretemp\n",
  "/sys/class/hwmon/hwmon0/temp1_input": "41000\n",
  "/sys/class/hwmon/hwmon0/temp1_label": "Core 0\n",
  "/sys/class/hwmon/hwmon0/power1_input": "41000000\n",
  "/sys/class/powercap/intel-rapl:0/name": "package-0\n",
  "/sys/class/powercap/intel-rapl:0/energy_uj": "1000\n",
  "/sys/class/powercap/intel-rapl:0/max_energy_range_uj": "262143328850\n",
  "/sys/class/dmi/id/product_serial": "J7K8L92\n",
};

const spoilt = fc.record({
  path: fc.constantFrom(...Object.keys(texts)),
  edit: fc.oneof(
    fc.record({ kind: fc.constant("replace" as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
    fc.record({ kind: fc.constant("cut" as const), at: fc.nat(200) }),
    fc.record({
      kind: fc.constant("insert" as const),
      at: fc.nat(200),
      bytes: fc.uint8Array({ maxLength: 12 }),
    }),
    fc.record({
      kind: fc.constant("number" as const),
      number: fc.constantFrom(
        "-1",
        "18446744073709551615",
        "99999999999999999999999999",
        "0x1f",
        "1e9",
        "",
        "NaN",
      ),
    }),
  ),
});

function spoil(
  text: string,
  edit: typeof spoilt extends fc.Arbitrary<infer Spoilt extends { edit: unknown }>
    ? Spoilt["edit"]
    : never,
): Uint8Array {
  const bytes = Buffer.from(text);
  if (edit.kind === "replace") return edit.bytes;
  if (edit.kind === "cut") return bytes.subarray(0, edit.at % (bytes.length + 1));
  if (edit.kind === "number") return Buffer.from(text.replace(/\d+/g, edit.number));
  const at = edit.at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), edit.bytes, bytes.subarray(at)]);
}

test("whatever stands in a file, collectors end, set whole numbers and tell the rest", async () => {
  await fc.assert(
    fc.asyncProperty(spoilt, async ({ path, edit }) => {
      const source = createMemorySource(texts);
      source.putLink("/sys/block/sda/device", "../x");
      source.putLink("/sys/class/net/eth0/device", "../x");
      const clock = createVirtualClock();
      // Throws on anything that is no whole number, and on handles that were never given.
      const sink = createValueSink();
      const collectors = createCollectors({ source, sink, clock, random: null, log: silentLog });
      for (const collector of collectors) await collector.discover();
      for (let step = 0; step < 2; step += 1) {
        for (const collector of collectors) await collector.collect(monotonicMs(step * 1000));
        source.putBytes(path, spoil(texts[path] ?? "", edit));
        await clock.advance(1000);
      }
      for (const collector of collectors) await collector.discover();
      for (const collector of collectors) {
        const problem = await collector.collect(monotonicMs(2000));
        if (problem !== null) expect(problem.absences.length).toBeGreaterThan(0);
        collector.close();
      }
      for (const [name, value] of Object.entries(sink.values()))
        if (name.startsWith("system.cpu.utilization")) expect(value).toBeLessThanOrEqual(10_000);
    }),
    { numRuns: 120 },
  );
});

test("texts of tools and mounts never throw", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: "binary" }), (text) => {
      expect(Array.isArray(parseSdrElist(text).rows)).toBe(true);
      expect(Array.isArray(parseLocalMounts(text))).toBe(true);
      expect(typeof parseDcmiPower(text).ok).toBe("boolean");
    }),
  );
});
