import { expect, test } from "vitest";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { fail } from "#proto/vocabulary/result.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createIpmiCollector } from "./ipmi.ts";
import { IpmiReader } from "./ipmi-reader.ts";
import { createPowerCollector } from "./power.ts";

const files = {
  "/sys/class/ipmi/ipmi0/dev": "238:0\n",
  "/sys/class/powercap/intel-rapl:0/name": "package-0\n",
  "/sys/class/powercap/intel-rapl:0/energy_uj": "1000\n",
  "/sys/class/powercap/intel-rapl:0/max_energy_range_uj": "262143328850\n",
};

/** A host whose ipmitool hangs until its limit, by a clock that the test moves. */
function lockedHost() {
  const clock = createVirtualClock();
  const memory = createMemorySource(files);
  let running = 0;
  let mostRunning = 0;
  const startedAt: number[] = [];
  const source: HardwareSource = {
    ...memory,
    runTool: ({ tool, timeoutMs }) => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      startedAt.push(clock.nowMonotonicMs());
      return new Promise((resolve) => {
        clock.after(timeoutMs, () => {
          running -= 1;
          resolve(
            fail({ kind: "timed-out", tool, detail: `${tool} took longer than ${timeoutMs} ms` }),
          );
        });
      });
    },
  };
  const sink = createValueSink();
  const ipmi = new IpmiReader(source, () => ({ kind: "none" }), clock);
  const virtualization = () => ({ kind: "none" }) as const;
  return {
    clock,
    memory,
    sink,
    startedAt,
    mostRunning: () => mostRunning,
    bmc: createIpmiCollector(source, sink, ipmi, { reads: "all" }),
    power: createPowerCollector({ source, sink, clock, ipmi, virtualization }),
  };
}

test("a BMC that locks its interface: the host's power goes on every second, by RAPL", async () => {
  const { clock, memory, sink, bmc, power } = lockedHost();
  const bmcLooks = bmc.discover();
  const looking = power.discover();
  // No more than five seconds of the start are spent on waiting for it.
  await clock.advance(5_000);
  expect((await looking).powerSource).toBe("rapl-package");
  let energy = 1000;
  for (let second = 0; second < 300; second += 1) {
    energy += 50_000_000;
    memory.put("/sys/class/powercap/intel-rapl:0/energy_uj", `${energy}\n`);
    sink.beginStep();
    if (second % 10 === 0) void bmc.collect(clock.nowMonotonicMs());
    await power.collect(clock.nowMonotonicMs());
    if (second > 0) expect(sink.value("hw.host.power{rapl-package}")).toBe(500);
    await clock.advance(1_000);
  }
  await clock.advance(120_000);
  const { absences } = await bmcLooks;
  expect(absences.every(({ reason }) => reason === "timed-out")).toBe(true);
  expect(absences.length).toBeGreaterThan(0);
});

test("it is left alone for longer each time, up to a quarter of an hour, and never asked twice at once", async () => {
  const { clock, startedAt, bmc, mostRunning } = lockedHost();
  void bmc.discover();
  await clock.advance(1_000);
  // Six hours of steps; before the first answer the collector is not present for its steps.
  for (let step = 0; step < 6 * 360; step += 1) {
    void bmc.collect(clock.nowMonotonicMs());
    await clock.advance(10_000);
  }
  const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
  expect(mostRunning()).toBe(1);
  // Each pause holds the call's own limit of 10 or 45 s.
  expect(pauses[0]).toBeGreaterThanOrEqual(30_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(15 * 60_000 + 55_000);
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(15 * 60_000);
  expect(startedAt.length).toBeLessThan(6 * 4 + 8);
});
