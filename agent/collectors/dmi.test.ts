import { describe, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { parseDmidecode } from "./dmi.ts";
import { dmiComponents } from "./dmi-components.ts";
import {
  firmwareBytes,
  firmwareMegatransfers,
  firmwareMilliwatts,
  firmwarePlace,
  firmwareText,
} from "./dmi-values.ts";
import { chooseSlots } from "./parts-slots.ts";

const head = "# dmidecode 3.5\nGetting SMBIOS data from sysfs.\nSMBIOS 3.5.0 present.\n\n";

function record(type: number, title: string, lines: readonly string[], margin = "\t"): string {
  const body = lines.map((line) => `${margin}${line}`).join("\n");
  return `Handle 0x${type.toString(16).padStart(4, "0")}, DMI type ${type}, 40 bytes\n${title}\n${body}\n\n`;
}

const module = (locator: string, bank: string, more: readonly string[]): string =>
  record(17, "Memory Device", [`Locator: ${locator}`, `Bank Locator: ${bank}`, ...more]);

describe("parseDmidecode", () => {
  test.each(["\t", "        ", "    "])("reads keys behind a margin of %j", (margin) => {
    const text =
      head +
      record(1, "System Information", ["Manufacturer: Acme", "Serial Number: A1B2C3"], margin);
    expect(parseDmidecode(text).system).toMatchObject({ manufacturer: "Acme", serial: "A1B2C3" });
  });

  test("a list below a key is no key of its own, even with a colon in it", () => {
    const text =
      head +
      record(4, "Processor Information", [
        "Flags:",
        "\tSerial Number: fpu",
        "Status: Populated, Enabled",
        "Serial Number: S1x9",
      ]);
    expect(parseDmidecode(text).processors[0]).toMatchObject({ serial: "S1x9", populated: true });
  });

  test("of two lines with one key the first counts", () => {
    const text =
      head + record(1, "System Information", ["Serial Number: first1", "Serial Number: second2"]);
    expect(parseDmidecode(text).system?.serial).toBe("first1");
  });

  test("an empty socket, an empty slot and a supply that is not there are no parts", () => {
    const text =
      head +
      record(4, "Processor Information", [
        "Socket Designation: CPU2",
        "Status: Unpopulated",
        "Core Count: 8",
      ]) +
      module("A2", "BANK 1", ["Size: No Module Installed", "Serial Number: NO DIMM"]) +
      record(39, "System Power Supply", [
        "Location: PSU2",
        "Serial Number: X9Y8Z7",
        "Status: Not Present",
        "Plugged: Yes",
      ]);
    const inventory = parseDmidecode(text);
    expect(inventory.supplies[0]?.present).toBe(false);
    expect(inventory.modules[0]?.installed).toBe(false);
    expect(dmiComponents(inventory)).toEqual([]);
  });

  test("a module whose size the firmware does not know is a module all the same", () => {
    const text =
      head + module("A1", "", ["Size: Unknown", "Serial Number: 37A0B1C2", "Type: DDR5"]);
    expect(dmiComponents(parseDmidecode(text))).toMatchObject([
      { kind: "dimm", slot: "A1", serial: "37A0B1C2", sizeBytes: null, interface: "ddr5" },
    ]);
  });

  test("a module runs at its configured speed, whatever it could", () => {
    const text =
      head +
      module("A1", "", ["Size: 64 GB", "Speed: 4800 MT/s", "Configured Memory Speed: 4400 MT/s"]);
    expect(dmiComponents(parseDmidecode(text))[0]).toMatchObject({
      sizeBytes: 64 * 1024 ** 3,
      speedBitsPerSecond: 4400 * 64_000_000,
    });
  });

  test("only a supply's watts that a supply can give are believed", () => {
    const supply = (capacity: string) =>
      parseDmidecode(
        head +
          record(39, "System Power Supply", [
            "Name: P1",
            "Status: Present, OK",
            `Max Power Capacity: ${capacity}`,
          ]),
      ).supplies[0];
    expect(supply("750 W")?.capacityMilliwatts).toBe(750_000);
    expect(supply("0.460 W")).toMatchObject({ capacityMilliwatts: null, capacityText: "0.460 W" });
    expect(supply("32768 W")?.capacityMilliwatts).toBeNull();
    expect(supply("Unknown")).toMatchObject({ capacityMilliwatts: null, capacityText: null });
  });

  test("a BMC is a part without a serial; its registers' address is kept", () => {
    const text =
      head +
      record(38, "IPMI Device Information", [
        "Interface Type: SSIF (SMBus System Interface)",
        "Specification Version: 2.0",
        "Base Address: 0x10 (SMBus)",
      ]);
    expect(parseDmidecode(text).bmc).toEqual({
      interface: "ssif",
      specification: "2.0",
      address: "0x10",
    });
    expect(dmiComponents(parseDmidecode(text))).toMatchObject([{ kind: "bmc", slot: "bmc" }]);
  });

  test("memory that is no system memory is not counted in slots", () => {
    const text =
      head +
      record(16, "Physical Memory Array", [
        "Use: System Memory",
        "Number Of Devices: 8",
        "Maximum Capacity: 512 GB",
        "Error Correction Type: Multi-bit ECC",
      ]) +
      record(16, "Physical Memory Array", [
        "Use: Flash Memory",
        "Number Of Devices: 1",
        "Maximum Capacity: 16 MB",
      ]);
    expect(parseDmidecode(text).memory).toEqual({
      slots: 8,
      errorCorrection: "Multi-bit ECC",
      maximumBytes: 512 * 1024 ** 3,
    });
  });

  test("whatever the text, nothing is thrown and the parts are bounded", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (text) => {
        const inventory = parseDmidecode(
          head + text + record(17, "Memory Device", [text.slice(0, 40)]),
        );
        expect(inventory.modules.length).toBeLessThanOrEqual(4096);
      }),
    );
    expect(
      parseDmidecode(record(17, "Memory Device", ["Size: 1 GB"]).repeat(5000)).modules,
    ).toHaveLength(4096);
  });
});

describe("values of firmware", () => {
  test.each([
    "Not Specified",
    "To Be Filled By O.E.M.",
    "  ",
    "<OUT OF SPEC>",
    "<BAD INDEX>",
    "SerNum0",
    "PartNum12",
    "Manufacturer3",
    "DIMM_A1_AssetTag",
    "Array1_PartNumber0",
    "0123456789",
    "NO DIMM",
    "00000000",
  ])("%j is no text", (text) => {
    expect(firmwareText(text)).toBeNull();
  });

  test.each([
    ["HP     ", "HP"],
    ["PROC  1 DIMM  1 ", "PROC 1 DIMM 1"],
    ["ABC\u0000\u0007D", "ABC D"],
    [".2ABC123.CN7016.", ".2ABC123.CN7016."],
  ])("%j is %j", (text, shown) => {
    expect(firmwareText(text)).toBe(shown);
  });

  test("a place may be one letter or digit, which is no serial", () => {
    expect([
      firmwarePlace("1"),
      firmwareText("1"),
      firmwarePlace("To Be Filled By O.E.M."),
    ]).toEqual(["1", null, null]);
  });

  test("numbers have their unit or are none", () => {
    expect(
      ["32 GB", "8192 MB", "0 MB", "-1 GB", "99999 TB", "No Module Installed", "32"].map(
        firmwareBytes,
      ),
    ).toEqual([32 * 1024 ** 3, 8 * 1024 ** 3, null, null, null, null, null]);
    expect(
      ["2933 MT/s", "1333 MHz", "0 MT/s", "Unknown", "65535000 MT/s"].map(firmwareMegatransfers),
    ).toEqual([2933, 1333, null, null, null]);
    expect(firmwareMilliwatts("9 W")).toBeNull();
  });
});

describe("chooseSlots", () => {
  test("the bank tells apart what the locator does not, and a number what neither does", () => {
    expect(
      chooseSlots(
        [
          ["D0", "/SYS/MB/P0"],
          ["D0", "/SYS/MB/P1"],
          ["D1", "/SYS/MB/P0"],
        ],
        "dimm",
      ),
    ).toEqual(["/SYS/MB/P0 D0", "/SYS/MB/P1 D0", "D1"]);
    expect(chooseSlots([["..U."], ["..U."]], "cpu")).toEqual(["cpu0", "cpu1"]);
    expect(
      chooseSlots(
        [
          ["DIMM", "BANK 0"],
          ["DIMM", "BANK 0"],
          [null, null],
        ],
        "dimm",
      ),
    ).toEqual(["dimm0", "dimm1", "dimm2"]);
  });

  test("no two places have one name", () => {
    const name = fc.constantFrom(null, "A", "B", "..U.", "dimm0", "dimm1", "BANK 0", "A B");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 12 }), (candidates) => {
        const slots = chooseSlots(candidates, "dimm");
        expect(new Set(slots).size).toBe(candidates.length);
      }),
    );
  });
});
