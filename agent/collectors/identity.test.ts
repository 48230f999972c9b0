import { expect, test } from "vitest";
import type { HardwareSource, SystemInformationCall } from "#agent/hardware/hardware-source.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { parseDimms } from "./dimms.ts";
import { parseVpdSerial } from "./disk-identity.ts";
import { createIdentityCollector } from "./identity.ts";
import { findVirtualization, type Virtualization } from "./virtualization.ts";

const dmi = {
  "/sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
  "/sys/class/dmi/id/product_name": "PowerEdge R6515 \n",
  "/sys/class/dmi/id/product_serial": "To Be Filled By O.E.M.\n",
  "/sys/class/dmi/id/product_uuid": "4c4c4544-0051-3010-8052-b4c04f4a3132\n",
  "/sys/class/dmi/id/bios_version": "2.13.3\n",
};
const system = {
  "/proc/sys/kernel/hostname": "node7\n",
  "/proc/sys/kernel/osrelease": "6.1.0-28-amd64\n",
  "/proc/sys/kernel/arch": "x86_64\n",
  "/etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
};

function start(
  files: Readonly<Record<string, string>>,
  answers: Partial<Record<SystemInformationCall, unknown>> = {},
  virtualization: Virtualization = { kind: "none" },
) {
  const source = createMemorySource(files);
  const asked: string[] = [];
  const wrapped: HardwareSource = {
    ...source,
    async askSystemInformation(call) {
      asked.push(call);
      return ok(answers[call] ?? {});
    },
  };
  const clock = createVirtualClock();
  const collector = createIdentityCollector(wrapped, clock, () => virtualization);
  return { source, asked, clock, collector };
}

test("firmware's text as it is, trimmed; a placeholder is kept and told", async () => {
  const { collector } = start({ ...dmi, ...system });
  const { identity, absences } = await collector.discover();
  expect(identity).toMatchObject({
    manufacturer: "Dell Inc.",
    product: "PowerEdge R6515",
    serial: "To Be Filled By O.E.M.",
    systemUuid: "4c4c4544-0051-3010-8052-b4c04f4a3132",
    firmwareVersion: "2.13.3",
    hostname: "node7",
    kernel: "6.1.0-28-amd64",
    os: "Debian GNU/Linux 12 (bookworm)",
    architecture: "x86_64",
    virtualization: "none",
  });
  expect(absences).toContainEqual(
    expect.objectContaining({ what: "serial", reason: "implausible" }),
  );
  expect(absences).toContainEqual(
    expect.objectContaining({ what: "boardSerial", reason: "no-kernel-interface" }),
  );
});

test("a serial that only root may read says so", async () => {
  const { source, collector } = start({ ...dmi, ...system });
  source.putProblem("/sys/class/dmi/id/product_serial", "denied", "EACCES");
  const { identity, absences } = await collector.discover();
  expect(identity?.serial).toBeNull();
  expect(absences).toContainEqual(
    expect.objectContaining({
      what: "serial",
      reason: "permission-denied",
      detail: expect.stringContaining("root"),
    }),
  );
});

test("what /sys lacks comes from systeminformation, but not the name of a container", async () => {
  const { collector } = start(system, {
    system: {
      manufacturer: "Raspberry Pi",
      model: "Docker Container",
      serial: "-",
      virtualHost: "",
    },
  });
  const { identity } = await collector.discover();
  expect(identity).toMatchObject({ manufacturer: "Raspberry Pi", product: null, serial: null });
});

test("systeminformation is asked once an hour, /sys every time", async () => {
  const { source, asked, clock, collector } = start({ ...dmi, ...system });
  await collector.discover();
  const once = asked.length;
  source.put("/proc/sys/kernel/hostname", "renamed\n");
  expect((await collector.discover()).identity?.hostname).toBe("renamed");
  expect(asked).toHaveLength(once);
  await clock.advance(3_600_001);
  await collector.discover();
  expect(asked).toHaveLength(2 * once);
});

test("a virtual machine's missing firmware is hidden, and its hypervisor has a name", async () => {
  const { collector } = start(
    system,
    { system: { virtualHost: "KVM" } },
    { kind: "virtual", name: null },
  );
  const { identity, absences } = await collector.discover();
  expect(identity?.virtualization).toBe("kvm");
  expect(
    absences.filter(({ what }) => what === "serial" || what === "components.dimm"),
  ).toMatchObject([{ reason: "hidden-by-hypervisor" }, { reason: "hidden-by-hypervisor" }]);
});

test("disks, ports and modules are components", async () => {
  const { source, collector } = start(
    {
      ...system,
      "/proc/diskstats": " 259 0 nvme0n1 1 0 8 1 1 0 8 1 0 1 1\n   8 0 sda 1 0 8 1 1 0 8 1 0 1 1\n",
      "/sys/block/nvme0n1/size": "7501476528\n",
      "/sys/block/nvme0n1/queue/rotational": "0\n",
      "/sys/block/nvme0n1/device/model": "SAMSUNG MZQL23T8HCLS-00A07              \n",
      "/sys/block/nvme0n1/device/serial": "S64HNE0T000001      \n",
      "/sys/block/nvme0n1/device/firmware_rev": "GDC5902Q\n",
      "/sys/block/nvme0n1/wwid": "eui.36344830540000010025384500000001\n",
      "/sys/block/sda/size": "1953525168\n",
      "/sys/block/sda/queue/rotational": "1\n",
      "/sys/block/sda/device/vendor": "ATA     \n",
      "/sys/block/sda/device/model": "ST1000NM0008-2F2\n",
      "/sys/block/sda/device/rev": "SN01\n",
      "/sys/block/sda/device/vpd_pg80": "\0\u0080\0\u0014            ZFA0ABCD",
      "/proc/net/dev": "a\nb\n  eno1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
      "/sys/class/net/eno1/address": "b0:26:28:00:00:01\n",
      "/sys/class/net/eno1/speed": "25000\n",
      "/sys/class/net/eno1/device/vendor": "0x14e4\n",
      "/sys/class/net/eno1/device/device": "0x16d7\n",
    },
    {
      memLayout: [
        {
          size: 34_359_738_368,
          bank: "A1",
          type: "DDR4",
          clockSpeed: 3200,
          manufacturer: "Hynix",
          partNum: "HMA84GR7",
          serialNum: "12345678",
        },
        { size: 0, bank: "A2", type: "Empty" },
      ],
    },
  );
  source.putLink("/sys/block/nvme0n1/device", "../../nvme0");
  source.putLink(
    "/sys/block/sda",
    "../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda",
  );
  source.putLink("/sys/class/net/eno1/device/driver", "../../../../bus/pci/drivers/bnxt_en");
  const { identity } = await collector.discover();
  expect(identity?.components).toMatchObject([
    {
      kind: "disk",
      slot: "nvme0n1",
      model: "SAMSUNG MZQL23T8HCLS-00A07",
      serial: "S64HNE0T000001",
      sizeBytes: 3_840_755_982_336,
      interface: "nvme",
      rotational: false,
    },
    {
      kind: "disk",
      slot: "sda",
      vendor: null,
      model: "ST1000NM0008-2F2",
      serial: "ZFA0ABCD",
      firmware: "SN01",
      interface: "sata",
      rotational: true,
    },
    {
      kind: "nic",
      slot: "eno1",
      model: "14e4:16d7",
      speedBitsPerSecond: 25_000_000_000,
      address: "b0:26:28:00:00:01",
      interface: "ethernet/bnxt_en",
    },
    { kind: "dimm", slot: "A1", vendor: "Hynix", sizeBytes: 34_359_738_368, interface: "ddr4" },
  ]);
});

test("nodes without processors are memory of accelerators, not NUMA nodes of the host", async () => {
  const { collector } = start({
    ...system,
    "/sys/devices/system/node/node0/cpulist": "0-79\n",
    "/sys/devices/system/node/node8/cpulist": "80-159\n",
    "/sys/devices/system/node/node250/cpulist": "\n",
    "/sys/devices/system/node/has_cpu": "0,8\n",
  });
  expect((await collector.discover()).identity?.numaNodes).toBe(2);
});

test("one nameless module of the whole memory is what the library says where it knows nothing", () => {
  expect(
    parseDimms([{ size: 25_276_514_304, bank: "", type: "", clockSpeed: 0, partNum: "" }]),
  ).toEqual([]);
  expect(parseDimms("no list")).toEqual([]);
});

test("a VPD page is a header and a serial padded on either side", () => {
  expect(parseVpdSerial("\0\u0080\0\u0014      Z1D0AB12  ")).toBe("Z1D0AB12");
  expect(parseVpdSerial("\0\u0080\0\0")).toBeNull();
});

test.each([
  [
    "a KVM guest by its vendor",
    { "/sys/class/dmi/id/sys_vendor": "QEMU\n" },
    { kind: "virtual", name: "kvm" },
  ],
  [
    "VMware",
    { "/sys/class/dmi/id/sys_vendor": "VMware, Inc.\n" },
    { kind: "virtual", name: "vmware" },
  ],
  [
    "Hyper-V",
    { "/sys/class/dmi/id/product_name": "Virtual Machine\n" },
    { kind: "virtual", name: "hyper-v" },
  ],
  ["Xen", { "/sys/hypervisor/type": "xen\n" }, { kind: "virtual", name: "xen" }],
  [
    "a nameless hypervisor",
    { "/proc/cpuinfo": "flags\t\t: fpu hypervisor lahf_lm\n" },
    { kind: "virtual", name: null },
  ],
  [
    "bare metal",
    {
      "/proc/cpuinfo": "flags\t\t: fpu vme lahf_lm\n",
      "/sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
    },
    { kind: "none" },
  ],
  [
    "an LPAR",
    { "/proc/sysinfo": "Manufacturer: IBM\nLPAR Number:          4\n" },
    { kind: "virtual", name: "lpar" },
  ],
  ["ARM without a sign", { "/proc/cpuinfo": "CPU implementer : 0x48\n" }, { kind: "unknown" }],
])("%s", (_, files, expected) => {
  expect(findVirtualization(createMemorySource(files))).toEqual(expected);
});
