import { expect, test } from "vitest";
import { closeOverModules, moduleName, parseModuleTable } from "./kernel-modules.ts";

const table = parseModuleTable(
  [
    "kernel/drivers/nvme/host/nvme-core.ko: kernel/lib/t10-pi.ko",
    "kernel/drivers/nvme/host/nvme.ko: kernel/drivers/nvme/host/nvme-core.ko kernel/lib/t10-pi.ko",
    "kernel/lib/t10-pi.ko: kernel/lib/crc-t10dif.ko",
    "kernel/lib/crc-t10dif.ko:",
    "kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko:",
    "kernel/drivers/net/ethernet/intel/ixgbe/ixgbe.ko.xz:",
    "",
  ].join("\n"),
);

test("a module comes with all that it needs, also with what its needs need", () => {
  expect(closeOverModules(table, ["nvme"])).toEqual({
    files: [
      "kernel/drivers/nvme/host/nvme-core.ko",
      "kernel/drivers/nvme/host/nvme.ko",
      "kernel/lib/crc-t10dif.ko",
      "kernel/lib/t10-pi.ko",
    ],
    missing: [],
  });
});

test("a folder stands for every module below it", () => {
  expect(closeOverModules(table, ["net/ethernet/"]).files).toHaveLength(2);
});

test("what this kernel has no module for is told by name", () => {
  expect(closeOverModules(table, ["ext4", "t10_pi"])).toMatchObject({ missing: ["ext4"] });
});

test("a name is the same with dashes and with underlines, packed and not", () => {
  expect(moduleName("kernel/a/nvme-core.ko.xz")).toBe("nvme_core");
});

test("modules that need each other end", () => {
  const circle = parseModuleTable("a/a.ko: a/b.ko\na/b.ko: a/a.ko\n");
  expect(closeOverModules(circle, ["a"]).files).toEqual(["a/a.ko", "a/b.ko"]);
});
