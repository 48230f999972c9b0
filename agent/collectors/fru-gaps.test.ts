import { expect, test } from "vitest";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { parseFru } from "./fru.ts";
import { findFruGaps } from "./fru-gaps.ts";
import { readBmcParts } from "./ipmi-parts.ts";
import { IpmiReader } from "./ipmi-reader.ts";

const record = (name: string, id: number, serial: string): string =>
  `FRU Device Description : ${name} (ID ${id})\n Board Mfg             : ACME\n Board Product         : ${name} type\n Board Serial          : ${serial}\n\n`;
const builtin = record("Builtin FRU Device", 0, "B0");
const supplies = record("PS1", 1, "S1") + record("PS2", 2, "S2");
const backplane = "FRU Device Description : BP0 (ID 12)\n Device not present (Timeout)\n\n";

const gaps = (stdout: string, exitCode = 0, stderr = "") =>
  findFruGaps(parseFru(stdout), { exitCode, stderr });

test("a listing that ends well leaves nothing open", () => {
  expect(gaps(builtin + supplies)).toEqual({ cut: null, silentSupply: null });
  expect(gaps(builtin + backplane + supplies)).toEqual({ cut: null, silentSupply: null });
});

test("an error of the last record is the error that the tool ends with, and cuts nothing off", () => {
  expect(gaps(builtin + supplies + backplane, 1).cut).toBeNull();
  const blank = "FRU Device Description : BP1 (ID 13)\n Unknown FRU header version 0x00\n";
  expect(gaps(builtin + supplies + blank, 1).cut).toBeNull();
});

test.each([
  ["after the first record", builtin, 1, ""],
  ["before any", "", 1, ""],
  ["by a signal", builtin + supplies, 139, ""],
  ["within a record", builtin + record("PS1", 1, "S1").slice(0, -30), 1, ""],
  ["in the list of records", builtin, 0, "Get SDR 0014 command failed: timeout\n"],
  ["as the list cannot be opened", builtin, 1, "Unable to open SDR for reading\n"],
])("a tool that gives up %s may have left records out", (_, stdout, exitCode, stderr) => {
  expect(gaps(stdout, exitCode, stderr).cut).toContain("ipmitool fru print");
});

test.each([
  ["Device not present (Requested sensor, data, or record not found)", null],
  ["Device not present (Invalid data field in request)", null],
  ["Device not present (Timeout)", "PS2"],
  ["Device not present (No Response)", "PS2"],
  ["Device not present (Node busy)", "PS2"],
  ["Unknown FRU header version 0xff", "PS2"],
])("a supply's record that says %j", (words, silent) => {
  const text = `${builtin}${record("PS1", 1, "S1")}FRU Device Description : PS2 (ID 2)\n ${words}\n\n`;
  const { silentSupply } = gaps(text, 1);
  if (silent === null) expect(silentSupply).toBeNull();
  else expect(silentSupply).toContain(silent);
});

test("a supply that a cut listing does not name is not said to be gone", async () => {
  const source = createMemorySource({});
  const look = async () => {
    const reader = new IpmiReader(source satisfies HardwareSource, () => ({ kind: "none" }));
    const { components, absences } = await readBmcParts(reader);
    const unlooked = absences.filter(({ what }) => /components\.(?:psu|board)/.test(what));
    return {
      supplies: components.flatMap(({ kind, serial }) => (kind === "psu" ? [serial] : [])),
      unlooked: unlooked.map(({ what, reason }) => `${what} ${reason}`),
    };
  };
  source.putTool(["ipmitool", "fru", "print"], { exitCode: 0, stdout: builtin + supplies });
  expect(await look()).toEqual({ supplies: ["S1", "S2"], unlooked: [] });
  source.putTool(["ipmitool", "fru", "print"], {
    exitCode: 1,
    stdout: builtin + record("PS1", 1, "S1"),
  });
  expect(await look()).toEqual({
    supplies: ["S1"],
    unlooked: ["components.psu tool-failed", "components.board tool-failed"],
  });
  // It answers in full, and the record is not among them: it was pulled.
  source.putTool(["ipmitool", "fru", "print"], { stdout: builtin + record("PS1", 1, "S1") });
  expect(await look()).toEqual({ supplies: ["S1"], unlooked: [] });
});
