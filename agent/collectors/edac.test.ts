import { expect, test } from "vitest";
import { createMemorySource } from "#test/support/memory-source.ts";
import { findEdacCounters } from "./edac.ts";

const mc = "/sys/devices/system/edac/mc";
const shown = (files: Readonly<Record<string, string>>) =>
  findEdacCounters(createMemorySource(files)).counters.map(({ id, name, error }) => [
    id,
    name,
    error,
  ]);

test("modules are counted by module, and the controller's sums are not counted again", () => {
  expect(
    shown({
      [`${mc}/mc0/ce_count`]: "7",
      [`${mc}/mc0/ue_count`]: "0",
      [`${mc}/mc0/ce_noinfo_count`]: "1",
      [`${mc}/mc0/dimm0/dimm_label`]: "CPU_SrcID#0_MC#0_Chan#0_DIMM#0\n",
      [`${mc}/mc0/dimm0/dimm_ce_count`]: "6",
      [`${mc}/mc0/dimm0/dimm_ue_count`]: "0",
      [`${mc}/mc0/csrow0/ce_count`]: "6",
      [`${mc}/mc0/csrow0/ch0_ce_count`]: "6",
    }),
  ).toEqual([
    ["edac:mc0/dimm0", "CPU_SrcID#0_MC#0_Chan#0_DIMM#0", "corrected"],
    ["edac:mc0/dimm0", "CPU_SrcID#0_MC#0_Chan#0_DIMM#0", "uncorrected"],
    ["edac:mc0", "mc0", "corrected"],
  ]);
});

test("drivers that know ranks give ranks", () => {
  expect(
    shown({ [`${mc}/mc1/rank3/dimm_label`]: "\n", [`${mc}/mc1/rank3/dimm_ce_count`]: "0" }),
  ).toEqual([["edac:mc1/rank3", null, "corrected"]]);
});

test("old kernels count corrected errors by channel and uncorrected by row", () => {
  expect(
    shown({
      [`${mc}/mc0/csrow0/ce_count`]: "3",
      [`${mc}/mc0/csrow0/ue_count`]: "1",
      [`${mc}/mc0/csrow0/ch0_ce_count`]: "1",
      [`${mc}/mc0/csrow0/ch0_dimm_label`]: "DIMM_A0",
      [`${mc}/mc0/csrow0/ch1_ce_count`]: "2",
    }),
  ).toEqual([
    ["edac:mc0/csrow0/ch0", "DIMM_A0", "corrected"],
    ["edac:mc0/csrow0/ch1", null, "corrected"],
    ["edac:mc0/csrow0", "csrow0", "uncorrected"],
  ]);
});

test("a kernel without a driver, and a machine whose memory is not watched, are told apart", () => {
  expect(findEdacCounters(createMemorySource()).absences).toMatchObject([
    { what: "hw.errors", reason: "no-kernel-interface" },
  ]);
  expect(
    findEdacCounters(createMemorySource({ [`${mc}/power/control`]: "auto" })).absences,
  ).toMatchObject([{ reason: "no-such-hardware" }]);
});
