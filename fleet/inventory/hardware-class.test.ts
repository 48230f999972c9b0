import { describe, expect, test } from "vitest";
import { type Component, type Identity, unknownComponent } from "#proto/messages/state.ts";
import { hostState } from "#test/support/inventory-builders.ts";
import { deriveHardwareClass } from "./hardware-class.ts";

const gibibyte = 1024 ** 3;

function component(facts: Partial<Component>): Component {
  return {
    ...unknownComponent,
    kind: "disk",
    slot: "x",
    vendor: null,
    model: null,
    serial: null,
    firmware: null,
    sizeBytes: 1e12,
    speedBitsPerSecond: null,
    address: null,
    interface: null,
    rotational: null,
    ...facts,
  };
}

const times = (count: number, facts: Partial<Component>): Component[] =>
  Array.from({ length: count }, () => component(facts));

const classOf = (model: string, sockets: number, identity: Partial<Identity>): string | null =>
  deriveHardwareClass(
    hostState({}, { processor: { model, sockets, cores: 32, threads: 64 }, ...identity }),
  );

describe("a hardware class names what makes hosts interchangeable", () => {
  test("sockets, processor, memory and disks, readably", () => {
    expect(
      classOf("AMD EPYC 7543 32-Core Processor", 2, {
        memoryBytes: 503.6 * gibibyte,
        components: times(12, { interface: "nvme", rotational: false }),
      }),
    ).toBe("2x-epyc-7543-512g-12nvme");
  });

  test.each([
    ["Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "1x-xeon-e5-2680-v4-64g-diskless"],
    ["Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "1x-xeon-gold-6338-64g-diskless"],
    ["INTEL(R) XEON(R) PLATINUM 8592+", "1x-xeon-platinum-8592-64g-diskless"],
    ["AMD Ryzen 9 7950X 16-Core Processor", "1x-ryzen-9-7950x-64g-diskless"],
    ["AMD Ryzen 5 5600G with Radeon Graphics", "1x-ryzen-5-5600g-64g-diskless"],
    ["Intel Xeon Processor (Skylake, IBRS)", "1x-xeon-skylake-ibrs-64g-diskless"],
    ["Neoverse-N1", "1x-neoverse-n1-64g-diskless"],
  ])("%s gives %s", (model, expected) => {
    expect(classOf(model, 1, { memoryBytes: 62.7 * gibibyte })).toBe(expected);
  });

  test.each([
    [1.93, "2g"],
    [3.8, "4g"],
    [7.6, "8g"],
    [15.5, "16g"],
    [31.1, "32g"],
    [62.7, "64g"],
    [125.6, "128g"],
    [188.5, "192g"],
    [251.5, "256g"],
    [376.4, "384g"],
    [754.9, "768g"],
    [1007.5, "1024g"],
  ])("%s GiB that the kernel sees were bought as %s", (seen, bought) => {
    expect(classOf("X1", 1, { memoryBytes: seen * gibibyte })).toBe(`1x-x1-${bought}-diskless`);
  });

  test("DIMMs say the memory exactly", () => {
    expect(
      classOf("X1", 1, {
        memoryBytes: 90 * gibibyte,
        components: times(6, { kind: "dimm", sizeBytes: 16 * gibibyte }),
      }),
    ).toBe("1x-x1-96g-diskless");
  });

  test("disks count by kind; sticks and empty readers are not disks of the machine", () => {
    expect(
      classOf("X1", 1, {
        memoryBytes: gibibyte,
        components: [
          ...times(2, { interface: "nvme" }),
          ...times(1, { interface: "sata", rotational: false }),
          ...times(10, { interface: "sas", rotational: true }),
          ...times(1, { interface: "usb" }),
          ...times(1, { interface: "sata", sizeBytes: 0 }),
          ...times(1, { interface: "virtio" }),
          ...times(2, { kind: "nic" }),
        ],
      }),
    ).toBe("1x-x1-1g-2nvme-1ssd-10hdd-1virtual");
  });

  test("half the facts give no class", () => {
    expect(deriveHardwareClass(hostState({}, { memoryBytes: gibibyte }))).toBeNull();
    expect(classOf("X1", 1, { memoryBytes: null })).toBeNull();
    expect(classOf("", 1, { memoryBytes: gibibyte })).toBeNull();
    expect(classOf("X1", 0, { memoryBytes: gibibyte })).toBeNull();
  });
});
