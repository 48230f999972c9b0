import { describe, expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { parseBond, readBonds } from "./bonding.ts";
import { createLinksCollector } from "./links.ts";
import { readLinkState } from "./links-state.ts";
import { parseUdevName } from "./pci-names.ts";

const net = "/sys/class/net";
const bondText = `Ethernet Channel Bonding Driver: v6.1.0

Bonding Mode: IEEE 802.3ad Dynamic link aggregation
MII Status: up

Slave Interface: eno1
MII Status: up
Speed: 25000 Mbps
Link Failure Count: 3
Permanent HW addr: 00:00:5E:00:53:01

Slave Interface: eno2
MII Status: down
Link Failure Count: 0
Permanent HW addr: 00:00:5e:00:53:02
`;

function addPort(
  source: MemorySource,
  name: string,
  files: Readonly<Record<string, string>>,
): void {
  source.putLink(`${net}/${name}`, `../../devices/pci0000:00/0000:19:00.0/net/${name}`);
  for (const [file, text] of Object.entries(files))
    source.put(`${net}/${name}/${file}`, `${text}\n`);
}

const lldp = {
  lldp: {
    interface: {
      eno1: { chassis: { "leaf-3": {} }, port: { id: { type: "ifname", value: "Eth7" } } },
    },
  },
};

async function start(change: (source: MemorySource) => void = () => {}) {
  const source = createMemorySource({
    "/proc/net/bonding/bond0": bondText,
    [`${net}/bonding_masters`]: "bond0\n",
    "/run/udev/data/n2":
      "E:ID_BUS=pci\nE:ID_MODEL_FROM_DATABASE=Ethernet Controller X710\nE:ID_VENDOR_FROM_DATABASE=Intel Corporation\n",
  });
  const ids = { "device/vendor": "0x8086", "device/device": "0x1572" };
  const shared = { address: "00:00:5e:00:53:01", ...ids };
  addPort(source, "eno1", {
    ...shared,
    carrier: "1",
    carrier_changes: "5",
    operstate: "up",
    speed: "25000",
    ifindex: "2",
    duplex: "full",
  });
  addPort(source, "eno2", {
    ...shared,
    carrier: "0",
    carrier_changes: "1",
    operstate: "down",
    speed: "-1",
    ifindex: "3",
  });
  source.putLink(`${net}/bond0`, "../../devices/virtual/net/bond0");
  source.putTool(["lldpctl", "-f", "json"], { stdout: JSON.stringify(lldp) });
  change(source);
  const sink = createValueSink();
  const clock = createVirtualClock();
  const collector = createLinksCollector(source, sink, clock);
  const found = await collector.discover();
  const problem = await collector.collect(monotonicMs(0));
  return { source, sink, clock, collector, found, problem };
}

test("ports carry or not; the bond is no port and knows how many of its members carry", async () => {
  const { sink, problem, found } = await start();
  expect(problem).toBeNull();
  expect(found.absences).toEqual([]);
  expect(sink.values()).toEqual({
    "wws.network.link_up{eno1}": 1,
    "wws.network.carrier_changes{eno1}": 5,
    "wws.network.link_up{eno2}": 0,
    "wws.network.carrier_changes{eno2}": 1,
    "wws.network.bond_members{bond0,up}": 1,
    "wws.network.bond_members{bond0,down}": 1,
  });
});

test("a port is a part with its chip's name, its own address and the switch at its other end", async () => {
  const { found } = await start();
  expect(found.identity?.components).toMatchObject([
    {
      kind: "nic",
      slot: "eno1",
      vendor: "Intel Corporation",
      model: "Ethernet Controller X710",
      address: "00:00:5e:00:53:01",
      speedBitsPerSecond: 25_000_000_000,
      neighbor: "leaf-3 Eth7",
    },
    {
      kind: "nic",
      slot: "eno2",
      vendor: null,
      model: "8086:1572",
      address: "00:00:5e:00:53:02",
      speedBitsPerSecond: null,
      neighbor: null,
    },
  ]);
});

test("a port that is switched off says so, and one whose driver is silent too", async () => {
  const { problem, sink } = await start((source) => {
    source.putProblem(`${net}/eno1/carrier`, "failed", "EINVAL");
    source.put(`${net}/eno1/flags`, "0x1002\n");
    source.putProblem(`${net}/eno2/carrier`, "failed", "EINVAL");
    source.put(`${net}/eno2/operstate`, "unknown\n");
  });
  expect(problem?.absences.map(({ reason }) => reason)).toEqual(["switched-off", "not-supported"]);
  expect(sink.value("wws.network.link_up{eno1}")).toBeUndefined();
});

test("without lldpd the neighbour is told to be missing, and the switch is asked again only later", async () => {
  const { source, found, collector, clock } = await start((made) =>
    made.putTool(["lldpctl", "-f", "json"], {
      kind: "missing",
      tool: "lldpctl",
      detail: "lldpctl: not there",
    }),
  );
  expect(found.absences).toMatchObject([
    { reason: "tool-missing", detail: expect.stringContaining("lldpd") },
  ]);
  await collector.discover();
  expect(source.calls).toHaveLength(1);
  await clock.advance(600_001);
  await collector.discover();
  expect(source.calls).toHaveLength(2);
});

test("a daemon that does not answer is a tool that failed", async () => {
  const { found } = await start((source) =>
    source.putTool(["lldpctl", "-f", "json"], {
      exitCode: 1,
      stderr: "unable to connect to socket",
    }),
  );
  expect(found.absences).toMatchObject([{ reason: "tool-failed" }]);
});

describe("readLinkState", () => {
  test.each(["-1", "65535", "4294967295", "x", ""])("a speed of %j is none", (speed) => {
    const source = createMemorySource({ [`${net}/e/speed`]: speed });
    expect(readLinkState(source, "e").speedBitsPerSecond).toBeNull();
  });
});

describe("bonds", () => {
  test("the bond's own state is not its first member's", () => {
    expect(parseBond("bond0", bondText)).toEqual({
      name: "bond0",
      mode: "IEEE 802.3ad Dynamic link aggregation",
      activeMember: null,
      members: [
        { name: "eno1", isUp: true, linkFailures: 3, address: "00:00:5e:00:53:01" },
        { name: "eno2", isUp: false, linkFailures: 0, address: "00:00:5e:00:53:02" },
      ],
    });
  });

  test.each(["", "\0", "Slave Interface: ", "Slave Interface: \nMII Status:\n"])(
    "%j has no member that is up",
    (text) => {
      expect(parseBond("b", text).members.some(({ isUp }) => isUp === true)).toBe(false);
    },
  );

  test("sysfs stands in where /proc has no such folder", () => {
    const source = createMemorySource({
      [`${net}/bonding_masters`]: "dmz\n",
      [`${net}/dmz/bonding/slaves`]: "eth0 eth4\n",
      [`${net}/dmz/bonding/mode`]: "active-backup 1\n",
      [`${net}/dmz/slave_eth0/bonding_slave/mii_status`]: "up\n",
    });
    expect(readBonds(source)).toMatchObject([
      {
        mode: "active-backup",
        members: [
          { name: "eth0", isUp: true },
          { name: "eth4", isUp: null },
        ],
      },
    ]);
  });
});

describe("names of chips", () => {
  test("udev's lines", () => {
    expect(parseUdevName("E:ID_MODEL_FROM_DATABASE=MT27710\nI:1\n")).toEqual({
      vendor: null,
      model: "MT27710",
    });
    expect(parseUdevName("E:ID_BUS=pci\n")).toBeNull();
  });
});
