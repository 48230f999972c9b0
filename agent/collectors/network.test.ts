import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createNetworkCollector } from "./network.ts";

const headings =
  "Inter-|   Receive                                                |  Transmit\n" +
  " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
const row = (name: string, base: number): string =>
  `${name}: ${Array.from({ length: 16 }, (_, n) => base + n).join(" ")}\n`;

function start(text: string, physical: readonly string[]) {
  const source = createMemorySource({ "/proc/net/dev": text });
  for (const name of physical)
    source.putLink(`/sys/class/net/${name}/device`, "../../../0000:01:00.0");
  const sink = createValueSink();
  return { source, sink, collector: createNetworkCollector(source, sink) };
}

test("eight counters of each physical port", async () => {
  const { sink, collector } = start(headings + row("    lo", 0) + row("  eno1", 100), ["eno1"]);
  expect((await collector.discover()).absences).toEqual([]);
  expect(await collector.collect(monotonicMs(0))).toBeNull();
  expect(sink.values()).toEqual({
    "system.network.io{eno1,receive}": 100,
    "system.network.packets{eno1,receive}": 101,
    "system.network.errors{eno1,receive}": 102,
    "system.network.dropped{eno1,receive}": 103,
    "system.network.io{eno1,transmit}": 108,
    "system.network.packets{eno1,transmit}": 109,
    "system.network.errors{eno1,transmit}": 110,
    "system.network.dropped{eno1,transmit}": 111,
  });
});

test("bonds, bridges, VLANs and virtual functions are not declared: nothing is counted twice", async () => {
  const names = ["lo", "eno1", "bond0", "br-lan", "eno1.100", "veth12ab", "ens1f0v0"];
  const { source, sink, collector } = start(headings + names.map((name) => row(name, 1)).join(""), [
    "eno1",
    "ens1f0v0",
  ]);
  source.putLink("/sys/class/net/ens1f0v0/device/physfn", "../0000:01:00.0");
  await collector.discover();
  expect(sink.names().every((name) => name.includes("{eno1,"))).toBe(true);
});

test("old kernels leave no blank behind the colon", async () => {
  const { sink, collector } = start(`${headings}  eth0:1234 1 0 0 0 0 0 0 5678 1 0 0 0 0 0 0\n`, [
    "eth0",
  ]);
  await collector.discover();
  await collector.collect(monotonicMs(0));
  expect(sink.value("system.network.io{eth0,receive}")).toBe(1234);
  expect(sink.value("system.network.io{eth0,transmit}")).toBe(5678);
});

test("where there is no /sys the names tell which are ports", async () => {
  const names = ["lo", "eno1", "ens1f0", "bond0", "docker0", "eth0.5", "eth0"];
  const source = createMemorySource({
    "/proc/net/dev": headings + names.map((name) => row(name, 1)).join(""),
  });
  const sink = createValueSink();
  await createNetworkCollector(source, sink).discover();
  const ports = new Set(sink.names().map((name) => /\{(.*?),/.exec(name)?.[1]));
  expect([...ports]).toEqual(["eno1", "ens1f0", "eth0"]);
});

test("more bytes than a double holds exactly still give whole increments", async () => {
  const { source, sink, collector } = start(
    `${headings} eth0: 18446744073709000000 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n`,
    ["eth0"],
  );
  await collector.discover();
  await collector.collect(monotonicMs(0));
  const before = sink.value("system.network.io{eth0,receive}") ?? 0;
  source.put(
    "/proc/net/dev",
    `${headings} eth0: 18446744073709409600 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n`,
  );
  await collector.collect(monotonicMs(1000));
  expect((sink.value("system.network.io{eth0,receive}") ?? 0) - before).toBe(409_600);
  expect(sink.request("system.network.io{eth0,receive}").wrapsAfter).toBe(2 ** 52 - 1);
});

test("a host with virtual interfaces alone says so and names them", async () => {
  const { collector } = start(headings + row("lo", 0) + row("ifb0", 0), ["other"]);
  expect((await collector.discover()).absences).toMatchObject([
    {
      what: "system.network.io",
      reason: "no-such-hardware",
      detail: "no physical interface among lo, ifb0",
    },
  ]);
});
