import { expect, test } from "vitest";
import { unknownComponent } from "#proto/messages/state.ts";
import { parseDimms } from "./dimms.ts";

const module = {
  size: 16 * 2 ** 30,
  bank: "P0 CHANNEL A",
  type: "DDR4",
  clockSpeed: 3200,
  manufacturer: "Samsung",
  partNum: "M393A2K40DB3-CWE",
  serialNum: "03A1B2C3",
};

test("a module with its slot, size, maker and rate", () => {
  expect(parseDimms([module])).toEqual([
    {
      ...unknownComponent,
      kind: "dimm",
      slot: "P0 CHANNEL A",
      vendor: "Samsung",
      model: "M393A2K40DB3-CWE",
      serial: "03A1B2C3",
      firmware: null,
      sizeBytes: 16 * 2 ** 30,
      speedBitsPerSecond: 3200 * 64_000_000,
      address: null,
      interface: "ddr4",
      rotational: null,
    },
  ]);
});

test("boards that name no bank still have one slot for each module", () => {
  const unnamed = { ...module, bank: "Not Specified" };
  expect(parseDimms([unnamed, unnamed]).map(({ slot }) => slot)).toEqual(["dimm0", "dimm1"]);
});

test.each([
  ["an empty slot", { ...module, size: 0 }],
  [
    "the whole memory of a machine without DMI tables",
    { size: 2 ** 33, bank: "", type: "", manufacturer: "", partNum: "" },
  ],
  ["what is no entry", "16 GB"],
])("%s is no module", (_, entry) => {
  expect(parseDimms([entry])).toEqual([]);
});

test("an answer of another form has no modules", () => {
  expect(parseDimms(null)).toEqual([]);
});
