import { expect, test } from "vitest";
import { createMemorySource } from "#test/support/memory-source.ts";
import { parseCpuinfo } from "./cpuinfo.ts";
import { readProcessor } from "./processor.ts";

/** One line per CPU: siblings and package. */
function topology(
  cpus: readonly (readonly [siblings: string, packageId: number])[],
): Record<string, string> {
  const files: Record<string, string> = {
    "/sys/devices/system/cpu/online": `0-${cpus.length - 1}\n`,
  };
  for (const [number, [siblings, packageId]] of cpus.entries()) {
    const folder = `/sys/devices/system/cpu/cpu${number}/topology`;
    files[`${folder}/thread_siblings_list`] = `${siblings}\n`;
    files[`${folder}/physical_package_id`] = `${packageId}\n`;
    files[`${folder}/core_id`] = "0\n";
  }
  return files;
}

test("cores are distinct sibling lists: core ids repeat, and hybrids have one or two threads", () => {
  const source = createMemorySource(
    topology([
      ["0-1", 0],
      ["0-1", 0],
      ["2", 0],
      ["3", 0],
      ["4,5", 36],
      ["4,5", 36],
    ]),
  );
  expect(readProcessor(source)).toEqual({ model: "unknown", sockets: 2, cores: 4, threads: 6 });
});

test("CPUs that are offline are not counted", () => {
  const source = createMemorySource({
    ...topology([
      ["0", 0],
      ["1", 0],
      ["2", 1],
    ]),
    "/sys/devices/system/cpu/online": "0,2\n",
  });
  expect(readProcessor(source)).toMatchObject({ sockets: 2, cores: 2, threads: 2 });
});

test("list files that end in newline and NUL are lists", () => {
  const source = createMemorySource(
    topology([
      ["0-1\n\0", 0],
      ["0-1\n\0", 0],
    ]),
  );
  expect(readProcessor(source)).toMatchObject({ cores: 1, threads: 2 });
});

test("a package of -1 is told apart by the CPUs that share it", () => {
  const files = topology([
    ["0", -1],
    ["1", -1],
    ["2", -1],
  ]);
  for (const [number, siblings] of ["0-1", "0-1", "2"].entries())
    files[`/sys/devices/system/cpu/cpu${number}/topology/core_siblings_list`] = `${siblings}\n`;
  expect(readProcessor(createMemorySource(files))).toMatchObject({ sockets: 2, cores: 3 });
});

test("without topology /proc/cpuinfo counts by package and core", () => {
  const block = (id: number, socket: number, core: number): string =>
    `processor\t: ${id}\nmodel name\t: Intel(R) Xeon(R) CPU  E7-2890 v2\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;
  const text = [block(0, 0, 0), block(1, 0, 0), block(2, 1, 0), block(3, 1, 8)].join("\n");
  expect(readProcessor(createMemorySource({ "/proc/cpuinfo": text }))).toEqual({
    model: "Intel(R) Xeon(R) CPU E7-2890 v2",
    sockets: 2,
    cores: 3,
    threads: 4,
  });
});

test("a machine that says nothing has no processor facts, not zeros", () => {
  expect(readProcessor(createMemorySource({ "/proc/cpuinfo": "processor : 0\n" }))).toBeNull();
});

test.each([
  ["x86", "processor : 0\nmodel name : AMD EPYC 7543P\n", "AMD EPYC 7543P"],
  [
    "ARM",
    "processor : 0\nCPU implementer : 0x48\nCPU part : 0xd01\n",
    "HiSilicon Kunpeng-920 (TaiShan v110)",
  ],
  [
    "an ARM core that is not in the table",
    "CPU implementer : 0x99\nCPU part : 0x001\n",
    "ARM implementer 0x99 part 0x001",
  ],
  [
    "s390",
    "vendor_id : IBM/S390\nprocessor 0: version = FF,  identification = 12,  machine = 2964\n",
    "IBM/S390 2964",
  ],
  ["POWER", "processor : 0\ncpu\t\t: POWER9, altivec supported\n", "POWER9, altivec supported"],
  ["RISC-V", "processor : 0\nhart : 2\nisa : rv64imafdc\nuarch : thead,c920\n", "thead,c920"],
  ["nothing", "", null],
])("the name on %s", (_, text, model) => {
  expect(parseCpuinfo(text).model).toBe(model);
});
