import { type HardwareSource, rootMend } from "#agent/hardware/hardware-source.ts";
import type { Absence, Identity } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import { type SlowFacts, slowText } from "./slow-facts.ts";
import { trimSysfs } from "./text.ts";
import type { Virtualization } from "./virtualization.ts";

type FirmwareField = keyof Pick<
  Identity,
  | "manufacturer"
  | "product"
  | "serial"
  | "systemUuid"
  | "assetTag"
  | "boardManufacturer"
  | "boardProduct"
  | "boardSerial"
  | "firmwareVendor"
  | "firmwareVersion"
  | "firmwareDate"
>;

export interface FirmwareFacts {
  readonly fields: Readonly<Record<FirmwareField, string | null>>;
  readonly absences: readonly Absence[];
}

/**
 * What the firmware says of the machine. Source: /sys/class/dmi/id, else what systeminformation
 * found (dmidecode, device tree). Text stays as it is, trimmed; a placeholder is kept and told, for
 * hosts must not be taken for each other by it.
 */
export function readFirmwareFacts(
  source: HardwareSource,
  slow: SlowFacts,
  virtualization: Virtualization,
): FirmwareFacts {
  const absences: Absence[] = [];
  const fields = Object.fromEntries(
    firmwareFields.map((field) => {
      const { file, ask } = fieldSources[field];
      const path = `/sys/class/dmi/id/${file}`;
      const read = source.readText(path);
      const text = (read.ok ? trimSysfs(read.value) : "") || slowText(slow, ask[0], ask[1]);
      if (text === "")
        absences.push(missing(field, path, read.ok ? null : read.problem.kind, virtualization));
      else if (isPlaceholder(text)) absences.push(placeholder(field, text));
      return [field, text === "" ? null : text];
    }),
  );
  return { fields: fields as Record<FirmwareField, string | null>, absences };
}

function missing(
  field: FirmwareField,
  path: string,
  kind: "missing" | "denied" | "failed" | "too-large" | null,
  virtualization: Virtualization,
): Absence {
  if (kind === "denied")
    return absent({
      what: field,
      reason: "permission-denied",
      detail: `${path}: ${rootMend}`,
    });
  if (virtualization.kind === "virtual")
    return absent({
      what: field,
      reason: "hidden-by-hypervisor",
      detail: `${path}: not passed to this virtual machine`,
    });
  if (kind === null)
    return absent({
      what: field,
      reason: "not-supported",
      detail: `${path}: the firmware leaves it empty`,
    });
  return absent({
    what: field,
    reason: "no-kernel-interface",
    detail: `${path}: no DMI tables on this machine`,
  });
}

function placeholder(field: FirmwareField, text: string): Absence {
  return absent({
    what: field,
    reason: "implausible",
    detail: `"${text.slice(0, 60)}" is a placeholder of the maker's; it does not tell hosts apart`,
  });
}

const fieldSources = {
  manufacturer: { file: "sys_vendor", ask: ["system", "manufacturer"] },
  product: { file: "product_name", ask: ["system", "model"] },
  serial: { file: "product_serial", ask: ["system", "serial"] },
  systemUuid: { file: "product_uuid", ask: ["system", "uuid"] },
  assetTag: { file: "chassis_asset_tag", ask: ["chassis", "assetTag"] },
  boardManufacturer: { file: "board_vendor", ask: ["baseboard", "manufacturer"] },
  boardProduct: { file: "board_name", ask: ["baseboard", "model"] },
  boardSerial: { file: "board_serial", ask: ["baseboard", "serial"] },
  firmwareVendor: { file: "bios_vendor", ask: ["bios", "vendor"] },
  firmwareVersion: { file: "bios_version", ask: ["bios", "version"] },
  firmwareDate: { file: "bios_date", ask: ["bios", "releaseDate"] },
} as const satisfies Record<
  FirmwareField,
  { file: string; ask: readonly [keyof SlowFacts, string] }
>;

const firmwareFields = Object.keys(fieldSources) as FirmwareField[];
