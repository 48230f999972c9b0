import { closeSync, openSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { GuestHardware } from "./guest.ts";
import type { SimulatedSensor } from "./ipmi-simulator.ts";
import { showDimms } from "./smbios-memory.ts";

/** Two NUMA nodes with their own memory, two NVMe disks, two SATA disks, a 25 Gbit NIC, four DIMMs. */
export const numaStorageServer: GuestHardware = {
  name: "wwslab-2n-nvme-sata",
  memoryMiB: 1536,
  args: (folder) => [
    "-smp",
    "4,sockets=2,cores=2,threads=1",
    "-object",
    "memory-backend-ram,id=m0,size=768M",
    "-object",
    "memory-backend-ram,id=m1,size=768M",
    "-numa",
    "node,nodeid=0,cpus=0-1,memdev=m0",
    "-numa",
    "node,nodeid=1,cpus=2-3,memdev=m1",
    "-numa",
    "dist,src=0,dst=1,val=21",
    ...smbios("R2-NVMe", "2N"),
    ...showDimms(
      folder,
      ["A1", "A2", "B1", "B2"].map((slot, index) => ({
        locator: `DIMM_${slot}`,
        bank: `NODE ${index >> 1} CHANNEL ${slot}`,
        serial: `WWSDIMM2N0${index + 1}`,
        sizeMiB: 384,
      })),
    ),
    ...disk(folder, "nvme0", 16 * 2 ** 30, "nvme,serial=WWSNVME0001"),
    ...disk(folder, "nvme1", 16 * 2 ** 30, "nvme,serial=WWSNVME0002"),
    ...disk(
      folder,
      "sata0",
      4 * 2 ** 40,
      "ide-hd,bus=ide.0,serial=WWSSATA0001,model=WWS HDD 4T,wwn=0x5000c500a1b20001,rotation_rate=7200",
    ),
    ...disk(
      folder,
      "sata1",
      480 * 10 ** 9,
      "ide-hd,bus=ide.1,serial=WWSSATA0002,model=WWS SSD 480G,wwn=0x5000c500a1b20002,rotation_rate=1",
    ),
    "-netdev",
    "user,id=n0,restrict=on",
    "-device",
    "virtio-net-pci,netdev=n0,mac=52:54:00:aa:01:01,speed=25000,duplex=full",
  ],
};

/** One socket, one NVMe disk, a 10 Gbit NIC, and a BMC that answers in-band. */
export function powerServer(bmcArgs: readonly string[]): GuestHardware {
  return {
    name: "wwslab-1s-bmc",
    memoryMiB: 1024,
    args: (folder) => [
      "-smp",
      "2,sockets=1,cores=2,threads=1",
      ...smbios("R1-BMC", "1S"),
      "-smbios",
      "type=17,manufacturer=WWS Lab,bank=CHANNEL A,loc_pfx=DIMM_A,serial=WWSDIMM1S01,part=WD-1024,speed=3200",
      ...disk(folder, "nvme0", 32 * 2 ** 30, "nvme,serial=WWSNVME0101"),
      "-netdev",
      "user,id=n0,restrict=on",
      "-device",
      "virtio-net-pci,netdev=n0,mac=52:54:00:aa:02:01,speed=10000,duplex=full",
      ...bmcArgs,
    ],
  };
}

export const powerServerSensors: readonly SimulatedSensor[] = [
  {
    name: "Inlet Temp",
    type: "Temperature",
    unit: "degrees_C",
    entity: "system_board",
    instance: 1,
    factor: 1,
    exponent: 0,
    raw: 24,
  },
  {
    name: "CPU1 Temp",
    type: "Temperature",
    unit: "degrees_C",
    entity: "processor",
    instance: 1,
    factor: 1,
    exponent: 0,
    raw: 51,
  },
  {
    name: "Fan1",
    type: "Fan",
    unit: "RPM",
    entity: "fan_cooling_device",
    instance: 1,
    factor: 100,
    exponent: 0,
    raw: 72,
  },
  {
    name: "Fan2",
    type: "Fan",
    unit: "RPM",
    entity: "fan_cooling_device",
    instance: 2,
    factor: 100,
    exponent: 0,
    raw: 71,
  },
  {
    name: "Pwr Consumption",
    type: "Other_Units_Based_Sensor",
    unit: "Watts",
    entity: "system_board",
    instance: 1,
    factor: 4,
    exponent: 0,
    raw: 62,
  },
  {
    name: "PSU1 Input",
    type: "Other_Units_Based_Sensor",
    unit: "Watts",
    entity: "power_supply",
    instance: 1,
    factor: 4,
    exponent: 0,
    raw: 31,
  },
  {
    name: "PSU2 Input",
    type: "Other_Units_Based_Sensor",
    unit: "Watts",
    entity: "power_supply",
    instance: 2,
    factor: 4,
    exponent: 0,
    raw: 31,
  },
  {
    name: "P12v",
    type: "Voltage",
    unit: "Volts",
    entity: "system_board",
    instance: 1,
    factor: 6,
    exponent: -2,
    raw: 201,
  },
];

function smbios(product: string, tag: string): readonly string[] {
  return [
    "-uuid",
    `4c4c4544-0034-5a10-8056-0000000000${tag.toLowerCase().replace("n", "a").replace("s", "b")}`,
    "-smbios",
    "type=0,vendor=WWS Lab,version=1.4.2,date=05/11/2026",
    "-smbios",
    `type=1,manufacturer=WWS Lab,product=${product},version=1,serial=WWSSYS${tag},sku=${product},family=Lab`,
    "-smbios",
    `type=2,manufacturer=WWS Lab,product=LB-${tag},serial=WWSBRD${tag}`,
    "-smbios",
    `type=3,manufacturer=WWS Lab,serial=WWSCHS${tag},asset=WWS-ASSET-${tag}`,
    "-smbios",
    "type=4,manufacturer=WWS Lab,version=Virtual Processor",
  ];
}

/** A sparse file of the size asked for. */
function disk(folder: string, id: string, sizeBytes: number, device: string): readonly string[] {
  const file = join(folder, `${id}.img`);
  closeSync(openSync(file, "w"));
  truncateSync(file, sizeBytes);
  const [model, ...rest] = device.split(",");
  return [
    "-drive",
    `file=${file},format=raw,if=none,id=${id}`,
    "-device",
    [model, `drive=${id}`, ...rest].join(","),
  ];
}
