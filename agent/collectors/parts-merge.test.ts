import { describe, expect, test } from "vitest";
import { type Component, type ComponentKind, unknownComponent } from "#proto/messages/state.ts";
import { fc } from "#test/support/properties.ts";
import { mergeComponents, type PartSource, type SourcedParts, sourceOrder } from "./parts-merge.ts";

const part = (kind: ComponentKind, slot: string, more: Partial<Component> = {}): Component => ({
  ...unknownComponent,
  kind,
  slot,
  ...more,
});
const from = (source: PartSource, ...components: Component[]): SourcedParts => ({
  source,
  components,
});

describe("mergeComponents", () => {
  test("one serial is one part, whatever its place is called", () => {
    const merged = mergeComponents([
      from("dmi", part("psu", "psu0", { serial: "CNA1B2", model: "750W" })),
      from("fru", part("psu", "PS1", { serial: "cna1b2", firmware: "00.1D" })),
      from("lshw", part("psu", "psu1", { serial: "CNA1B2", vendor: "DELL" })),
    ]);
    expect(merged).toEqual([
      part("psu", "PS1", { serial: "cna1b2", firmware: "00.1D", model: "750W", vendor: "DELL" }),
    ]);
  });

  test("one place is one part where no serial is against it", () => {
    const merged = mergeComponents([
      from("dmi", part("psu", "Power Supply 1", { model: "A" }), part("psu", "Power Supply 2")),
      from("fru", part("psu", "PSU1", { serial: "X1Y2" })),
    ]);
    expect(merged.map(({ slot, serial, model }) => [slot, serial, model])).toEqual([
      ["PSU1", "X1Y2", "A"],
      ["Power Supply 2", null, null],
    ]);
  });

  test("a supply that was swapped since the boot: the chip on it is believed, not the firmware's table", () => {
    const merged = mergeComponents([
      from("dmi", part("psu", "Power Supply 1", { serial: "OLD111" })),
      from("fru", part("psu", "PS1", { serial: "NEW222" })),
    ]);
    expect(merged.map(({ serial }) => serial)).toEqual(["NEW222"]);
  });

  test("a numbered place is one of those known where the better source knows as many", () => {
    const merged = mergeComponents([
      from("dmi", part("psu", "psu0"), part("psu", "psu1")),
      from("fru", part("psu", "PS1", { serial: "A1" }), part("psu", "PS2", { serial: "B2" })),
    ]);
    expect(merged.map(({ slot }) => slot)).toEqual(["PS1", "PS2"]);
  });

  test("a disk behind a controller and the kernel's disk are one, called as the kernel calls it", () => {
    const merged = mergeComponents([
      from(
        "smart",
        part("disk", "/dev/sda megaraid,3", { serial: "ZA1", firmware: "F2" }),
        part("disk", "/dev/bus/0 megaraid,3", { serial: "ZA1" }),
      ),
      from("sysfs", part("disk", "sda", { serial: "ZA1", sizeBytes: 4096, firmware: "F1" })),
    ]);
    expect(merged).toEqual([
      part("disk", "sda", { serial: "ZA1", firmware: "F2", sizeBytes: 4096 }),
    ]);
  });

  test("two modules with one serial in one source are two modules", () => {
    const modules = [
      part("dimm", "A1", { serial: "0001A" }),
      part("dimm", "A2", { serial: "0001A" }),
    ];
    expect(mergeComponents([from("dmi", ...modules)])).toEqual(modules);
    expect(mergeComponents([from("dmi", ...modules), from("lshw", ...modules)])).toEqual(modules);
  });

  test("two ports of one card share its serial and stay two", () => {
    const merged = mergeComponents([
      from("links", part("nic", "eno1", { serial: "C1" }), part("nic", "eno2", { serial: "C1" })),
      from("sysfs", part("nic", "eno1", { address: "00:00:5e:00:53:01" })),
    ]);
    expect(merged.map(({ slot, address }) => [slot, address])).toEqual([
      ["eno1", "00:00:5e:00:53:01"],
      ["eno2", null],
    ]);
  });

  test("a board is one board though DMI and FRU call its place and its serial differently", () => {
    const merged = mergeComponents([
      from("dmi", part("board", "board", { serial: ".2RAB123.CNXYZ0001.", firmware: "2.6" })),
      from("fru", part("board", "Builtin FRU Device", { serial: "CNXYZ0001", partNumber: "06NA" })),
    ]);
    expect(merged).toEqual([
      part("board", "board", {
        serial: ".2RAB123.CNXYZ0001.",
        firmware: "2.6",
        partNumber: "06NA",
      }),
    ]);
  });

  test("sources that disagree about a numbered place are both heard, under two names", () => {
    const merged = mergeComponents([
      from("dmi", part("dimm", "dimm0", { serial: "A1" })),
      from(
        "lshw",
        part("dimm", "dimm0", { serial: "B2" }),
        part("dimm", "dimm1", { serial: "C3" }),
      ),
    ]);
    expect(merged.map(({ slot }) => slot)).toEqual(["dimm0", "dimm0 (lshw)", "dimm1"]);
  });

  test("two tools of one kind speak of different controllers, though both begin to count at 0", () => {
    const merged = mergeComponents([
      from("raid", part("controller", "controller0", { serial: "SK01" })),
      from("raid", part("controller", "controller0", { serial: "SP02" })),
    ]);
    expect(merged.map(({ serial }) => serial)).toEqual(["SK01", "SP02"]);
  });

  test("what the library made of dmidecode is not heard beside dmidecode", () => {
    const merged = mergeComponents([
      from("library", part("dimm", "Not Specified/A1", { model: "M1" })),
      from("dmi", part("dimm", "A1", { model: "M1" })),
    ]);
    expect(merged.map(({ slot }) => slot)).toEqual(["A1"]);
  });

  const kind = fc.constantFrom<ComponentKind[]>(
    "disk",
    "nic",
    "dimm",
    "psu",
    "board",
    "cpu",
    "bmc",
  );
  const text = fc.constantFrom(null, "A1", "B2", "C3D4E5", ".T.C3D4E5.");
  const component = fc
    .tuple(kind, fc.constantFrom("s1", "s2", "PSU1", "PS1", "psu0", "dimm0"), text, text)
    .map(([is, slot, serial, model]) => part(is, slot, { serial, model }));
  const sources: readonly PartSource[] = [...sourceOrder.disk, "dmi", "fru", "links"];
  const lists = fc.uniqueArray(
    fc.record({
      source: fc.constantFrom(...sources),
      components: fc.array(component, { maxLength: 5 }),
    }),
    { selector: ({ source }) => source, maxLength: 5 },
  );

  test("the order of the lists changes nothing", () => {
    fc.assert(
      fc.property(lists, (given) => {
        expect(mergeComponents([...given].reverse())).toEqual(mergeComponents(given));
      }),
    );
  });

  test("there are never more parts than were given, and no two of a kind in one place", () => {
    fc.assert(
      fc.property(lists, (given) => {
        const merged = mergeComponents(given);
        expect(merged.length).toBeLessThanOrEqual(
          given.flatMap(({ components }) => components).length,
        );
        expect(new Set(merged.map((one) => `${one.kind} ${one.slot}`)).size).toBe(merged.length);
      }),
    );
  });

  test("a source alone is heard in full: no part of it is lost but further paths to one disk", () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 6 }), (components) => {
        const others = components.filter((one) => one.kind !== "disk");
        expect(mergeComponents([from("dmi", ...others)])).toHaveLength(others.length);
      }),
    );
  });
});
