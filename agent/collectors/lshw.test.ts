import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { lshwInventory, parseLshw } from "./lshw.ts";

const machine = {
  id: "server-a",
  class: "system",
  product: "R1 (SKU=1)",
  vendor: "Acme",
  serial: "S1A2B3",
  children: [
    {
      id: "core",
      class: "bus",
      description: "Motherboard",
      product: "B1",
      vendor: "Acme",
      serial: "BRD77",
      children: [
        { id: "firmware", class: "memory", version: "2.1" },
        {
          id: "cpu:0",
          class: "processor",
          product: "Xeon 1",
          vendor: "Intel Corp.",
          slot: "CPU1",
          businfo: "cpu@0",
        },
        {
          id: "cpu:1",
          class: "processor",
          product: "Xeon 1",
          slot: "CPU2",
          businfo: "cpu@1",
          disabled: true,
        },
        {
          id: "processor",
          class: "processor",
          description: "SCSI Processor",
          businfo: "scsi@12:0.0.0",
        },
        {
          id: "memory",
          class: "memory",
          children: [
            {
              id: "bank:0",
              class: "memory",
              description: "DIMM DDR4 [empty]",
              product: "M393",
              serial: "53AB",
              slot: "A1",
            },
            {
              id: "bank:1",
              class: "memory",
              description: "DIMM [empty]",
              product: "NO DIMM",
              serial: "NO DIMM",
              slot: "A2",
            },
          ],
        },
        {
          id: "network",
          class: "network",
          logicalname: "eno1",
          serial: "00:00:5E:00:53:01",
          businfo: "pci@0000:01:00.0",
          product: "X710 [8086:1572]",
          configuration: { driver: "i40e", firmware: "6.01" },
        },
        {
          id: "nvme",
          class: "storage",
          logicalname: "/dev/nvme0",
          serial: "NV01X",
          product: "P1",
          version: "F1",
          children: [{ id: "namespace", class: "disk", logicalname: "/dev/nvme0n1", size: 1000 }],
        },
      ],
    },
    { id: "network:0", class: "network", logicalname: "bond0", serial: "00:00:5e:00:53:01" },
    {
      id: "power",
      class: "power",
      product: "PN1X",
      description: "PWR 550W",
      serial: "PSUX1",
      units: "mWh",
      capacity: 550,
    },
    { id: "battery", class: "power", product: "BAT", capacity: 50_000 },
  ],
};

const inventoryOf = (text: string) => {
  const parsed = parseLshw(text);
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return lshwInventory(parsed.value);
};

test.each([
  ["an object", JSON.stringify(machine)],
  ["an array", JSON.stringify([machine])],
  ["objects without brackets, as old versions print them", `${JSON.stringify(machine)},\n`],
  [
    "warnings first",
    `WARNING: you should run this program as super-user.\n[warn: not JSON\n`.replace(
      "[warn",
      "note",
    ) + JSON.stringify(machine),
  ],
])("%s: every part once", (_, text) => {
  const { components, supplies, system } = inventoryOf(text);
  expect(system).toMatchObject({ product: "R1", serial: "S1A2B3" });
  expect(components.map(({ kind, slot, serial }) => [kind, slot, serial])).toEqual([
    ["board", "board", "BRD77"],
    ["cpu", "CPU1", null],
    ["dimm", "A1", "53AB"],
    ["psu", "psu0", "PSUX1"],
    ["nic", "eno1", null],
    ["disk", "nvme0n1", "NV01X"],
  ]);
  expect(supplies).toEqual([{ slot: "psu0", capacityMilliwatts: 550_000 }]);
  expect(components.find(({ kind }) => kind === "nic")).toMatchObject({
    model: "X710",
    address: "00:00:5e:00:53:01",
    firmware: "6.01",
    interface: "ethernet/i40e",
  });
});

test.each(["", "no JSON", "{", "[{]", '{"a": 1', "x".repeat(17 * 1024 * 1024)])(
  "%.20j is told, not thrown",
  (text) => {
    expect(parseLshw(text).ok).toBe(false);
  },
);

test("wrong types anywhere cost that part's field and nothing else", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const parsed = parseLshw(
        JSON.stringify([
          {
            ...machine,
            product: value,
            children: [
              machine.children[0],
              value,
              { class: value, id: value, logicalname: value, businfo: value, serial: value },
            ],
          },
        ]),
      );
      expect(parsed.ok).toBe(true);
      if (parsed.ok)
        expect(lshwInventory(parsed.value).components.some(({ kind }) => kind === "board")).toBe(
          true,
        );
    }),
  );
});

test("a tree as deep as a text allows is walked without recursion", () => {
  const depth = 50_000;
  const parsed = parseLshw(`${'{"children":['.repeat(depth)}${"]}".repeat(depth)}`);
  if (parsed.ok) expect(parsed.value.length).toBeLessThanOrEqual(20_000);
});
