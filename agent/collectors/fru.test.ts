import { expect, test } from "vitest";
import { parseFru } from "./fru.ts";
import { boardsOfFru, suppliesOfFru } from "./fru-components.ts";
import { bmcComponent, parseMcInfo } from "./mc-info.ts";
import { parseLanPrint } from "./mc-lan.ts";

const unit = (head: string, ...lines: readonly string[]): string =>
  [`FRU Device Description : ${head}`, ...lines.map((line) => ` ${line}`), ""].join("\n");

test("supplies by board area or product area; one listed twice is one, an empty record is none", () => {
  const text = [
    unit("PS1 (ID 1)", "Board Mfg : ACME", "Board Product : PWR 750 ", "Board Serial : A1"),
    unit(
      "PSU2 FRU (ID 2)",
      "Product Name : PWR 800",
      "Product Serial : A2",
      "Product Version : 01",
    ),
    unit("PS1 copy", "Board Product : PWR 750", "Board Serial : A1"),
    unit("PS3 (ID 3)", "Device not present (Requested sensor, data, or record not found)"),
    unit("PSOC (ID 4)", "Board Product : chip", "Board Serial : C1"),
  ].join("\n");
  expect(
    suppliesOfFru(parseFru(text)).map(({ slot, model, serial, firmware }) => [
      slot,
      model,
      serial,
      firmware,
    ]),
  ).toEqual([
    ["PS1", "PWR 750", "A1", null],
    ["PSU2 FRU", "PWR 800", "A2", "01"],
  ]);
});

test("the board is the first with a chassis or the name of one, not a card", () => {
  const text = [
    unit("NDC (ID 4)", "Board Product : NIC", "Board Serial : N1"),
    unit("Builtin FRU Device (ID 0)", "Board Mfg : ACME", "Board Serial : B1"),
    unit("iBMC", "Board Mfg : ACME", "Board Serial : B1"),
  ].join("\n");
  expect(boardsOfFru(parseFru(text)).map(({ serial }) => serial)).toEqual(["B1"]);
});

test.each([
  ["Mon May 18 12:39:00 2020", Date.UTC(2020, 4, 18, 12, 39)],
  ["Tue Dec  3 12:58:00 2019", Date.UTC(2019, 11, 3, 12, 58)],
  ["Mon Jan  1 00:00:00 1996", null],
  ["Sun Dec 31 16:00:00 1995", null],
  ["Unspecified", null],
  ["Mon Feb 30 00:00:00 2020", null],
])("a board made on %s", (date, madeMs) => {
  expect(parseFru(unit("X (ID 1)", `Board Mfg Date : ${date}`))[0]?.board.madeMs).toBe(madeMs);
});

test.each([
  ["Memory size : 98304 MB", 96 * 1024 ** 3],
  ["Memory Size : 680 MB", null],
  ["Memory Size : 0 MB", null],
])("a module of %s", (line, bytes) => {
  const text = unit("DIMM (ID 9)", "Memory Type : DDR5 SDRAM", line);
  expect(parseFru(text)[0]?.memory.sizeBytes).toBe(bytes);
});

test("the BMC as a part: auxiliary bytes tell builds of one revision apart", () => {
  const text =
    "Firmware Revision         : 1.74\nManufacturer ID           : 10876\nManufacturer Name         : Supermicro\nProduct ID                : 2329 (0x0919)\nProduct Name              : Unknown (0x919)\nAux Firmware Rev Info     : \n    0x12\n    0x00\n    0x00\n    0x00\n";
  const controller = parseMcInfo(text);
  expect(controller).not.toBeNull();
  if (controller !== null)
    expect(bmcComponent(controller, null)).toMatchObject({
      kind: "bmc",
      vendor: "Supermicro",
      model: "product 2329",
      firmware: "1.74 (12 00 00 00)",
    });
  expect(parseMcInfo("Get Device ID command failed\n")).toBeNull();
});

test("an address of zeros is none, and so is a MAC of zeros", () => {
  const text = "IP Address : 0.0.0.0\nMAC Address : 00:00:00:00:00:00\n802.1q VLAN ID : 12\n";
  expect(parseLanPrint(text)).toMatchObject({ address: null, mac: null, vlan: 12 });
  expect(parseLanPrint("Invalid channel: 9\n")).toBeNull();
});
