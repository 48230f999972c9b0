import type {
  DmiBmc,
  DmiBoard,
  DmiInventory,
  DmiMemory,
  DmiModule,
  DmiProcessor,
  DmiSupply,
  DmiTexts,
} from "./dmi-inventory.ts";
import { type DmiRecord, parseDmiRecords } from "./dmi-records.ts";
import {
  firmwareBytes,
  firmwareCount,
  firmwareMegatransfers,
  firmwareMilliwatts,
  firmwarePlace,
  firmwareText,
} from "./dmi-values.ts";
import { chooseSlots } from "./parts-slots.ts";

/**
 * Source: `dmidecode` (SMBIOS reference specification, types 0 1 2 3 4 16 17 38 39 41). Never throws;
 * a text that is something else gives an inventory of nothing.
 */
export function parseDmidecode(text: string): DmiInventory {
  const records = parseDmiRecords(text);
  const of = (type: number): readonly DmiRecord[] =>
    records.filter((record) => record.type === type);
  const boards = readBoards(of(2));
  return {
    firmware: firstOf(of(0), { vendor: "Vendor", version: "Version", date: "Release Date" }),
    system: firstOf(of(1), {
      manufacturer: "Manufacturer",
      product: "Product Name",
      version: "Version",
      serial: "Serial Number",
      uuid: "UUID",
      sku: "SKU Number",
    }),
    board: boards[0] ?? null,
    boards,
    chassis: firstOf(of(3), {
      manufacturer: "Manufacturer",
      type: "Type",
      serial: "Serial Number",
      assetTag: "Asset Tag",
    }),
    processors: readProcessors(of(4)),
    memory: readMemory(of(16)),
    modules: readModules(of(17)),
    supplies: readSupplies(of(39)),
    bmc: readBmc(of(38)[0]),
    onboard: of(41).map(({ values }) => ({
      name: firmwareText(values.get("Reference Designation")),
      type: firmwareText(values.get("Type")),
      enabled: values.get("Status") === "Enabled",
      address: firmwareText(values.get("Bus Address")),
    })),
  };
}

function firstOf<Field extends string>(
  records: readonly DmiRecord[],
  keys: Readonly<Record<Field, string>>,
): DmiTexts<Field> | null {
  const [record] = records;
  return record === undefined ? null : textsOf(record, keys);
}

function textsOf<Field extends string>(
  { values }: DmiRecord,
  keys: Readonly<Record<Field, string>>,
): DmiTexts<Field> {
  const entries = Object.entries<string>(keys).map(([field, key]) => [
    field,
    firmwareText(values.get(key)),
  ]);
  return Object.fromEntries(entries) as DmiTexts<Field>;
}

function readBoards(records: readonly DmiRecord[]): readonly DmiBoard[] {
  const boards = records.map((record) =>
    textsOf(record, {
      manufacturer: "Manufacturer",
      product: "Product Name",
      version: "Version",
      serial: "Serial Number",
      location: "Location In Chassis",
    }),
  );
  const slots = chooseSlots(
    boards.map(({ location }) => [location]),
    "board",
  );
  return boards.map((board, index) => ({
    ...board,
    slot: boards.length === 1 ? (board.location ?? "board") : (slots[index] ?? "board"),
  }));
}

function readProcessors(records: readonly DmiRecord[]): readonly DmiProcessor[] {
  const slots = chooseSlots(
    records.map(({ values }) => [firmwarePlace(values.get("Socket Designation"))]),
    "cpu",
  );
  return records.map((record, index) => {
    const { values } = record;
    const status = values.get("Status") ?? "";
    return {
      slot: slots[index] ?? `cpu${index}`,
      populated: /^Populated\b/.test(status),
      status: firmwareText(status.replace(/^Populated, ?/, "")),
      ...textsOf(record, {
        vendor: "Manufacturer",
        model: "Version",
        serial: "Serial Number",
        partNumber: "Part Number",
      }),
      cores: firmwareCount(values.get("Core Count")),
      coresEnabled: firmwareCount(values.get("Core Enabled")),
      threads: firmwareCount(values.get("Thread Count")),
    };
  });
}

/** All arrays together: boards have one for each processor, or for each channel. */
function readMemory(records: readonly DmiRecord[]): DmiMemory | null {
  const arrays = records.filter(({ values }) => {
    const use = values.get("Use");
    return use === undefined || use === "System Memory";
  });
  const sum = (numbers: readonly (number | null)[]): number | null =>
    numbers.length === 0 || numbers.includes(null)
      ? null
      : numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
  if (arrays.length === 0) return null;
  return {
    slots: sum(arrays.map(({ values }) => firmwareCount(values.get("Number Of Devices")))),
    errorCorrection: firmwareText(arrays[0]?.values.get("Error Correction Type")),
    maximumBytes: sum(arrays.map(({ values }) => firmwareBytes(values.get("Maximum Capacity")))),
  };
}

function readModules(records: readonly DmiRecord[]): readonly DmiModule[] {
  const slots = chooseSlots(
    records.map(({ values }) => [
      firmwarePlace(values.get("Locator")),
      firmwarePlace(values.get("Bank Locator")),
    ]),
    "dimm",
  );
  return records.map((record, index) => {
    const { values } = record;
    const size = values.get("Size") ?? "";
    const texts = textsOf(record, {
      vendor: "Manufacturer",
      type: "Type",
      serial: "Serial Number",
      partNumber: "Part Number",
    });
    const sizeBytes = firmwareBytes(size);
    return {
      slot: slots[index] ?? `dimm${index}`,
      // `Unknown` is a module whose size the firmware does not know; nothing at all is no module.
      installed: sizeBytes !== null || (size === "Unknown" && texts.serial !== null),
      sizeBytes,
      ...texts,
      type: texts.type === "Other" ? null : texts.type,
      ranks: firmwareCount(values.get("Rank")),
      megatransfers: firmwareMegatransfers(values.get("Speed")),
      configuredMegatransfers: firmwareMegatransfers(
        values.get("Configured Memory Speed") ?? values.get("Configured Clock Speed"),
      ),
    };
  });
}

function readSupplies(records: readonly DmiRecord[]): readonly DmiSupply[] {
  const names = records.map(({ values }) => firmwareText(values.get("Name")));
  const slots = chooseSlots(
    records.map(({ values }, index) => {
      const name = names[index] ?? null;
      return [firmwarePlace(values.get("Location")) ?? (isPlace(name) ? name : null)];
    }),
    "psu",
  );
  return records.map((record, index) => {
    const { values } = record;
    const name = names[index] ?? null;
    const status = values.get("Status") ?? "";
    return {
      slot: slots[index] ?? `psu${index}`,
      ...textsOf(record, {
        vendor: "Manufacturer",
        serial: "Serial Number",
        partNumber: "Model Part Number",
        revision: "Revision",
      }),
      model: isPlace(name) ? null : name,
      group: values.get("Power Unit Group") ?? null,
      type: firmwareText(values.get("Type")),
      // "Present, Unknown": it is there, and how it does is not known.
      status: /^Present, /.test(status) ? status.slice("Present, ".length) : null,
      present: /^Present\b/.test(status) ? true : /^Not Present\b/.test(status) ? false : null,
      plugged: yesNo(values.get("Plugged")),
      hotReplaceable: yesNo(values.get("Hot Replaceable")),
      capacityMilliwatts: firmwareMilliwatts(values.get("Max Power Capacity")),
      capacityText: firmwareText(values.get("Max Power Capacity")),
    };
  });
}

function isPlace(name: string | null): boolean {
  return name !== null && /^(?:power supply|psu|ps|pwr)[ _#-]?\d{1,2}$/i.test(name);
}

function yesNo(value: string | undefined): boolean | null {
  return value === "Yes" ? true : value === "No" ? false : null;
}

function readBmc(record: DmiRecord | undefined): DmiBmc | null {
  if (record === undefined) return null;
  const { values } = record;
  return {
    interface:
      /^(KCS|BT|SMIC|SSIF)\b/i.exec(values.get("Interface Type") ?? "")?.[1]?.toLowerCase() ?? null,
    specification: firmwareText(values.get("Specification Version")),
    address: firmwareText(values.get("Base Address"))?.replace(/ \(.*\)$/, "") ?? null,
  };
}
