import { parseDmidecode } from "#agent/collectors/dmi.ts";
import { dmiComponents } from "#agent/collectors/dmi-components.ts";
import { lshwInventory, parseLshw } from "#agent/collectors/lshw.ts";
import { mergeComponents } from "#agent/collectors/parts-merge.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

const dmidecode = `# dmidecode 3.5
Getting SMBIOS data from sysfs.
SMBIOS 3.5.0 present.

Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
	Vendor: Acme Firmware
	Version: 2.14.1
	Release Date: 03/04/2025
	Characteristics:
		PCI is supported
		UEFI is supported

Handle 0x0001, DMI type 1, 27 bytes
System Information
	Manufacturer: Acme
	Product Name: Rack One
	Serial Number: R1X0042      
	UUID: 4a1f0b52-0042-4a10-8046-b2c04f313533
	SKU Number: To Be Filled By O.E.M.

Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
	Manufacturer: Acme
	Product Name: RB1
	Serial Number: .R1X0042.CN0001.
	Location In Chassis: Not Specified

Handle 0x0400, DMI type 4, 48 bytes
Processor Information
	Socket Designation: CPU1
	Flags:
		FPU (Floating-point unit on-chip)
	Version: Xeon Example 8 @ 2.10GHz
	Status: Populated, Enabled
	Core Count: 8
	Core Enabled: 8
	Thread Count: 16

Handle 0x1000, DMI type 16, 23 bytes
Physical Memory Array
	Use: System Memory
	Error Correction Type: Multi-bit ECC
	Maximum Capacity: 2 TB
	Number Of Devices: 2

Handle 0x1100, DMI type 17, 92 bytes
Memory Device
	Size: 32 GB
	Locator: A1
	Bank Locator: BANK 0
	Type: DDR5
	Speed: 4800 MT/s
	Manufacturer: Example
	Serial Number: 37A0B1C2
	Part Number: EX32G4800      
	Configured Memory Speed: 4400 MT/s

Handle 0x1101, DMI type 17, 92 bytes
Memory Device
	Size: No Module Installed
	Locator: A1
	Bank Locator: BANK 1
	Memory Technology: <OUT OF SPEC>

Handle 0x2600, DMI type 38, 18 bytes
IPMI Device Information
	Interface Type: KCS (Keyboard Control Style)
	Base Address: 0x0000000000000CA2 (I/O)

Handle 0x2700, DMI type 39, 22 bytes
System Power Supply
        Location: PSU1
        Name: PWR 750W
        Serial Number: P100A1
        Max Power Capacity: 0.750 W
        Status: Present, OK
        Plugged: Yes

Handle 0x2900, DMI type 41, 11 bytes
Onboard Device
	Reference Designation: NIC 1
	Type: Ethernet
	Status: Enabled
	Bus Address: 0000:19:00.0
`;

const lshw = JSON.stringify([
  {
    id: "server-a",
    class: "system",
    vendor: "Acme",
    serial: "R1X0042",
    children: [
      { id: "core", class: "bus", description: "Motherboard", product: "RB1", serial: "CN0001" },
      { id: "cpu", class: "processor", businfo: "cpu@0", slot: "CPU1", product: "Xeon" },
      { id: "bank:0", class: "memory", slot: "A1", serial: "37A0B1C2", size: 34_359_738_368 },
      {
        id: "network",
        class: "network",
        businfo: "pci@0000:19:00.0",
        logicalname: "eno1",
        serial: "00:00:5e:00:53:01",
        configuration: { driver: "i40e", firmware: "6.01" },
      },
      { id: "power", class: "power", serial: "P100A1", capacity: 750, units: "mWh" },
      { id: "disk", class: "disk", logicalname: ["/dev/sda"], serial: "ZA01", size: 1 },
    ],
  },
]);

export const targets: readonly FuzzTarget[] = [
  {
    name: "parseDmidecode",
    samples: () => [dmidecode],
    recordings: /^dmi\/.*\.txt$/,
    parse(text) {
      const inventory = parseDmidecode(text);
      return [
        inventory,
        mergeComponents([{ source: "dmi", components: dmiComponents(inventory) }]),
      ];
    },
  },
  {
    name: "parseLshw",
    samples: () => [lshw, `WARNING: not all of it\n${lshw}`],
    recordings: /^dmi\/.*lshw\.json$/,
    parse(text) {
      const parsed = parseLshw(text);
      if (!parsed.ok) return parsed.problem;
      const inventory = lshwInventory(parsed.value);
      return [inventory, mergeComponents([{ source: "lshw", components: inventory.components }])];
    },
  },
];
