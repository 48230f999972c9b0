import { expect, test } from "vitest";
import { createMemorySource } from "#test/support/memory-source.ts";
import { readCpuTopology } from "./cpu-topology.ts";

const cpu = "/sys/devices/system/cpu";
type Files = Record<string, string>;

/** CPUs as `[siblings, package, more]`; CPU n is the n-th. */
function machine(cpus: readonly (readonly [string, number, Files?])[], more: Files = {}) {
  const files: Files = {
    [`${cpu}/online`]: `0-${cpus.length - 1}\n`,
    [`${cpu}/present`]: `0-${cpus.length - 1}\n`,
  };
  for (const [index, [siblings, socket, extra = {}]] of cpus.entries()) {
    files[`${cpu}/cpu${index}/topology/thread_siblings_list`] = `${siblings}\n`;
    files[`${cpu}/cpu${index}/topology/physical_package_id`] = `${socket}\n`;
    for (const [name, text] of Object.entries(extra)) files[`${cpu}/cpu${index}/${name}`] = text;
  }
  return createMemorySource({ ...files, ...more });
}
const fast = { "cpufreq/cpuinfo_max_freq": "5000000\n" };
const favoured = { "cpufreq/cpuinfo_max_freq": "5200000\n" };
const slow = { "cpufreq/cpuinfo_max_freq": "3900000\n" };

test("cores are what share siblings; possible CPUs are not present ones", () => {
  const source = machine(
    [
      ["0,2", 36],
      ["1,3", 8442],
      ["0,2", 36],
      ["1,3", 8442],
    ],
    { [`${cpu}/possible`]: "0-111\n" },
  );
  const topology = readCpuTopology(source);
  expect(topology).toMatchObject({ possible: 112, present: 4, switchedOff: [] });
  expect(topology.cores).toEqual([{ cpus: [0, 2] }, { cpus: [1, 3] }]);
  expect(topology.packages).toEqual([
    { id: 36, cpus: [0, 2] },
    { id: 8442, cpus: [1, 3] },
  ]);
  expect(topology.kinds).toMatchObject([{ name: "all", cores: 2, threads: 4, maximumHertz: null }]);
});

test("a CPU that is present and not online is switched off", () => {
  const source = machine(
    [
      ["0", 0],
      ["1", 0],
    ],
    {
      [`${cpu}/online`]: "0\n",
      [`${cpu}/offline`]: "1-63\n",
    },
  );
  expect(readCpuTopology(source).switchedOff).toEqual([1]);
});

test("fast cores of two threads and slow ones of one are two kinds, favoured cores are not a third", () => {
  const { kinds } = readCpuTopology(
    machine([
      ["0-1", 0, fast],
      ["0-1", 0, fast],
      ["2-3", 0, favoured],
      ["2-3", 0, favoured],
      ["4", 0, slow],
      ["5", 0, slow],
    ]),
  );
  expect(kinds).toEqual([
    { name: "performance", cores: 2, threads: 4, cpus: [0, 1, 2, 3], maximumHertz: 5_200_000_000 },
    { name: "efficiency", cores: 2, threads: 2, cpus: [4, 5], maximumHertz: 3_900_000_000 },
  ]);
});

test("a core whose sibling is offline is of the same kind as the others", () => {
  const { kinds } = readCpuTopology(
    machine([
      ["0-1", 0, fast],
      ["0-1", 0, fast],
      ["2", 0, fast],
    ]),
  );
  expect(kinds).toMatchObject([{ name: "all", cores: 2 }]);
});

test("where Intel lists its kinds they are taken as listed", () => {
  const source = machine(
    [
      ["0", 0],
      ["1", 0],
      ["2", 0],
    ],
    {
      "/sys/devices/cpu_core/cpus": "0\n",
      "/sys/devices/cpu_atom/cpus": "1-2\n",
    },
  );
  expect(readCpuTopology(source).kinds).toMatchObject([
    { name: "performance", cpus: [0] },
    { name: "efficiency", cpus: [1, 2] },
  ]);
});

test("ARM's capacities tell its kinds apart", () => {
  const of = (capacity: string): Files => ({ cpu_capacity: `${capacity}\n` });
  const { kinds } = readCpuTopology(
    machine([
      ["0", 0, of("446")],
      ["1", 0, of("1024")],
      ["2", 0, of("871")],
    ]),
  );
  expect(kinds.map(({ name, cpus }) => [name, cpus])).toEqual([
    ["performance", [1]],
    ["middle", [2]],
    ["efficiency", [0]],
  ]);
});

test("packages without a number are told apart by who shares them", () => {
  const source = machine(
    [
      ["0", -1],
      ["1", -1],
      ["2", -1],
    ],
    {
      [`${cpu}/cpu0/topology/core_siblings_list`]: "0-1\n",
      [`${cpu}/cpu1/topology/core_siblings_list`]: "0-1\n",
      [`${cpu}/cpu2/topology/core_siblings_list`]: "2\n",
    },
  );
  expect(readCpuTopology(source).packages).toEqual([
    { id: 0, cpus: [0, 1] },
    { id: 2, cpus: [2] },
  ]);
});

test("a machine that shows nothing has no cores and nothing offline", () => {
  expect(readCpuTopology(createMemorySource())).toEqual({
    possible: null,
    present: null,
    online: [],
    switchedOff: [],
    packages: [],
    cores: [],
    kinds: [],
  });
});
