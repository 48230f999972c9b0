import { expect, test } from "vitest";
import { parseDmidecode } from "#agent/collectors/dmi.ts";
import { dmiComponents } from "#agent/collectors/dmi-components.ts";
import { parseFru } from "#agent/collectors/fru.ts";
import { boardsOfFru, suppliesOfFru } from "#agent/collectors/fru-components.ts";
import { lshwInventory, parseLshw } from "#agent/collectors/lshw.ts";
import { mergeComponents, type SourcedParts } from "#agent/collectors/parts-merge.ts";
import { readRecording } from "./recordings-folder.ts";

/** One machine as two of its witnesses recorded it: every part once, each field by who knows it. */
function dmi(name: string): SourcedParts {
  return { source: "dmi", components: dmiComponents(parseDmidecode(readRecording(name))) };
}

function fru(name: string): SourcedParts {
  const units = parseFru(readRecording(name));
  return { source: "fru", components: [...boardsOfFru(units), ...suppliesOfFru(units)] };
}

function lshw(name: string): SourcedParts {
  const parsed = parseLshw(readRecording(name));
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return { source: "lshw", components: lshwInventory(parsed.value).components };
}

test("the R640: the firmware's numbered supplies are the BMC's PS1 and PS2, and there is one board", () => {
  const merged = mergeComponents([
    dmi("dmi/dell-r640/dmidecode.txt"),
    fru("ipmi/dell-r640/ipmitool-fru.txt"),
  ]);
  const of = (kind: string) => merged.filter((part) => part.kind === kind);
  expect(of("psu").map(({ slot, serial }) => [slot, serial])).toEqual([
    ["PS1", "CNDED0003G0NQA"],
    ["PS2", "CNDED0003G0O0P"],
  ]);
  expect(of("board")).toMatchObject([
    {
      slot: "board",
      serial: ".2RJF153.CNIVC0005G0184.",
      firmware: "2.6.4",
      partNumber: "06NR82A03",
    },
  ]);
  expect(of("dimm")).toHaveLength(8);
  expect(of("cpu")).toHaveLength(2);
});

test("the X2200 M2: both witnesses name one board serial", () => {
  const merged = mergeComponents([
    dmi("dmi/sun-x2200-m2/dmidecode.txt"),
    fru("ipmi/sun-x2200-m2/ipmitool-fru.txt"),
  ]);
  expect(merged.filter(({ kind }) => kind === "board").map(({ serial }) => serial)).toEqual([
    "2029QTF0723MT0459",
  ]);
});

test.each([
  ["supermicro-x11dph-t", "dmidecode-type39-psu.txt", 2, ["PSU1", "PSU2"]],
  ["asrockrack-e3c246d4i-nl", "dmidecode.txt", 0, []],
])("%s: what lshw reads again is no further part", (folder, table, supplies, slots) => {
  const merged = mergeComponents([lshw(`dmi/${folder}/lshw.json`), dmi(`dmi/${folder}/${table}`)]);
  const found = merged.filter(({ kind }) => kind === "psu");
  expect(found).toHaveLength(supplies);
  expect(found.map(({ slot }) => slot)).toEqual(slots);
  expect(merged.filter(({ kind }) => kind === "board")).toHaveLength(1);
  const modules = merged.filter(({ kind }) => kind === "dimm").map(({ serial }) => serial);
  expect(new Set(modules).size).toBe(modules.length);
});
