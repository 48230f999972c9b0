import type { MemorySource } from "#test/support/memory-source.ts";
import type { ServerShape } from "./server-shape.ts";

/** Tools whose answers do not move while a machine runs: tables of the firmware, neighbours, last starts. */
export function putToolAnswers(source: MemorySource, shape: ServerShape): void {
  const types = ["-t", "0,1,2,3,4,16,17,38,39,41"];
  source.putTool(["dmidecode", ...types], { stdout: dmidecodeText(shape) });
  source.putTool(["lldpctl", "-f", "json"], { stdout: `${JSON.stringify(neighbours(shape))}\n` });
  source.putTool(["last", "-x", "-F", "-n", "32", "reboot", "shutdown", "runlevel"], {
    stdout: lastText,
  });
}

function dmidecodeText(shape: ServerShape): string {
  const { processor, dimms, product, seed } = shape;
  let handle = 0;
  const table = (type: number, title: string, fields: Readonly<Record<string, string>>): string => {
    handle += 1;
    const lines = Object.entries(fields).map(([name, value]) => `\t${name}: ${value}\n`);
    const number = handle.toString(16).toUpperCase().padStart(4, "0");
    return `Handle 0x${number}, DMI type ${type}, 64 bytes\n${title}\n${lines.join("")}\n`;
  };
  const digits = String(seed * 7919).padStart(9, "0");
  const made = { Manufacturer: "Example Systems" };
  const perSocket = dimms.count / processor.sockets;
  return [
    "# dmidecode 3.4\nGetting SMBIOS data from sysfs.\nSMBIOS 3.5.0 present.\n\n",
    table(0, "BIOS Information", {
      Vendor: "Example Systems",
      Version: "2.14.1",
      "Release Date": "03/02/2026",
    }),
    table(1, "System Information", {
      ...made,
      "Product Name": product,
      "Serial Number": `EXS${digits}`,
    }),
    table(2, "Base Board Information", {
      ...made,
      "Product Name": `${product}-MB`,
      "Serial Number": `EXB${digits}`,
    }),
    table(3, "Chassis Information", { ...made, Type: "Rack Mount Chassis" }),
    ...Array.from({ length: processor.sockets }, (_, socket) =>
      table(4, "Processor Information", {
        "Socket Designation": `CPU${socket + 1}`,
        Type: "Central Processor",
        Manufacturer: processor.vendor,
        Version: processor.model,
        Status: "Populated, Enabled",
        "Core Count": String(processor.coresPerSocket),
        "Thread Count": String(processor.coresPerSocket * processor.threadsPerCore),
      }),
    ),
    table(16, "Physical Memory Array", {
      Location: "System Board Or Motherboard",
      Use: "System Memory",
      "Error Correction Type": "Multi-bit ECC",
      "Number Of Devices": String(dimms.count),
    }),
    ...Array.from({ length: dimms.count }, (_, index) =>
      table(17, "Memory Device", {
        Size: `${dimms.gibibytes} GB`,
        "Form Factor": "DIMM",
        Locator: `P${Math.floor(index / perSocket)}_DIMM_${String.fromCharCode(65 + (index % perSocket))}1`,
        "Bank Locator": `P${Math.floor(index / perSocket)} CHANNEL ${String.fromCharCode(65 + (index % perSocket))}`,
        Type: "DDR5",
        Speed: "4800 MT/s",
        Manufacturer: "Example Memory",
        "Serial Number": `E${seed}M${String(index).padStart(4, "0")}`,
        "Part Number": `EM-${dimms.gibibytes}R4800`,
        "Configured Memory Speed": "4800 MT/s",
      }),
    ),
    ...Array.from({ length: shape.sensors.supplies }, (_, index) =>
      table(39, "System Power Supply", {
        Location: `PSU${index + 1}`,
        Name: "PWR SPLY,1400W",
        ...made,
        "Serial Number": `EXP${seed}${index}00417`,
        "Model Part Number": "EP1400",
        "Max Power Capacity": "1400 W",
        Status: "Present, OK",
      }),
    ),
  ].join("");
}

/** Ports with a cable hang on two switches in turn. */
function neighbours(shape: ServerShape) {
  const wired = shape.nics.filter(({ megabits }) => megabits !== null);
  return {
    lldp: {
      interface: wired.map(({ name }, index) => ({
        [name]: {
          via: "LLDP",
          rid: "1",
          age: "12 days, 03:11:20",
          chassis: {
            [`leaf-${(index % 2) + 1}`]: {
              id: { type: "mac", value: `02:00:5e:00:10:0${(index % 2) + 1}` },
              descr: "Example network operating system 5",
              capability: [{ type: "Bridge", enabled: true }],
            },
          },
          port: { id: { type: "ifname", value: `swp${index + 1}` }, descr: `swp${index + 1}` },
        },
      })),
    },
  };
}

const lastText = `reboot   system boot  6.1.0-28-amd64   Tue Sep 22 08:00:00 2026   still running
shutdown system down  6.1.0-28-amd64   Tue Sep 22 07:57:41 2026 - Tue Sep 22 08:00:00 2026  (00:02)
runlevel (to lvl 6)   6.1.0-28-amd64   Tue Sep 22 07:57:33 2026 - Tue Sep 22 07:57:41 2026  (00:00)
reboot   system boot  6.1.0-28-amd64   Mon Mar  2 10:11:12 2026 - Tue Sep 22 07:57:41 2026 (203+20:46)

wtmp begins Mon Mar  2 10:11:12 2026
`;
