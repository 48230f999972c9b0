import { parseBond } from "#agent/collectors/bonding.ts";
import { parseCpuinfo } from "#agent/collectors/cpuinfo.ts";
import { CpuTimes } from "#agent/collectors/cpu-times.ts";
import { IntegerScanner } from "#agent/collectors/integer-scanner.ts";
import { neighborText, parseLldp } from "#agent/collectors/lldp.ts";
import { parseMachineChecks } from "#agent/collectors/machine-check.ts";
import { parseCpuMap, parseNumaMemory } from "#agent/collectors/numa-nodes.ts";
import { parseAer } from "#agent/collectors/pci-aer.ts";
import { parseUdevName } from "#agent/collectors/pci-names.ts";
import { parsePressure } from "#agent/collectors/pressure.ts";
import { parseList } from "#agent/collectors/text.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const stat = `cpu  45064666 1803182 91649750 46497356509 1706870 2653988 2337052 12 0 0
cpu0 2096140 8641 2667036 1160490914 45338 117424 328424 12 0 0
cpu1 1 2 3 4
intr 5 1 2
ctxt 1
btime 1784274102
`;
const cpuinfo = `processor	: 0
vendor_id	: GenuineIntel
model name	: Example(R) CPU   @ 2.20GHz
physical id	: 0
core id		: 0

processor	: 1
BogoMIPS	: 200.00
CPU implementer	: 0x41
CPU part	: 0xd0c

processor 0: version = 00,  identification = 279F25,  machine = 2817
`;
const interrupts = `           CPU0       CPU1
  0:         18          0  IR-IO-APIC-edge      timer
 THR:          1          2   Threshold APIC interrupts
 MCE:          0          0   Machine check exceptions
 MCP:       2406       2399   Machine check polls
 ERR:          0
`;
const lldp = JSON.stringify({
  lldp: {
    interface: [
      {
        eno1: {
          via: "LLDP",
          chassis: { "leaf-3": { id: { type: "mac", value: "00:00:5e:00:53:01" } } },
          port: { id: { type: "ifname", value: "Ethernet1/12" }, descr: "to server-a" },
        },
      },
      {
        name: "eno2",
        chassis: [{ name: [{ value: "leaf-4" }] }],
        port: [{ descr: [{ value: 7 }] }],
      },
    ],
  },
});
const bond = `Bonding Mode: fault-tolerance (active-backup)
Currently Active Slave: eno1
MII Status: up

Slave Interface: eno1
MII Status: up
Link Failure Count: 3
Permanent HW addr: 00:00:5e:00:53:01
`;

export const targets: readonly FuzzTarget[] = [
  {
    name: "CpuTimes.parse",
    samples: () => [stat],
    recordings: /^proc-sys\/.*\/proc\/stat$/,
    parse(text) {
      const times = new CpuTimes();
      return [times.parse(new IntegerScanner(), bytesOf(text)), times.numbers()];
    },
  },
  {
    name: "parseCpuinfo",
    samples: () => [cpuinfo],
    recordings: null,
    parse: parseCpuinfo,
  },
  {
    name: "parseMachineChecks",
    samples: () => [interrupts],
    recordings: null,
    parse: (text) => parseMachineChecks(bytesOf(text)),
  },
  {
    name: "parsePressure",
    samples: () => [
      "some avg10=0.18 avg60=0.34 avg300=0.10 total=159886802\nfull avg10=0.00 total=0\n",
    ],
    recordings: null,
    parse: (text) => parsePressure(bytesOf(text)),
  },
  {
    name: "parseNumaMemory",
    samples: () => ["Node 0 MemTotal:       131389564 kB\nNode 0 MemFree:        97591652 kB\n"],
    recordings: null,
    parse: parseNumaMemory,
  },
  {
    name: "parseCpuMap and parseList",
    samples: () => ["00000000,00ff00ff\n", "0-3,5,8-127\n", "0,8,250-255\n\0"],
    recordings: null,
    parse: (text) => [parseCpuMap(text), parseList(text)],
  },
  {
    name: "parseLldp",
    samples: () => [lldp],
    recordings: null,
    parse: (text) => parseLldp(text)?.map(neighborText) ?? null,
  },
  {
    name: "parseBond",
    samples: () => [bond],
    recordings: null,
    parse: (text) => parseBond("bond0", text),
  },
  {
    name: "parseAer",
    samples: () => ["RxErr 0\nBadTLP 1\nTOTAL_ERR_COR 1\n"],
    recordings: null,
    parse: parseAer,
  },
  {
    name: "parseUdevName",
    samples: () => ["E:ID_MODEL_FROM_DATABASE=X710\nE:ID_VENDOR_FROM_DATABASE=Intel\n"],
    recordings: null,
    parse: parseUdevName,
  },
];
