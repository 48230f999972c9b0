import { parseProcessTicks, parseResidentKibibytes } from "#agent/collectors/agent-itself.ts";
import { CpuTimes, cpuModeCount, wholeHostRow } from "#agent/collectors/cpu-times.ts";
import { parseCpuinfo } from "#agent/collectors/cpuinfo.ts";
import { parseDimms } from "#agent/collectors/dimms.ts";
import { DiskCounters, diskColumnCount } from "#agent/collectors/disk-counters.ts";
import { parseVpdSerial } from "#agent/collectors/disk-identity.ts";
import { IntegerScanner, parseWholeInteger } from "#agent/collectors/integer-scanner.ts";
import { parseDcmiPower } from "#agent/collectors/ipmi-dcmi.ts";
import { parseLoadHundredths } from "#agent/collectors/load.ts";
import { memoryFields, parseMemory } from "#agent/collectors/memory-info.ts";
import { parseLocalMounts } from "#agent/collectors/mount-table.ts";
import {
  NetworkCounters,
  networkColumnCount,
  parseInterfaceNames,
} from "#agent/collectors/network-counters.ts";
import { parseInteger, parseList, trimSysfs } from "#agent/collectors/text.ts";
import { nameByDmi } from "#agent/collectors/virtualization.ts";
import { JournalError } from "#agent/journal/journal-error.ts";
import { parseJournal } from "#agent/journal/parse-journal.ts";
import { fixtureTexts } from "../fixture-texts.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

/** What collectors read every second or at start: /proc, /sys and the texts that came first. */
export const targets: readonly FuzzTarget[] = [
  {
    name: "/proc/stat",
    samples: () => [
      "cpu  100 0 50 800 5 0 3 0 0 0\ncpu0 100 0 50 800 5 0 3 0 0 0\nintr 5 1 2\nctxt 9\n",
      "cpu  1 2 3 4\ncpu3 1 2 3 4\n",
      ...fixtureTexts("files/proc/stat"),
    ],
    recordings: /proc\/stat$/,
    parse(text) {
      const times = new CpuTimes();
      const hasCpu = times.parse(new IntegerScanner(), bytesOf(text));
      const rowOf = (row: number) =>
        Array.from({ length: cpuModeCount }, (_, mode) => times.ticks(row, mode));
      const numbers = times.numbers();
      return {
        hasCpu,
        whole: rowOf(wholeHostRow),
        cpus: numbers.map((number) => rowOf(number + 1)),
      };
    },
  },
  {
    name: "/proc/meminfo",
    samples: () => [
      "MemTotal:  1000 kB\nMemFree:  200 kB\nBuffers: 5 kB\nCached: 9 kB\nSwapTotal: 4 kB\n",
      ...fixtureTexts("files/proc/meminfo"),
    ],
    recordings: /proc\/meminfo$/,
    parse(text) {
      const figures = new Float64Array(memoryFields.length);
      const isRead = parseMemory(new IntegerScanner(), bytesOf(text), figures);
      return isRead ? [...figures] : null;
    },
  },
  {
    name: "/proc/diskstats",
    samples: () => [
      "   8  0 sda 10 1 2000 30 40 4 5000 60 7 800 90 1 2 3 4 5 6\n 259 0 nvme0n1 1 2 3 4 5 6 7 8 9 10 11\n",
      ...fixtureTexts("files/proc/diskstats"),
    ],
    recordings: /proc\/diskstats$/,
    parse(text) {
      const counters = new DiskCounters([["sda"], ["nvme0n1", "nvme1n1"]]);
      counters.parse(new IntegerScanner(), bytesOf(text));
      return [0, 1].map((disk) =>
        counters.seen(disk)
          ? Array.from({ length: diskColumnCount }, (_, column) => counters.reading(disk, column))
          : null,
      );
    },
  },
  {
    name: "/proc/net/dev",
    samples: () => [
      "Inter-|\n face |\n  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n    lo:1 2 3 4 5 6 7 8 9 10 11 12\n",
      ...fixtureTexts("files/proc/net/dev"),
    ],
    recordings: /proc\/net\/dev$/,
    parse(text) {
      const names = parseInterfaceNames(bytesOf(text));
      const counters = new NetworkCounters(["eth0", "lo"]);
      counters.parse(new IntegerScanner(), bytesOf(text));
      const readings = [0, 1].map((index) =>
        Array.from({ length: networkColumnCount }, (_, column) => counters.reading(index, column)),
      );
      return { names, readings };
    },
  },
  {
    name: "/proc/self/mountinfo",
    samples: () => [
      "27 1 254:0 / / rw - ext4 /dev/vda rw\n36 27 8:1 / /a\\040b rw,noatime shared:1 - xfs /dev/sda1 rw\n",
      ...fixtureTexts("files/proc/self/mountinfo"),
    ],
    recordings: /proc\/(?:self\/|1\/)?mountinfo$/,
    parse: parseLocalMounts,
  },
  {
    name: "/proc/cpuinfo",
    samples: () => [
      "processor : 0\nmodel name : x\nphysical id : 0\ncore id : 0\nflags : fpu\n\nprocessor : 1\n",
      "vendor_id       : IBM/S390\nprocessor 0: version = FF,  identification = 01,  machine = 2817\n",
      "processor\t: 0\nCPU implementer\t: 0x48\nCPU part\t: 0xd01\n",
      ...fixtureTexts("files/proc/cpuinfo", 2),
    ],
    recordings: /proc\/cpuinfo$/,
    parse: parseCpuinfo,
  },
  {
    name: "/proc/loadavg",
    samples: () => ["12.34 11.22 10.01 13/2345 987654\n", ...fixtureTexts("files/proc/loadavg")],
    recordings: /proc\/loadavg$/,
    parse: (text) => parseLoadHundredths(bytesOf(text)),
  },
  {
    name: "/proc/self/stat and status",
    samples: () => [
      "7 (node) S 1 1 1 0 -1 0 0 0 0 0 5 1 0 0 20 0 7 0 1 2 3\n",
      "Name: node\nVmRSS:\t 1000 kB\n",
      ...fixtureTexts("files/proc/self/status", 2),
    ],
    recordings: null,
    parse: (text) => [
      parseProcessTicks(new IntegerScanner(), bytesOf(text)),
      parseResidentKibibytes(new IntegerScanner(), bytesOf(text)),
    ],
  },
  {
    name: "small files of /sys",
    samples: () => ["41000\n", "-5\n", "0-3,5\n", "0,8,250-255\n\0", "Samsung SSD 870 \n", "KVM"],
    recordings:
      /\/(?:online|possible|cpulist|cpu_list|\w+_siblings_list|\w+_(?:input|label)|name)$/,
    parse(text) {
      const whole = parseWholeInteger(bytesOf(text));
      return {
        whole: Number.isNaN(whole) ? null : whole,
        integer: parseInteger(text),
        list: parseList(text),
        trimmed: trimSysfs(text),
        virtualization: nameByDmi(text),
        vpdSerial: parseVpdSerial(text),
      };
    },
  },
  {
    name: "ipmitool dcmi power reading",
    samples: () => [
      dcmi("activated", "212"),
      dcmi("deactivated", "212"),
      ...fixtureTexts("tools/*-ipmitool.stdout.txt"),
    ],
    recordings: /dcmi/,
    parse: parseDcmiPower,
  },
  {
    name: "memLayout of systeminformation",
    samples: () => [
      JSON.stringify([
        {
          size: 34359738368,
          bank: "DIMM_A1",
          type: "DDR4",
          clockSpeed: 3200,
          manufacturer: "Samsung",
          partNum: "M393",
          serialNum: "12345678",
        },
        { size: 0, bank: "DIMM_A2" },
      ]),
    ],
    recordings: null,
    parse: (text) => parseDimms(jsonOf(text)),
  },
  {
    name: "journal.json of the agent",
    samples: () => [
      JSON.stringify({ format: 1, hostId: "01890a5d-ac96-774b-bcce-b302099a8057", commands: [] }),
    ],
    recordings: null,
    parse: (text) => parseJournal(text, "journal.json"),
    throws: [JournalError],
  },
];

function dcmi(state: string, watts: string): string {
  return `
    Instantaneous power reading:                   ${watts} Watts
    Minimum during sampling period:                  6 Watts
    Maximum during sampling period:                304 Watts
    Average power reading over sample period:      175 Watts
    IPMI timestamp:                           Mon Nov 23 10:00:00 2026
    Sampling period:                          00000001 Seconds.
    Power reading state is:                   ${state}


`;
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
