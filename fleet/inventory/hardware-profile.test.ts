import { expect, test } from "vitest";
import { type Component, type HostState, unknownComponent } from "#proto/messages/state.ts";
import { hostState } from "#test/support/inventory-builders.ts";
import { compareHardware, completeProfile, profileOf } from "./hardware-profile.ts";

const many = (count: number, facts: Partial<Component>): Component[] =>
  Array.from({ length: count }, (_, index) => ({
    ...unknownComponent,
    slot: `${index}`,
    ...facts,
  }));

const dimms = { kind: "dimm", sizeBytes: 32 * 1024 ** 3 } as const;
const nvme = { kind: "disk", interface: "nvme", sizeBytes: 3.84e12, rotational: false } as const;

function server(components: readonly Component[], absent: readonly string[] = []): HostState {
  return hostState(
    {
      absences: absent.map((what) => ({
        what,
        attributes: [],
        reason: "tool-missing",
        detail: "",
      })),
    },
    {
      processor: { model: "AMD EPYC 7543P 32-Core Processor", sockets: 1, cores: 32, threads: 64 },
      numaNodes: 4,
      components,
    },
  );
}

const whole = server([
  ...many(16, dimms),
  ...many(12, nvme),
  ...many(2, { kind: "psu" }),
  ...many(2, { kind: "nic" }),
]);

test("a host like its class has no difference", () => {
  expect(compareHardware(profileOf(whole), profileOf(whole))).toEqual([]);
});

test("every part too few or too many is named, with how many there should be", () => {
  const found = server([
    ...many(15, dimms),
    ...many(1, { ...dimms, sizeBytes: 16 * 1024 ** 3 }),
    ...many(11, nvme),
    ...many(1, { kind: "psu" }),
    ...many(2, { kind: "nic" }),
    ...many(1, { kind: "gpu", model: "H100" }),
    ...many(3, { kind: "disk", interface: "usb", sizeBytes: 1e9 }),
  ]);
  expect(compareHardware(profileOf(whole), profileOf(found))).toEqual([
    { what: "DIMM 16 GiB", expected: "0", found: "1" },
    { what: "DIMM 32 GiB", expected: "16", found: "15" },
    { what: "disk nvme 3.84 TB", expected: "12", found: "11" },
    { what: "power supplies", expected: "2", found: "1" },
    { what: "GPU H100", expected: "0", found: "1" },
  ]);
});

test("what the host cannot say is not compared, and completes the class when another can", () => {
  const blind = profileOf(server(many(12, nvme), ["components.dimm", "components.psu"]));
  expect(compareHardware(profileOf(whole), blind)).toEqual([
    { what: "network ports", expected: "2", found: "0" },
  ]);
  expect(completeProfile(blind, profileOf(whole))).toMatchObject({ supplies: 2, ports: 0 });
  expect(completeProfile(profileOf(whole), blind)).toBeNull();
});
